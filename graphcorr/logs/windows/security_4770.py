"""Security 4770: a ticket was renewed by this domain controller.

Source: Microsoft, Windows security auditing, event 4770(S) "A Kerberos service ticket was renewed".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import GRANTED, MACHINE, MACHINE_ACCOUNT, OF_MACHINE
from graphcorr.logs.groups import CLIENT
from graphcorr.logs.readers import account, text
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4770",
    title="A Kerberos service ticket was renewed",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4770),
    testifies=(
        Testimony(
            Kind.NAME,
            f"{GRANTED} AND {OF_MACHINE}",
            {"basis": f"'{MACHINE_ACCOUNT}'", "bindings": MACHINE},
            covers=None,
        ),
    ),
    identity=True,
    essential=("target_user",),
    columns={
        **CLIENT,
        "target_user": account("TargetUserName"),  # as NAME$@REALM
        "target_user_domain": text("TargetDomainName"),
        "service": text("ServiceName"),
    },
    provides="Which account at which address goes on using a ticket: of a computer's account, which machine has the address.",
    absent=(
        "the client's name, where the account is a person's",
        "the service's address",
    ),
)
