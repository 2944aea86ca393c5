"""Security 4776: an account's password was checked for an NTLM client.

Source: Microsoft, Windows security auditing, event 4776(S, F)
"The computer attempted to validate the credentials for an account"; MS-ERREF 2.3.1 for Status.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import GRANTED, names_machine
from graphcorr.logs.readers import accepted, account, text
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="security-4776",
    title="The computer attempted to validate the credentials for an account",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4776),
    testifies=(
        # Some clients have nothing better to say than their address.
        names_machine(
            f"{GRANTED} AND success IS NOT FALSE AND source_host IS NOT NULL AND ends_with(target_user, '$')",
            "[{'address': source_host, 'name': target_user}]",
        ),
    ),
    identity=True,
    essential=("target_user",),
    columns={
        "target_user": account("TargetUserName"),
        # What the client calls itself, as it claims.
        "source_host": text("Workstation"),
        "auth_package": text("PackageName"),
        "success": accepted("Status"),
    },
    says=Saying("credentials of {target_user} were checked[ for {source_host}]"),
    provides="Which account a client used, and what it calls itself; only where that is its address is it known which machine has it.",
    absent=(
        "the client's address, mostly",
        "the server that the client wanted to log on to",
    ),
)
