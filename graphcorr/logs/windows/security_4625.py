"""Security 4625: a logon to this host was refused.

Source: Microsoft, Windows security auditing, event 4625(F) "An account failed to log on".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import SESSION, WHOSE
from graphcorr.logs.groups import CLIENT, SUBJECT
from graphcorr.logs.readers import integer, person, program, realm, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4625",
    title="An account failed to log on",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4625),
    testifies=(Testimony(Kind.ATTEMPT, columns={**WHOSE, "session": "NULL", "sought": SESSION}),),
    essential=("target_user", "source_address", "source_host"),
    columns={
        **SUBJECT,
        **CLIENT,
        "target_user": person("TargetUserName", "TargetDomainName"),
        "target_user_domain": realm("TargetDomainName"),
        "logon_type": integer("LogonType", below=2**31),
        "auth_package": text("AuthenticationPackageName"),
        # As the client says itself; of a program that tried it here it is this machine's own.
        "source_host": text("WorkstationName"),
        "image": program("ProcessName"),
        "pid": integer("ProcessId", zero=False),
    },
    says=Saying("logon of {target_user or 'an account'}[ from {source_address or source_host}][, type {logon_type}]"),
    provides="Who tried to log on as whom, how and from which address, and was refused.",
    absent=(
        "the address, where another program tried it for its client",
        "the reason in words",
    ),
)
