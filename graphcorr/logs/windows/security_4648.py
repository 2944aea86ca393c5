"""Security 4648: a process used explicit credentials, logged where it ran.

Source: Microsoft, Windows security auditing, event 4648(S) "A logon was attempted using explicit credentials".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.groups import CLIENT, SUBJECT
from graphcorr.logs.readers import guid, integer, person, program, realm, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4648",
    title="A logon was attempted using explicit credentials",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4648),
    testifies=(
        # The other end of a logon: this machine is the client, and the address is that of a client of its own.
        Testimony(
            Kind.LOGON,
            columns={
                "account": "target_user",
                "account_domain": "target_user_domain",
                "session": "NULL",
                "client_session": "logon_id",
                "source_address": "NULL",
                "source_port": "NULL",
            },
            strength=Strength.ASKED,
            vantage=Vantage.CLIENT,
            # A machine that logs these and no 4624 does not show who logged on to it.
            covers=None,
        ),
    ),
    essential=("target_user", "target_host"),
    columns={
        **SUBJECT,
        "target_user": person("TargetUserName", "TargetDomainName"),
        "target_user_domain": realm("TargetDomainName"),
        "logon_guid": guid("TargetLogonGuid"),
        # localhost means this machine: it is kept, the projection tells a hop from none.
        "target_host": text("TargetServerName"),
        # IpAddress is the client of this host (RDP, say) and not the server that the credentials were meant for.
        **CLIENT,
        "image": program("ProcessName"),
        "pid": integer("ProcessId", zero=False),
    },
    says=Saying("{image or 'a program'} used the credentials of {target_user or 'another account'}[ for {target_host}][ by {account}]"),
    provides=(
        "The source side of a logon: which process named which other account and server. "
        "It is an attempt; the target's own 4624 confirms it."
    ),
    absent=(
        "whether the logon succeeded",
        "the target's address",
    ),
)
