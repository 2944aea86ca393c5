"""The resolved events held anew, as what phase 2 asks two hundred times: by log type, with the columns that it fills.

Through the view that resolves them, a question joins machines and clocks again for each event, and is planned in six milliseconds for
columns that it does not name. Held, it opens the files of the log types that it is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.database import literal_path
from graphcorr.logs.catalog import log_types
from graphcorr.logs.witnesses import types_of
from graphcorr.model.kinds import Kind
from graphcorr.resolve.events import logs_here

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.engine.database import Database

_IN_MEMORY: Final = 50_000
"""Of so many events a table is made in less time than files, and takes some tens of megabytes."""
_RESOLVED: Final = frozenset({"user", "user_domain", "target_user", "target_user_domain", "path"})
"""Columns that resolving may fill where the log type reads none."""
_ROW_GROUP: Final = 20_480
"""Events that are in memory before they are written: each has some forty columns."""


def hold_events(database: Database, folder: Path) -> None:
    """Make the view ``events`` one of what is held: a table of the few that there are, or else a file for each log type in ``folder``.

    The text of a record is NULL in it but where a log tells of streams, which nothing else says.
    """
    columns = {name: type_ for name, type_, *_ in database.execute("DESCRIBE events").fetchall()}
    told = {one.name for one in types_of(Kind.STREAM)}
    [(count,)] = database.execute("SELECT count(*) FROM stored").fetchall()
    if count <= _IN_MEMORY:
        texts = ", ".join(f"'{name}'" for name in sorted(told))
        database.execute(f"CREATE TABLE held AS SELECT * REPLACE (CASE WHEN log IN ({texts}) THEN raw END AS raw) FROM events")
        database.execute("CREATE OR REPLACE VIEW events AS SELECT * FROM held")
        return
    folder.mkdir(parents=True, exist_ok=True)
    everywhere = columns.keys() - {name for one in log_types().values() for name in one.columns} | _RESOLVED
    for log in sorted(logs_here(database)):
        log_type = log_types().get(log)
        filled = columns.keys() if log_type is None else everywhere | log_type.columns.keys()
        selected = ", ".join(f'"{name}"' for name in columns if name in filled and name != "log" and (name != "raw" or log in told))
        target = str(folder / f"{log}.parquet").replace("'", "''")
        database.execute(
            f"COPY (SELECT {selected} FROM events WHERE log = '{log}') TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP})"
        )
    files = [literal_path(path) for path in sorted(folder.iterdir())]
    relation = database.from_parquet(files, union_by_name=True, filename=True, hive_partitioning=False)
    relation.create_view("held")
    written = set(relation.columns)
    # A file that is named after its log is not opened where the question is about another.
    made = {name: f'"{name}"' if name in written else f'NULL::{type_} AS "{name}"' for name, type_ in columns.items()}
    made["log"] = "parse_filename(filename, true) AS log"
    database.execute(f"CREATE OR REPLACE VIEW events AS SELECT {', '.join(made.values())} FROM held")
