"""Security 4768: a ticket-granting ticket was asked of this domain controller.

Source: Microsoft, Windows security auditing, event 4768(S, F)
"A Kerberos authentication ticket (TGT) was requested"; RFC 4120 7.5.9 for Status.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import GRANTED, OF_MACHINE, names_machine
from graphcorr.logs.groups import TICKET
from graphcorr.logs.readers import accepted
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="security-4768",
    title="A Kerberos authentication ticket (TGT) was requested",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4768),
    testifies=(
        # Anybody may ask for a ticket of any name: only who has the key gets one.
        names_machine(f"{GRANTED} AND success IS NOT FALSE AND {OF_MACHINE}"),
    ),
    identity=True,
    essential=("target_user",),
    columns={
        **TICKET,
        "success": accepted("Status"),
    },
    says=Saying("{target_user} asked for a ticket[ from {source_address}]"),
    provides="Which account at which address got a ticket: of a computer's account, which machine has the address.",
    absent=("the client's name, where the account is a person's",),
)
