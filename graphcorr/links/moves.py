"""Written files that commands on the host give another name or place before they are run: ``ren``, ``move``, ``copy`` …

No log says that a file was renamed; the command that does it may be logged. What names a written file is read, then what
names the file by the name that it got, and so on; :mod:`graphcorr.links.chains` puts the steps together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.database import map_rows
from graphcorr.engine.plan import arrow_schema, create_empty
from graphcorr.engine.tables import FLAG, SMALL, TEXT, TIME, Loop, Table
from graphcorr.links.chains import STEPS
from graphcorr.links.versions import FILE_NAMES
from graphcorr.syntax.commands import cut
from graphcorr.syntax.paths import base_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.engine.database import Database
    from graphcorr.resolve.identity import Identity

_VERBS: Final = r"(^|[^a-z])(ren|rename|move|copy|xcopy|mv|cp|mi|cpi|rni|(move|copy|rename)-item)([^a-z]|$)"


def _read_all(database: Database, identity: Identity) -> None:
    """Commands that name a written file, then those that name it by a name that these gave it, and so on."""
    create_empty(database, TOLD_MOVES)
    create_empty(database, _REACHED)
    sought = "written_names"
    # Once more than steps are followed: the last name may have been given up, too.
    for step in range(STEPS + 1):
        _read_commands(database, identity, sought)
        if not _reach(database, step):
            break
        sought = f"(SELECT host, name FROM reached_names WHERE step = {step})"
    database.execute("DROP TABLE reached_names")


def _read_commands(database: Database, identity: Identity, sought: str) -> None:
    """Add to ``told_moves`` what the commands do that name a file by one of the names in ``sought``."""
    query = f"""
        WITH named AS (
            SELECT DISTINCT id FROM (SELECT id, host, unnest(names) AS name FROM renaming_commands) SEMI JOIN {sought} AS sought
                USING (host, name))
        SELECT id, host, image, command_line, current_directory, epoch_us(time) AS time, epoch_us(earliest) AS earliest,
            epoch_us(latest) AS latest
        FROM renaming_commands SEMI JOIN named USING (id) ANTI JOIN told_moves ON told_moves.event = renaming_commands.id
    """
    map_rows(database, query, "more_moves", arrow_schema(TOLD_MOVES), lambda row: _moves(row, identity))
    database.execute("INSERT INTO told_moves SELECT * FROM more_moves")
    database.execute("DROP TABLE more_moves")


def _reach(database: Database, step: int) -> bool:
    """Add to ``reached_names`` the names that files got which are known so far; whether there are any."""
    if not database.execute("SELECT 1 FROM told_moves LIMIT 1").fetchall():
        return False
    [(count,)] = database.execute(
        f"""
        INSERT INTO reached_names
        SELECT DISTINCT t.host, t.destination, t.name, {step} FROM told_moves t
        SEMI JOIN (SELECT host, key FROM written_names UNION ALL SELECT host, key FROM reached_names) k
            ON k.host = t.host AND k.key = t.source
        ANTI JOIN reached_names m ON m.host = t.host AND m.key = t.destination
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


_REACHED: Final = Table("reached_names", "", {"host": TEXT, "key": TEXT, "name": TEXT, "step": SMALL}, (), "")

TOLD_MOVES: Final = Table(
    "told_moves",
    "what commands say that they do with written files, by whatever name these had by then",
    {
        "event": TEXT,
        "position": SMALL,  # in the command line
        "host": TEXT,
        "source": TEXT,  # path key
        "destination": TEXT,
        "name": TEXT,  # base name of the destination
        "copies": FLAG,
        "prompt": FLAG,
        "said": TEXT,  # the command as a whole, folded
        "time": TIME,
        "earliest": TIME,
        "latest": TIME,
    },
    ("renaming_commands", "written_names"),
    Loop(_read_all),
    empty_without=("renaming_commands", "written_names"),
)
# What a name leads to: the same walk once more over what is read by now, so that neither table changes after it was made.
_MOVED_NAMES: Final = f"""
    WITH RECURSIVE reached AS (
        SELECT DISTINCT t.host, t.destination AS key, t.name, 0 AS step FROM told_moves t
        SEMI JOIN written_names k ON k.host = t.host AND k.key = t.source
        UNION SELECT t.host, t.destination, t.name, r.step + 1 FROM reached r
        JOIN told_moves t ON t.host = r.host AND t.source = r.key WHERE r.step < {STEPS})
    SELECT DISTINCT host, key, name FROM reached
"""
TABLES: Final = (
    Table(
        "renaming_commands",
        "commands that may rename, move or copy",
        {
            "id": TEXT,
            "host": TEXT,
            "image": TEXT,
            "command_line": TEXT,
            "current_directory": TEXT,
            "names": "VARCHAR[]",
            "time": TIME,
            "earliest": TIME,
            "latest": TIME,
        },
        ("ProcessStart", "written_names"),
        f"""
        SELECT id, host, image, command_line, current_directory, names, time, earliest, latest FROM ProcessStart
        WHERE host IN (SELECT host FROM written_names) AND command_line IS NOT NULL AND regexp_matches(lower(command_line), '{_VERBS}')
        """,
        empty_without=("written_names",),
    ),
    TOLD_MOVES,
    Table(
        "moved_names",
        "names that commands gave to written files",
        {"host": TEXT, "key": TEXT, "name": TEXT},
        ("told_moves", "written_names"),
        _MOVED_NAMES,
        empty_without=("told_moves",),
    ),
    Table(
        "file_names",
        "names that written files may go by, those that commands gave them too",
        FILE_NAMES,
        ("written_names", "moved_names"),
        "SELECT host, key, name, resolved FROM written_names UNION ALL SELECT host, key, name, TRUE FROM moved_names",
        empty_without=("written_names",),
    ),
)
