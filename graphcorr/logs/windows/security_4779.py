"""Security 4779: somebody went away from a session of this host, which is still there.

Source: Microsoft, Windows security auditing, event 4779(S) "A session was disconnected from a Window Station".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import DESKTOP_CLIENT, WHOSE
from graphcorr.logs.groups import REMOTE_DESKTOP
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4779",
    title="A session was disconnected from a Window Station",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4779),
    testifies=(Testimony(Kind.LOGOFF, columns={**WHOSE, "how": "'disconnected'"}, covers=None), DESKTOP_CLIENT),
    identity=True,
    essential=("target_user", "target_logon_id"),
    columns=REMOTE_DESKTOP,
    says=Saying("session {target_logon_id}[ of {target_user}] disconnected[ from {source_address}][, {source_host}]"),
    provides="Who left which session, from which address, and what the client calls itself.",
    absent=("the end of the session",),
)
