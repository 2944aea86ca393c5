"""PowerShell 4103: a command was invoked, with what was bound to its parameters. Only where modules are logged.

Source: PowerShell's source, its manifest PowerShell.Core.Instrumentation.man, event 4103, and MshLog.cs for the lines of the context.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import POWERSHELL_COMMAND
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="powershell-4103",
    title="Executing pipeline",
    source=WindowsEvent("microsoft-windows-powershell", "microsoft-windows-powershell/operational", 4103),
    testifies=(Testimony(Kind.SCRIPT, columns=ACCOUNT),),
    essential=("text",),
    columns=POWERSHELL_COMMAND,
    says=Saying("PowerShell ran {text}"),
    provides="Each command as it was resolved, with its parameters, its account, and the command line of the program that ran it.",
    absent=(
        "the account, program and script before PowerShell 5",
        "the client of a remote session",
        "the process id where the format drops the header's",
    ),
)
