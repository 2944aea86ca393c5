"""Security 4720: an account was made.

Source: Microsoft, Windows security auditing, event 4720(S) "A user account was created".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import joined_account
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4720",
    title="A user account was created",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4720),
    testifies=(Testimony(Kind.ACCOUNT_CHANGE, columns={**ACTOR, "change": "'created'"}),),
    needs=("object_name", "user", "logon_id"),
    # Nobody acts as the account that was made.
    columns={**SUBJECT, "object_name": joined_account("TargetUserName", "TargetDomainName")},
    says=Saying("account {object_name} was created[ by {account}]"),
    provides="A new account and who made it: of the machine, or of the domain where a domain controller says so.",
    absent=("the client's address", "the groups that the account is in"),
)
