"""What may have run a written file: process starts, module loads and services, narrowed by base name first.

Under 2 % of executions touch a file that came over the network, so a semi-join on (host, base name) leaves few rows
for the exact comparison in Python; it works on lists of names that were cut once, when the event was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import FLAG, INTEGER, SMALL, TEXT, TEXTS, TIME, Table
from graphcorr.facts.base import COMMON
from graphcorr.links.names import base_name_of
from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_PROGRAM: Final = base_name_of("image")
# Two records of one process are at most three seconds apart, and what else could pair with either of them six: equal
# buckets turn that into a join on equality, because one on times alone compares every run of a program with every other.
_BUCKET: Final = "epoch_us(time) // 6_000_000"
_BUCKETS: Final = f"[{_BUCKET} - 1, {_BUCKET}, {_BUCKET} + 1]"

_EVENT: Final[Mapping[str, str]] = {
    name: COMMON[name] for name in ("id", "log", "host", "vantage", "strength", "time", "earliest", "latest", "file", "member", "record")
}
_STARTS: Final[Mapping[str, str]] = {
    **_EVENT,
    **dict.fromkeys(("image", "user", "user_domain", "command_line", "current_directory", "parent_image", "parent_command_line"), TEXT),
    **dict.fromkeys(("original_file_name", "process_guid", "parent_process_guid", "account", "account_domain", "session"), TEXT),
    "pid": INTEGER,
    "parent_pid": INTEGER,
    "terminal_session": SMALL,
    "prefer": SMALL,
    "names": TEXTS,
}
_LOADS: Final[Mapping[str, str]] = {
    **_EVENT,
    **dict.fromkeys(("image", "account", "account_domain", "path", "process_guid"), TEXT),
    "pid": INTEGER,
    "signed": FLAG,
}
_SERVICES: Final[Mapping[str, str]] = {**_EVENT, **dict.fromkeys(("account", "account_domain", "path", "service"), TEXT)}


def _columns(declared: Mapping[str, str]) -> str:
    return ", ".join(declared)


_TOUCHED_BY: Final = (
    *(
        "ProcessStart",
        "file_names",
        "copies",
        "provided",
        "commanded",
        "desktop_runs",
        "share_runs",
        "shown_commands",
        "fetched_runs",
        "kept",
    ),
)
# Without any start of the second kind, which is most often so, the engine does not look for it.
_TOUCHING: Final = """
    SELECT DISTINCT id, host, image, time
    FROM (SELECT id, host, image, time, unnest(names) AS name FROM ProcessStart WHERE host IS NOT NULL)
        SEMI JOIN file_names USING (host, name)
    UNION SELECT id, host, image, time FROM ProcessStart
        SEMI JOIN (SELECT event AS id FROM copies WHERE kind = 'RAN' UNION ALL SELECT event FROM share_runs UNION ALL SELECT id FROM kept)
            USING (id) WHERE host IS NOT NULL
    UNION SELECT id, host, image, time FROM provided
    UNION SELECT id, host, image, time FROM commanded
    UNION SELECT id, host, image, time FROM desktop_runs
    UNION SELECT id, host, image, time FROM shown_commands
    UNION SELECT id, host, image, time FROM ProcessStart SEMI JOIN fetched_runs ON fetched_runs.run = ProcessStart.id
"""

# What may be the same process comes along, so that pairs are the same as in a projection of everything.
_NEAR_STARTS: Final = f"""
    WITH near AS (
        SELECT DISTINCT host, {_PROGRAM} AS program, unnest({_BUCKETS}) AS bucket FROM touching),
    possible AS (
        SELECT {_columns(_STARTS)}, {_PROGRAM} AS program, {_BUCKET} AS bucket FROM ProcessStart WHERE host IN (SELECT host FROM near))
    SELECT {_columns(_STARTS)} FROM possible SEMI JOIN near USING (host, program, bucket)
    UNION SELECT {_columns(_STARTS)} FROM possible WHERE program IS NULL AND id IN (SELECT id FROM touching)
