"""WinRM 6: this machine opened a session of remote management on another one.

Source: the manifest of the provider Microsoft-Windows-WinRM (``wevtutil gp``), event 6; DMTF DSP0226 for the path.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import HEADER_ACCOUNT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import server, server_address
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="winrm-6",
    title="Creating WSMan Session",
    source=WindowsEvent("microsoft-windows-winrm", "microsoft-windows-winrm/operational", 6),
    vantage=Vantage.CLIENT,
    testifies=(
        Testimony(
            Kind.CALL,
            columns={**ACCOUNT, "interface": "'wsman'", "operation": "'CreateSession'"},
            strength=Strength.ASKED,
            covers=None,
        ),
        # The account is that of who asked here, and not the one that it names to the server.
        Testimony(Kind.LOGON, columns={"account": "NULL", "logon_type": "3"}, strength=Strength.ASKED, covers=None),
    ),
    needs=("target_host",),
    columns={
        "target_host": server("connection"),
        "target_address": server_address("connection"),
        **HEADER_ACCOUNT,
    },
    says=Saying("session of remote management on {target_host} asked for[ by {account}]"),
    provides="The source side of WinRM and PowerShell remoting: which server, and where the format has it who asked.",
    absent=("whether the server let it in", "the account that was used there", "what was run"),
)
