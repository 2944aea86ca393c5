"""Security 4672: a new session has the privileges of an administrator.

Source: Microsoft, Windows security auditing, event 4672(S) "Special privileges assigned to new logon".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import several
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4672",
    title="Special privileges assigned to new logon",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4672),
    testifies=(Testimony(Kind.PRIVILEGE, columns=ACTOR),),
    needs=("logon_id",),
    columns={**SUBJECT, "privileges": several("PrivilegeList")},
    says=Saying("session {logon_id}[ of {account}] has the privileges of an administrator"),
    provides="Which session may do anything on the machine; it stands beside its 4624.",
    absent=("how the session was opened", "the client's address"),
)
