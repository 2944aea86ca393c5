"""The resolved events held anew, as what phase 2 asks two hundred times: by log type, with the columns that it fills.

Through the view that resolves them, a question joins machines and clocks again for each event, and is planned in six milliseconds for
columns that it does not name. Held, it opens the files of the log types that it is about. Of those that tell little all events are in
one table: a file of each would take longer than it saves. Of a case with few events all are in one, and no view stands before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.database import literal_path
from graphcorr.logs.catalog import as_list, log_types
from graphcorr.logs.witnesses import types_of
from graphcorr.model.kinds import Kind
from graphcorr.resolve.events import FEW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from graphcorr.engine.database import Database

_IN_MEMORY: Final = 50_000
"""So many events are some tens of megabytes."""
_RESOLVED: Final = frozenset({"user", "user_domain", "target_user", "target_user_domain", "path"})
"""Columns that resolving may fill where the log type reads none."""
_ROW_GROUP: Final = 20_480
"""Events that are in memory before they are written: each has some forty columns."""


def hold_events(database: Database, folder: Path) -> None:
    """Make the view ``events`` one of what is held: a file in ``folder`` for each log type that tells much, and a table of the others.

    The text of a record is NULL in it but where a log tells of streams, which nothing else says.
    """
    columns = {name: type_ for name, type_, *_ in database.execute("DESCRIBE events").fetchall()}
    counted = database.execute("SELECT log, count(*) FROM stored GROUP BY log ORDER BY count(*) DESC, log").fetchall()
    left = sum(count for _, count in counted)
    if left <= FEW:
        _in_one(database)
        return
    logs = [log for log, _ in counted]
    large: list[str] = []
    for log, count in counted:
        if left <= _IN_MEMORY:
            break
        large.append(log)
        left -= count
    branches = []
    if small := logs[len(large) :]:
        branches.append(_in_table(database, columns, small))
    if large:
        branches.append(_in_files(database, columns, large, folder))
    if branches:
        database.execute(f"CREATE OR REPLACE VIEW events AS {' UNION ALL '.join(branches)}")


def _in_one(database: Database) -> None:
    """Hold all events in one table of all columns."""
    database.execute(f"CREATE TABLE held AS SELECT * REPLACE ({_text()} AS raw) FROM events")
    database.execute("DROP VIEW events")
    database.execute("ALTER TABLE held RENAME TO events")


def _in_table(database: Database, columns: Mapping[str, str], logs: Sequence[str]) -> str:
    """Hold the events of ``logs`` in a table; returns the SELECT of them."""
    filled = _filled(columns, logs)
    made = [f"{_text()} AS raw" if name == "raw" else f'"{name}"' for name in filled]
    database.execute(f"CREATE TABLE held AS SELECT {', '.join(made)} FROM events WHERE log IN {as_list(logs)}")
    return f"SELECT {_all(columns, filled)} FROM held"


def _text() -> str:
    return f"CASE WHEN log IN {as_list(log_type.name for log_type in types_of(Kind.STREAM))} THEN raw END"


def _in_files(database: Database, columns: Mapping[str, str], logs: Sequence[str], folder: Path) -> str:
    """Hold the events of each of ``logs`` in a file that is named after it; returns the SELECT of them."""
    folder.mkdir(parents=True, exist_ok=True)
    written: set[str] = set()
    for log in logs:
        filled = [name for name in _filled(columns, [log]) if name != "log"]
        written.update(filled)
        selected = ", ".join(f'"{name}"' for name in filled)
        target = str(folder / f"{log}.parquet").replace("'", "''")
        database.execute(
            f"COPY (SELECT {selected} FROM events WHERE log = '{log}') TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP})"
        )
    files = [literal_path(folder / f"{log}.parquet") for log in logs]
    database.from_parquet(files, union_by_name=True, filename=True, hive_partitioning=False).create_view("held_files")
    # A file that is named after its log is not opened where the question is about another.
    return f"SELECT {_all(columns, written, log='parse_filename(filename, true)')} FROM held_files"


def _filled(columns: Iterable[str], logs: Sequence[str]) -> list[str]:
    """The columns that events of ``logs`` may have a value in: of a log that is not known any more, all."""
    known = log_types()
    others: set[str] = set()
    if known.keys() >= set(logs):
        read = {name for log in logs for name in known[log].columns}
        others = {name for one in known.values() for name in one.columns} - read - _RESOLVED
    if not any(log_type.name in logs for log_type in types_of(Kind.STREAM)):
        others.add("raw")
    return [name for name in columns if name not in others]


def _all(columns: Mapping[str, str], filled: Collection[str], **others: str) -> str:
    """Every column of an event; what is not ``filled`` is NULL."""
    made = {name: f'"{name}"' if name in filled else f"NULL::{type_}" for name, type_ in columns.items()} | others
    return ", ".join(f'{sql} AS "{name}"' for name, sql in made.items())
