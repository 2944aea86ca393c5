"""WinRM 91: a client opened a shell on this machine over remote management.

Source: the manifest of the provider Microsoft-Windows-WinRM (``wevtutil gp``), event 91; MS-WSMV 2.2.4.37 for shells.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import resource, shell_client, shell_domain, shell_user
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="winrm-91",
    title="Creating WSMan shell on server",
    source=WindowsEvent("microsoft-windows-winrm", "microsoft-windows-winrm/operational", 91),
    testifies=(
        Testimony(
            Kind.CALL,
            # Newer Windows puts account and client behind the resource, older says neither.
            columns={"account": "target_user", "account_domain": "target_user_domain", "interface": "'wsman'", "operation": "action"},
            covers=None,
        ),
    ),
    needs=("action",),
    columns={
        "action": resource("resourceUri"),
        "target_user": shell_user("resourceUri"),
        "target_user_domain": shell_domain("resourceUri"),
        "source_address": shell_client("resourceUri"),
    },
    says=Saying("shell {action} opened[ for {target_user}][ from {source_address}]"),
    provides="That a shell was opened over WinRM, PowerShell's or cmd's; of newer Windows for whom and from where.",
    absent=("what was run", "account and client, in older Windows"),
)
