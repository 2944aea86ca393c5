"""Security 4770: a ticket was renewed by this domain controller.

Source: Microsoft, Windows security auditing, event 4770(S) "A Kerberos service ticket was renewed".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import GRANTED, OF_MACHINE, names_machine
from graphcorr.logs.groups import TICKET
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="security-4770",
    title="A Kerberos service ticket was renewed",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4770),
    testifies=(names_machine(f"{GRANTED} AND {OF_MACHINE}"),),
    identity=True,
    essential=("target_user",),
    columns=TICKET,
    says=Saying("{target_user} renewed a ticket[ to {service}][ from {source_address}]"),
    provides="Which account at which address goes on using a ticket: of a computer's account, which machine has the address.",
    absent=(
        "the client's name, where the account is a person's",
        "the service's address",
    ),
)
