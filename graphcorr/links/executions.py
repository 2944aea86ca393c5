"""What may have run a written file: process starts, module loads and services, narrowed by base name first.

Under 2 % of executions touch a file that came over the network, so a semi-join on (host, base name) leaves few rows
for the exact comparison in Python; it works on lists of names that were cut once, when the event was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graphcorr.engine.database import Database

STARTS: Final = "log IN ('sysmon-1', 'security-4688') AND host IS NOT NULL"
_LOADS: Final = "log = 'sysmon-7' AND host IS NOT NULL AND path IS NOT NULL"
_SERVICES: Final = "log IN ('system-7045', 'security-4697') AND host IS NOT NULL AND path IS NOT NULL"
_LAST_PART: Final = "split_part(lower(split_part({}, '\\', -1)), ':', 1)"
_PROGRAM: Final = _LAST_PART.format("image")
# Two records of one process are at most three seconds apart, and what else could pair with either of them six: equal
# buckets turn that into a join on equality, because one on times alone compares every run of a program with every other.
_BUCKET: Final = "epoch_us(time) // 6_000_000"
_BUCKETS: Final = f"[{_BUCKET} - 1, {_BUCKET}, {_BUCKET} + 1]"


def load_executions(database: Database, *, relevant: bool) -> None:
    """Create ``starts``, ``loads``, ``services`` and ``same_process``; with ``relevant`` only what a written name touches."""
    columns = "id, log, host, time, earliest, latest, file, member, record, image, user, user_domain"
    starts = f"{columns}, command_line, current_directory, pid, parent_image, parent_command_line, original_file_name"
    loads = f"{columns}, path, pid, signed"
    services = f"{columns}, path, service"
    if relevant:
        database.execute(
            f"""
            CREATE TABLE touching AS SELECT DISTINCT id FROM (
                SELECT id, host, unnest(names) AS name FROM events WHERE {STARTS}) SEMI JOIN file_names USING (host, name)
            UNION SELECT event FROM copies WHERE kind = 'RAN'
            UNION SELECT id FROM events SEMI JOIN kept USING (id) WHERE {STARTS}
            """
        )
        # What may be the same process comes along, so that pairs are the same as in a projection of everything.
        database.execute(
            f"""
            CREATE TABLE start_records AS
            WITH near AS (
                SELECT DISTINCT host, {_PROGRAM} AS program, unnest({_BUCKETS}) AS bucket
                FROM (SELECT * FROM events WHERE {STARTS}) SEMI JOIN touching USING (id)),
            possible AS (SELECT {starts}, {_PROGRAM} AS program, {_BUCKET} AS bucket FROM events WHERE {STARTS})
            SELECT {starts} FROM possible SEMI JOIN near USING (host, program, bucket)
            UNION SELECT {starts} FROM possible WHERE program IS NULL AND id IN (SELECT id FROM touching)
            """
        )
        database.execute(
            f"CREATE TABLE loads AS SELECT {loads} FROM events e WHERE {_LOADS} AND "
            f"(EXISTS (SELECT 1 FROM file_names n WHERE n.host = e.host AND n.name = {_LAST_PART.format('e.path')}) "
            "OR id IN (SELECT event FROM copies UNION SELECT id FROM kept))"
        )
    else:
        database.execute(f"CREATE TABLE start_records AS SELECT {starts} FROM events WHERE {STARTS}")
        database.execute("CREATE VIEW touching AS SELECT id FROM start_records")
        database.execute(f"CREATE TABLE loads AS SELECT {loads} FROM events WHERE {_LOADS}")
    # Services are few, and their command lines name files in too many ways for a join on names.
    database.execute(f"CREATE TABLE services AS SELECT {services} FROM events WHERE {_SERVICES}")
    _join_records(database)


def _join_records(database: Database) -> None:
    """4688 and Sysmon 1 of one process are one start: Sysmon's, which has the exact time and the working directory.

    Told by host, program and overlapping times, and by process id or, where a format leaves the id out, by command
    line.
    """
    database.execute(
        f"""
        CREATE TABLE same_process AS
        WITH audited AS (
            SELECT *, {_PROGRAM} AS program, unnest({_BUCKETS}) AS bucket FROM start_records WHERE log = 'security-4688'),
        watched AS (SELECT *, {_PROGRAM} AS program, {_BUCKET} AS bucket FROM start_records WHERE log = 'sysmon-1')
        SELECT a.id AS other, s.id AS main
        FROM audited a JOIN watched s ON a.host = s.host AND a.program = s.program AND a.bucket = s.bucket
            AND s.time >= a.earliest - INTERVAL 2 SECOND AND s.time <= a.latest + INTERVAL 2 SECOND
        WHERE a.pid = s.pid OR ((a.pid IS NULL OR s.pid IS NULL)
            AND (a.command_line IS NULL OR lower(a.command_line) = lower(s.command_line)))
        QUALIFY row_number() OVER (PARTITION BY a.id ORDER BY abs(epoch_us(s.time) - epoch_us(a.time)), s.id) = 1
            AND row_number() OVER (PARTITION BY s.id ORDER BY abs(epoch_us(s.time) - epoch_us(a.time)), a.id) = 1
        """
    )
    database.execute(
        """
        CREATE TABLE starts AS
        SELECT r.* FROM start_records r ANTI JOIN same_process p ON p.other = r.id
        WHERE r.id IN (SELECT id FROM touching UNION SELECT main FROM same_process WHERE other IN (SELECT id FROM touching))
        """
    )
    database.execute("DELETE FROM same_process WHERE main NOT IN (SELECT id FROM starts)")
