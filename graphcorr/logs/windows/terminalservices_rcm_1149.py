"""TerminalServices connection manager 1149: a client of a remote desktop said who it is.

Source: the manifest of the provider Microsoft-Windows-TerminalServices-RemoteConnectionManager (``wevtutil gp``), event 1149.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.messages import labeled, stated
from graphcorr.logs.readers import account, address, realm
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="terminalservices-rcm-1149",
    title="Remote Desktop Services: User authentication succeeded",
    source=WindowsEvent(
        "microsoft-windows-terminalservices-remoteconnectionmanager",
        "microsoft-windows-terminalservices-remoteconnectionmanager/operational",
        1149,
    ),
    # In spite of its title it stands also where no session came about: without network level authentication nobody was asked.
    testifies=(
        Testimony(
            Kind.LOGON,
            columns={"account": "target_user", "account_domain": "target_user_domain", "session": "NULL", "logon_type": "10"},
            strength=Strength.ASKED,
            prefer=6,
            covers=None,
        ),
    ),
    needs=("source_address",),
    columns={
        "target_user": stated(account("Param1"), labeled("User")),
        "target_user_domain": stated(realm("Param2"), labeled("Domain")),
        "source_address": stated(address("Param3"), labeled("Source Network Address")),
    },
    says=Saying("remote desktop asked for[ by {target_user}][ from {source_address}]"),
    provides="Which address came for a remote desktop, and the account that it named.",
    absent=("whether a session was opened", "the client's name"),
)
