"""What may have run a written file: process starts, module loads and services, narrowed by base name first.

Under 2 % of executions touch a file that came over the network, so a semi-join on (host, base name) leaves few rows
for the exact comparison in Python; it works on lists of names that were cut once, when the event was read.
"""

from __future__ import annotations

from typing import Final

from graphcorr.resolve.database import Database

_STARTS: Final = "log IN ('sysmon-1', 'security-4688') AND host IS NOT NULL"
_LOADS: Final = "log = 'sysmon-7' AND host IS NOT NULL AND path IS NOT NULL"
_SERVICES: Final = "log IN ('system-7045', 'security-4697') AND host IS NOT NULL AND path IS NOT NULL"
_LAST_PART: Final = "split_part(lower(split_part({}, '\\', -1)), ':', 1)"


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
                SELECT id, host, unnest(names) AS name FROM events WHERE {_STARTS}) SEMI JOIN file_names USING (host, name)
            """
        )
        database.execute(f"CREATE TABLE start_records AS SELECT {starts} FROM events SEMI JOIN touching USING (id) WHERE {_STARTS}")
        database.execute("DROP TABLE touching")
        database.execute(
            f"CREATE TABLE loads AS SELECT {loads} FROM events e WHERE {_LOADS} AND "
            f"EXISTS (SELECT 1 FROM file_names n WHERE n.host = e.host AND n.name = {_LAST_PART.format('e.path')})"
        )
    else:
        database.execute(f"CREATE TABLE start_records AS SELECT {starts} FROM events WHERE {_STARTS}")
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
        SELECT a.id AS other, s.id AS main
        FROM start_records a JOIN start_records s
            ON a.host = s.host AND {_LAST_PART.format("a.image")} = {_LAST_PART.format("s.image")}
            AND s.time >= a.earliest - INTERVAL 2 SECOND AND s.time <= a.latest + INTERVAL 2 SECOND
        WHERE a.log = 'security-4688' AND s.log = 'sysmon-1'
            AND (a.pid = s.pid OR ((a.pid IS NULL OR s.pid IS NULL)
                AND (a.command_line IS NULL OR lower(a.command_line) = lower(s.command_line))))
        QUALIFY row_number() OVER (PARTITION BY a.id ORDER BY abs(epoch_us(s.time) - epoch_us(a.time)), s.id) = 1
            AND row_number() OVER (PARTITION BY s.id ORDER BY abs(epoch_us(s.time) - epoch_us(a.time)), a.id) = 1
        """
    )
    database.execute("CREATE TABLE starts AS SELECT r.* FROM start_records r ANTI JOIN same_process p ON p.other = r.id")
    database.execute("DROP TABLE start_records")
