"""Security 4769: a ticket for a service was asked of this domain controller.

Source: Microsoft, Windows security auditing, event 4769(S, F) "A Kerberos service ticket was requested"; RFC 4120 7.5.9 for Status.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import GRANTED, OF_MACHINE, names_machine
from graphcorr.logs.groups import TICKET
from graphcorr.logs.readers import accepted
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4769",
    title="A Kerberos service ticket was requested",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4769),
    testifies=(
        names_machine(f"{GRANTED} AND success IS NOT FALSE AND {OF_MACHINE}"),
        # Computers ask for tickets all day; of services with accounts of their own nothing says on which machines they are.
        Testimony(
            Kind.TICKET,
            f"{GRANTED} AND success IS NOT FALSE AND source_address IS NOT NULL AND ends_with(service, '$') "
            "AND NOT ends_with(target_user, '$')",
            {"account": "target_user", "account_domain": "target_user_domain"},
            strength=Strength.ASKED,
        ),
    ),
    identity=True,
    essential=("target_user",),
    columns={
        **TICKET,
        "success": accepted("Status"),
    },
    says=Saying("{target_user} asked for a ticket[ to {service}][ from {source_address}]"),
    provides=(
        "Which account at which address asked for a ticket to which service: of a computer's account, which machine has the address; "
        "of a person's, to which machine they were about to go."
    ),
    absent=(
        "the client's name, where the account is a person's",
        "the service's address",
        "whether the ticket was used",
    ),
)
