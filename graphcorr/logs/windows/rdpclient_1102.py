"""RDPClient 1102: this machine's remote desktop client reached another one.

Source: the manifest of the provider Microsoft-Windows-TerminalServices-ClientActiveXCore (``wevtutil gp``), event 1102.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.groups import HEADER_ACCOUNT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import server, server_address
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="rdpclient-1102",
    title="The client has initiated a multi-transport connection to the server",
    source=WindowsEvent(
        "microsoft-windows-terminalservices-clientactivexcore", "microsoft-windows-terminalservices-rdpclient/operational", 1102
    ),
    vantage=Vantage.CLIENT,
    testifies=(
        # The account is that of the client's own desktop, and not the one that it names to the server.
        Testimony(Kind.LOGON, columns={"account": "NULL", "logon_type": "10"}, strength=Strength.ASKED, covers=None),
    ),
    needs=("target_host",),
    columns={
        "target_host": server("Value"),
        "target_address": server_address("Value"),
        **HEADER_ACCOUNT,
    },
    says=Saying("remote desktop of {target_host} reached[ by {account}]"),
    provides="The source side of a remote desktop: the server's address.",
    absent=("whether a session was opened", "the account that was used"),
)
