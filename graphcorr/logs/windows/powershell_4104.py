"""PowerShell 4104: a block of script was compiled, before it ran. What is suspicious is logged by default, the rest by policy.

Source: PowerShell's source, its manifest PowerShell.Core.Instrumentation.man, event 4104; Microsoft, about_Logging_Windows.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import POWERSHELL_SCRIPT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="powershell-4104",
    title="Creating scriptblock text",
    source=WindowsEvent("microsoft-windows-powershell", "microsoft-windows-powershell/operational", 4104),
    testifies=(Testimony(Kind.SCRIPT, columns=ACCOUNT),),
    # A block may be empty.
    essential=("text", "script_block"),
    columns=POWERSHELL_SCRIPT,
    says=Saying("PowerShell ran {text or 'an empty block'}"),
    provides="The text of a script as it was compiled, after every decoding; a long one in several records with one `script_block`.",
    absent=(
        "the program that ran it",
        "the account's name in most formats",
        "whether it ran to its end",
        "the process id where the format drops the header's",
    ),
)
