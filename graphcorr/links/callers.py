"""The machine that a written program was started from, as the program itself says: PsExec's pipes carry its name.

The pipes of the one process stand beside each other in Sysmon 17 and 18 of the target: ``PSEXESVC-WS1-4242-stdin``, or with
the name of a renamed service. No client address stands there, but the name is exact. On the wire both stand.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from graphcorr.engine.database import fill_table
from graphcorr.engine.plan import arrow_schema
from graphcorr.engine.tables import TEXT, Loop, Table
from graphcorr.model.kinds import Kind
from graphcorr.syntax.pipes import psexec_stdio

if TYPE_CHECKING:
    from graphcorr.engine.database import Database
    from graphcorr.resolve.identity import Identity

# The pipe is named after the program, so that no other tool's pipe is taken for it.
_PIPES: Final = """
    WITH known AS (
        SELECT id AS version, host, earliest, ended_latest, regexp_extract(name, '^(.+?)(\\.[^.]*)?$', 1) AS program
        FROM versions SEMI JOIN links ON links.version = versions.id)
    SELECT v.version, v.program, e.id, e.pipe
    FROM PipeOpen e JOIN known v ON v.host = e.host AND e.time >= v.earliest AND (v.ended_latest IS NULL OR e.earliest <= v.ended_latest)
    WHERE e.vantage IN ('own', 'sensor') AND e.strength = 'stated'
        AND regexp_matches(e.pipe, '-std(in|out|err)$') AND starts_with(e.pipe, v.program || '-')
    ORDER BY e.time, e.id
"""


def _read_pipes(database: Database, identity: Identity) -> None:
    named: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for version, program, event, pipe in database.execute(_PIPES).fetchall():
        stdio = psexec_stdio(pipe, program)
        host = identity.names.key(stdio.source_host) if stdio else None
        if host:
            named[version].setdefault(host, event)
    rows: list[dict[str, object]] = [
        {"version": version, "event": event, "host": host}
        for version, told in sorted(named.items())
        if len(told) == 1
        for host, event in told.items()
    ]
    fill_table(database, CALLERS.name, arrow_schema(CALLERS), rows)


CALLERS: Final = Table(
    "callers",
    "linked versions whose pipes name one machine, with the first such record",
    {"version": TEXT, "event": TEXT, "host": TEXT},
    ("PipeOpen", "versions", "links"),
    Loop(_read_pipes),
    empty_without=("links",),
)
TABLES: Final = (CALLERS,)
RESTS_ON: Final = {Kind.PIPE_OPEN: ("callers", "SELECT event AS id FROM callers")}
