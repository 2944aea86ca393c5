"""Security 4634: a session of this host ended.

Source: Microsoft, Windows security auditing, event 4634(S) "An account was logged off".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import WHOSE
from graphcorr.logs.groups import TARGET
from graphcorr.logs.readers import integer
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4634",
    title="An account was logged off",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4634),
    testifies=(Testimony(Kind.LOGOFF, columns={**WHOSE, "how": "'ended'"}),),
    needs=("target_logon_id",),
    columns={**TARGET, "logon_type": integer("LogonType", below=2**31)},
    says=Saying("session {target_logon_id}[ of {target_user}] ended"),
    provides="When a session ended: its id means nothing after it.",
    absent=("the client's address", "sessions that end with the machine"),
)
