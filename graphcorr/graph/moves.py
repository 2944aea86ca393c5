"""Written files that a command on the host gives another name or place before they are run: ``ren``, ``move``, ``copy`` …

No log says that a file was renamed; the command that does it may be logged. What runs under the new name is linked to the
version that had the old one when the command ran, until something else is made there, or the file removed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphcorr.graph.executions import STARTS
from graphcorr.resolve.database import Database, map_rows, schema_of
from graphcorr.syntax.commands import cut
from graphcorr.syntax.paths import base_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.graph.identity import Identity

_SCHEMA: Final = schema_of(
    host=pa.string(),
    source=pa.string(),  # path key of a written file
    destination=pa.string(),
    name=pa.string(),  # base name of the destination
    earliest=pa.timestamp("us"),
    latest=pa.timestamp("us"),
)

_OWN_RECORDS: Final = "INTERVAL 10 SECOND"
"""How long after a command what is logged of its new file may be its own doing: large files take their time."""

_VERBS: Final = r"(^|[^a-z])(ren|rename|move|copy|xcopy|mv|cp|mi|cpi|rni|(move|copy|rename)-item)([^a-z]|$)"


def load_moves(database: Database, identity: Identity) -> None:
    """Create ``moves`` (the columns above, and ``ended``, a time or NULL), and add the new names to ``file_names``."""
    query = f"""
        WITH named AS (
            SELECT DISTINCT id FROM (
                SELECT id, host, unnest(names) AS name FROM events
                WHERE {STARTS} AND command_line IS NOT NULL AND regexp_matches(lower(command_line), '{_VERBS}')
            ) SEMI JOIN file_names USING (host, name))
        SELECT host, image, command_line, current_directory, epoch_us(earliest) AS earliest, epoch_us(latest) AS latest
        FROM events SEMI JOIN named USING (id)
    """
    map_rows(database, query, "told_moves", _SCHEMA, partial(_moves, identity=identity))
    # The command itself makes a record of the new file, too.
    database.execute(
        f"""
        CREATE TABLE moves AS
        WITH told AS (
            SELECT DISTINCT m.* FROM told_moves m SEMI JOIN versions v ON v.host = m.host AND v.key = m.source
            WHERE m.source <> m.destination),
        later AS (
            SELECT e.host, lower(e.path) AS key, e.time FROM events e SEMI JOIN told m ON m.host = e.host AND m.destination = lower(e.path)
            WHERE e.log IN ('sysmon-11', 'sysmon-23', 'sysmon-26'))
        SELECT m.*, min(l.time) AS ended FROM told m
        LEFT JOIN later l ON l.host = m.host AND l.key = m.destination AND l.time > m.latest + {_OWN_RECORDS}
        GROUP BY ALL
        """
    )
    database.execute("DROP TABLE told_moves")
    database.execute("INSERT INTO file_names SELECT DISTINCT host, destination, name, TRUE FROM moves")


def _moves(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    for move in cut(row["command_line"], row["image"], row["current_directory"]).moves:
        source, destination = (identity.local_key(row["host"], path) for path in move)
        if source and destination:
            yield {
                "host": row["host"],
                "source": source,
                "destination": destination,
                "name": base_name(destination),
                "earliest": row["earliest"],
                "latest": row["latest"],
            }
