"""Security 4768: a ticket-granting ticket was asked of this domain controller.

Source: Microsoft, Windows security auditing, event 4768(S, F)
"A Kerberos authentication ticket (TGT) was requested"; RFC 4120 7.5.9 for Status.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import GRANTED, MACHINE, MACHINE_ACCOUNT, OF_MACHINE
from graphcorr.logs.groups import CLIENT
from graphcorr.logs.readers import accepted, account, text
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4768",
    title="A Kerberos authentication ticket (TGT) was requested",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4768),
    testifies=(
        # Anybody may ask for a ticket of any name: only who has the key gets one.
        Testimony(
            Kind.NAME,
            f"{GRANTED} AND success IS NOT FALSE AND {OF_MACHINE}",
            {"basis": f"'{MACHINE_ACCOUNT}'", "bindings": MACHINE},
            covers=None,
        ),
    ),
    identity=True,
    essential=("target_user",),
    columns={
        **CLIENT,
        "target_user": account("TargetUserName"),
        "target_user_domain": text("TargetDomainName"),
        "service": text("ServiceName"),
        "success": accepted("Status"),
    },
    provides="Which account at which address got a ticket: of a computer's account, which machine has the address.",
    absent=("the client's name, where the account is a person's",),
)
