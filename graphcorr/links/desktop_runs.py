"""Shells and interpreters that were started in a desktop's session which somebody opened, or came back to, from another machine.

They are no requests: who sits before a desktop from afar works there as others do before their own, and starts a shell as they do. What
is told is that it was done from there, by account and client, as often as it was.
"""

from __future__ import annotations

from typing import Final

from graphcorr.engine.tables import TEXT, TIME, Table
from graphcorr.links.acts import SHELLS
from graphcorr.links.names import base_name_of
from graphcorr.links.sessions import far, may_be_one

_TELLING: Final = ", ".join(f"'{name}.exe'" for name in SHELLS.split("|"))
_OPENED: Final = """
    SELECT host, {0} AS session, time, logon_type, source_address, account, account_domain FROM Logon
    WHERE vantage = 'own' AND host IS NOT NULL AND {0} IS NOT NULL
"""
_STARTED: Final = f"""
    SELECT id, host, image, time, account, {{0}} AS session FROM ProcessStart
    WHERE host IS NOT NULL AND {{0}} IS NOT NULL AND {base_name_of("image")} IN ({_TELLING})
"""
_TOLD: Final = """
    SELECT p.id, p.host, p.image, p.time, p.account AS whose, o.logon_type, o.source_address, o.account, o.account_domain, o.time AS since
    FROM ({0}) p ASOF JOIN ({1}) o ON o.host = p.host AND o.session = p.session AND o.time <= p.time
"""
# What was last said of a session stands: who comes back to it at the machine itself, or from elsewhere, is who starts what comes then.
# A session's id is given again after a restart, the number of a desktop once it is free: only its own user's programs are believed.
_RUNS: Final = f"""
    WITH told AS (
        SELECT * FROM ({_TOLD.format(f"{_STARTED.format('session')} AND {far('session')}", _OPENED.format("session"))})
        WHERE {may_be_one("whose", "account")}
        UNION ALL SELECT * FROM ({_TOLD.format(_STARTED.format("terminal_session"), _OPENED.format("terminal_session"))})
        WHERE lower(whose) = lower(account)),
    last AS (SELECT DISTINCT ON (id) * FROM told ORDER BY id, since DESC, logon_type, source_address)
    SELECT id, host, image, time, source_address AS source, concat_ws('\\', account_domain, account) AS account
    FROM last WHERE logon_type = 10 AND source_address IS NOT NULL
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
