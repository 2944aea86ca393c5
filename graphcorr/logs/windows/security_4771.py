"""Security 4771: this domain controller refused an account's key.

Source: Microsoft, Windows security auditing, event 4771(F) "Kerberos pre-authentication failed"; RFC 4120 5.2.7.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import SESSION, WHOSE
from graphcorr.logs.groups import CLIENT
from graphcorr.logs.readers import account, domain
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4771",
    title="Kerberos pre-authentication failed",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4771),
    testifies=(Testimony(Kind.ATTEMPT, columns={**WHOSE, "session": "NULL", "sought": SESSION}),),
    needs=("target_user",),
    columns={**CLIENT, "target_user": account("TargetUserName"), "target_user_domain": domain("TargetUserName")},
    says=Saying("a ticket for {target_user}[ was asked from {source_address}]"),
    provides="Who tried which account with a wrong key, and from which address.",
    absent=("the machine that was to be logged on to", "accounts of other domains, and those that need no pre-authentication"),
)
