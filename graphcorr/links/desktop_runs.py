"""Shells and interpreters that were started in a desktop's session which somebody opened, or came back to, from another machine.

They are no requests: who sits before a desktop from afar works there as others do before their own, and starts a shell as they do. What
is told is that it was done from there, by account and client, as often as it was.
"""

from __future__ import annotations

from typing import Final

from graphcorr.engine.tables import TEXT, TIME, Table
from graphcorr.links.acts import SHELLS
from graphcorr.links.names import base_name_of
from graphcorr.links.sessions import far

_TELLING: Final = ", ".join(f"'{name}.exe'" for name in SHELLS.split("|"))
# What was last said of a session stands: who comes back to it at the machine itself, or from elsewhere, is who starts what comes then.
_RUNS: Final = f"""
    WITH opened AS (
        SELECT host, session, time, logon_type, source_address, account, account_domain FROM Logon
        WHERE vantage = 'own' AND host IS NOT NULL AND {far("session")}),
    told AS (
        SELECT p.id, p.host, p.image, p.time, o.logon_type, o.source_address, concat_ws('\\', o.account_domain, o.account) AS account
        FROM (SELECT id, host, image, time, session FROM ProcessStart
            WHERE host IS NOT NULL AND {far("session")} AND {base_name_of("image")} IN ({_TELLING})) p
        ASOF JOIN opened o ON o.host = p.host AND o.session = p.session AND o.time <= p.time)
    SELECT id, host, image, time, source_address AS source, account FROM told WHERE logon_type = 10 AND source_address IS NOT NULL
"""

TABLES: Final = (
    Table(
        "desktop_runs",
        "shells and interpreters that were started in a desktop's session from another machine",
        {"id": TEXT, "host": TEXT, "image": TEXT, "time": TIME, "source": TEXT, "account": TEXT},
        ("Logon", "ProcessStart"),
        _RUNS,
        empty_without=("ProcessStart",),
    ),
)
