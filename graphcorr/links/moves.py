"""Written files that commands on the host give another name or place before they are run: ``ren``, ``move``, ``copy`` …

No log says that a file was renamed; the command that does it may be logged. What names a written file is read, then what
names the file by the name that it got, and so on; :mod:`graphcorr.links.chains` puts the steps together.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphcorr.engine.database import Database, create_table, map_rows, schema_of
from graphcorr.links.chains import STEPS, create_moves, follow
from graphcorr.links.executions import STARTS
from graphcorr.syntax.commands import cut
from graphcorr.syntax.paths import base_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

_SCHEMA: Final = schema_of(
    event=pa.string(),
    position=pa.int32(),  # in the command line
    host=pa.string(),
    source=pa.string(),  # path key
    destination=pa.string(),
    name=pa.string(),  # base name of the destination
    copies=pa.bool_(),
    prompt=pa.bool_(),
    said=pa.string(),  # the command as a whole, folded
    time=pa.timestamp("us"),
    earliest=pa.timestamp("us"),
    latest=pa.timestamp("us"),
)

_VERBS: Final = r"(^|[^a-z])(ren|rename|move|copy|xcopy|mv|cp|mi|cpi|rni|(move|copy|rename)-item)([^a-z]|$)"


def load_moves(database: Database, identity: Identity) -> None:
    """Create ``moves`` (see :func:`graphcorr.links.chains.follow`), end versions that were moved away, add to ``file_names``."""
    create_table(database, "told_moves", _SCHEMA)
    create_moves(database)
    database.execute("CREATE TABLE moved_names (host VARCHAR, key VARCHAR, name VARCHAR, step INTEGER)")
    sought = "file_names"
    # Once more than steps are followed: the last name may have been given up, too.
    for step in range(STEPS + 1):
        _read_commands(database, identity, sought)
        if not _reach(database, step):
            break
        sought = f"(SELECT host, name FROM moved_names WHERE step = {step})"
    if database.execute("SELECT 1 FROM told_moves LIMIT 1").fetchall():
        follow(database)
    database.execute("INSERT INTO file_names SELECT host, key, name, TRUE FROM moved_names")
    database.execute("DROP TABLE told_moves")
    database.execute("DROP TABLE moved_names")


def _read_commands(database: Database, identity: Identity, sought: str) -> None:
    """Add to ``told_moves`` what the commands do that name a file by one of the names in ``sought``."""
    query = f"""
        WITH named AS (
            SELECT DISTINCT id FROM (
                SELECT id, host, unnest(names) AS name FROM events
                WHERE {STARTS} AND command_line IS NOT NULL AND regexp_matches(lower(command_line), '{_VERBS}')
            ) SEMI JOIN {sought} AS sought USING (host, name))
        SELECT id, host, image, command_line, current_directory, epoch_us(time) AS time, epoch_us(earliest) AS earliest,
            epoch_us(latest) AS latest
        FROM events SEMI JOIN named USING (id) ANTI JOIN told_moves ON told_moves.event = events.id
    """
    map_rows(database, query, "more_moves", _SCHEMA, partial(_moves, identity=identity))
    database.execute("INSERT INTO told_moves SELECT * FROM more_moves")
    database.execute("DROP TABLE more_moves")


def _reach(database: Database, step: int) -> bool:
    """Add to ``moved_names`` the names that files got which are known so far; whether there are any."""
    if not database.execute("SELECT 1 FROM told_moves LIMIT 1").fetchall():
        return False
    [(count,)] = database.execute(
        f"""
        INSERT INTO moved_names
        SELECT DISTINCT t.host, t.destination, t.name, {step} FROM told_moves t
        SEMI JOIN (SELECT host, key FROM versions UNION ALL SELECT host, key FROM moved_names) k ON k.host = t.host AND k.key = t.source
        ANTI JOIN moved_names m ON m.host = t.host AND m.key = t.destination
        """
    ).fetchall()
    return bool(count)


def _moves(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    for position, move in enumerate(cut(row["command_line"], row["image"], row["current_directory"]).moves):
        source, destination = (identity.local_key(row["host"], path) for path in (move.source, move.destination))
        if source and destination and source != destination:
            yield {
                "event": row["id"],
                "position": position,
                "host": row["host"],
                "source": source,
                "destination": destination,
                "name": base_name(destination),
                "copies": move.copies,
                "prompt": move.prompt,
                "said": f"{row['image'] or ''} {row['command_line']}".lower(),
                "time": row["time"],
                "earliest": row["earliest"],
                "latest": row["latest"],
            }
