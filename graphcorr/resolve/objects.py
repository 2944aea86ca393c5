"""Which file a record is about that knows it by a handle alone: the one that the same process had last opened by that number.

A process uses the number of a handle again once it is closed, so that nothing but the last record before tells what it was. Where that
is of another kind of object, as a key of the registry, no file is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graphcorr.engine.database import Database

_OBJECTS: Final = """
    CREATE TABLE objects AS
    WITH unnamed AS (
        SELECT DISTINCT host, pid, handle FROM aligned
        WHERE handle IS NOT NULL AND object_type IS NULL AND path IS NULL AND host IS NOT NULL AND pid IS NOT NULL),
    told AS (
        SELECT a.input, a.record, a.object_type, a.path,
            last_value(CASE WHEN a.object_type IS NOT NULL THEN struct_pack(name := a.path) END IGNORE NULLS) OVER (
                PARTITION BY a.host, a.pid, a.handle ORDER BY a.time, a.record_id, a.id
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS opened
        FROM aligned a SEMI JOIN unnamed u USING (host, pid, handle) WHERE a.outcome IS DISTINCT FROM 'failure')
    SELECT input, record, opened.name AS name FROM told WHERE object_type IS NULL AND path IS NULL AND opened.name IS NOT NULL
"""


def name_objects(database: Database) -> None:
    """Make the view ``events`` anew with the ``path`` of what records name by a handle, where there is such a record."""
    database.execute(_OBJECTS)
    if database.execute("SELECT 1 FROM objects LIMIT 1").fetchall():
        database.execute(
            "CREATE OR REPLACE VIEW events AS SELECT a.* EXCLUDE (input) REPLACE (coalesce(a.path, o.name) AS path) "
            "FROM aligned a LEFT JOIN objects o USING (input, record)"
        )