"""


def _spelled(command_line: str) -> str:
    """SQL: a command line without what a log makes of it: what renders an audit record doubles the sign of a variable, or cuts blanks."""
    return f"lower(trim(replace({command_line}, '%%', '%')))"


# Two logs tell of one process: the record with the exact time and the working directory stands for both. Told by host, program
# and overlapping times, and by process id or, where a format leaves the id out, by command line.
_PAIRS: Final = f"""
    WITH audited AS (SELECT *, {_PROGRAM} AS program, unnest({_BUCKETS}) AS bucket FROM start_records WHERE prefer > 0),
    watched AS (SELECT *, {_PROGRAM} AS program, {_BUCKET} AS bucket FROM start_records WHERE prefer = 0)
    SELECT a.id AS other, s.id AS main
    FROM audited a JOIN watched s ON a.host = s.host AND a.program = s.program AND a.bucket = s.bucket
        AND s.time >= a.earliest - INTERVAL 2 SECOND AND s.time <= a.latest + INTERVAL 2 SECOND
    WHERE a.pid = s.pid OR ((a.pid IS NULL OR s.pid IS NULL)
        AND (a.command_line IS NULL OR {_spelled("a.command_line")} = {_spelled("s.command_line")}))
    QUALIFY row_number() OVER (PARTITION BY a.id ORDER BY abs(epoch_us(s.time) - epoch_us(a.time)), s.id) = 1
        AND row_number() OVER (PARTITION BY s.id ORDER BY abs(epoch_us(s.time) - epoch_us(a.time)), a.id) = 1
"""

_STARTED: Final = """
    SELECT r.* FROM start_records r ANTI JOIN record_pairs p ON p.other = r.id
    WHERE r.id IN (SELECT id FROM touching UNION SELECT main FROM record_pairs WHERE other IN (SELECT id FROM touching))
"""

_LOADED: Final = f"""
    SELECT {_columns(_LOADS)} FROM ModuleLoad m WHERE host IS NOT NULL AND path IS NOT NULL
        AND (EXISTS (SELECT 1 FROM file_names n WHERE n.host = m.host AND n.name = {base_name_of("m.path")})
            OR id IN (SELECT event FROM copies UNION SELECT id FROM served_loads UNION SELECT id FROM kept))
"""


def declare(whole: Collection[Kind]) -> Iterator[Table]:
    """``starts``, ``loads``, ``services`` and ``same_process``; of a kind in ``whole`` every one, else what a written name touches."""
    every_start, every_load = Kind.PROCESS_START in whole, Kind.MODULE_LOAD in whole
    yield Table(
        "touching",
        "starts that name a written file or have its content, were made for somebody, or show what somebody is after",
        {"id": TEXT, "host": TEXT, "image": TEXT, "time": TIME},
        ("ProcessStart",) if every_start else _TOUCHED_BY,
        "SELECT id, host, image, time FROM ProcessStart WHERE host IS NOT NULL" if every_start else _TOUCHING,
    )
    yield Table(
        "start_records",
        "their records, and those of what may be the same process",
        _STARTS,
        ("ProcessStart",) if every_start else ("ProcessStart", "touching"),
        f"SELECT {_columns(_STARTS)} FROM ProcessStart WHERE host IS NOT NULL" if every_start else _NEAR_STARTS,
        empty_without=() if every_start else ("touching",),
    )
    yield Table(
        "loads",
        "loads of modules that may be a written file",
        _LOADS,
        ("ModuleLoad",) if every_load else ("ModuleLoad", "file_names", "copies", "served_loads", "kept"),
        f"SELECT {_columns(_LOADS)} FROM ModuleLoad WHERE host IS NOT NULL AND path IS NOT NULL" if every_load else _LOADED,
    )
    yield from _OF_BOTH


_OF_BOTH: Final = (
    Table(
        "record_pairs",
        "records of one process in two logs",
        {"other": TEXT, "main": TEXT},
        ("start_records",),
        _PAIRS,
        empty_without=("start_records",),
    ),
    Table(
        "starts",
        "process starts, each once",
        _STARTS,
        ("start_records", "record_pairs", "touching"),
        _STARTED,
        empty_without=("start_records",),
    ),
    Table(
        "same_process",
        "the further record of a start",
        {"other": TEXT, "main": TEXT},
        ("record_pairs", "starts"),
        "SELECT other, main FROM record_pairs WHERE main IN (SELECT id FROM starts)",
        empty_without=("record_pairs",),
    ),
    # Services are few, and their command lines name files in too many ways for a join on names.
    Table(
        "services",
        "registered services",
        _SERVICES,
        ("ServiceInstall",),
        f"SELECT {_columns(_SERVICES)} FROM ServiceInstall WHERE host IS NOT NULL AND path IS NOT NULL",
    ),
)
