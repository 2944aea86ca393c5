"""Security 4647: somebody logged off from this host.

Source: Microsoft, Windows security auditing, event 4647(S) "User initiated logoff".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import WHOSE
from graphcorr.logs.groups import TARGET
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4647",
    title="User initiated logoff",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4647),
    testifies=(Testimony(Kind.LOGOFF, columns={**WHOSE, "how": "'asked'"}),),
    needs=("target_logon_id",),
    columns=TARGET,
    says=Saying("{target_user or 'somebody'} logged off from session {target_logon_id}"),
    provides="That a person ended a session; of remote desktops and of the machine's own keyboard alone.",
    absent=("the type of the logon", "the client's address"),
)
