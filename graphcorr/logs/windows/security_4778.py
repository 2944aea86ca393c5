"""Security 4778: somebody came back to a session of this host.

Source: Microsoft, Windows security auditing, event 4778(S) "A session was reconnected to a Window Station".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import DESKTOP_CLIENT, WHOSE
from graphcorr.logs.groups import REMOTE_DESKTOP
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4778",
    title="A session was reconnected to a Window Station",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4778),
    # That of a session at the machine's own keyboard names no address.
    testifies=(
        Testimony(
            Kind.LOGON,
            columns={**WHOSE, "logon_type": "CASE WHEN source_address IS NOT NULL THEN 10 END"},
            # A machine that logs these and no 4624 does not show who logged on to it.
            covers=None,
        ),
        DESKTOP_CLIENT,
    ),
    identity=True,
    essential=("target_user", "target_logon_id"),
    columns=REMOTE_DESKTOP,
    says=Saying("session {target_logon_id}[ of {target_user}] reconnected[ from {source_address}][, {source_host}]"),
    provides="Who came back to which session, from which address, and what the client calls itself.",
    absent=("whether another took the session over: the client is then that of before",),
)
