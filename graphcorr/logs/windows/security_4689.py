"""Security 4689: a process ended.

Source: Microsoft, Windows security auditing, event 4689(S) "A process has exited".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.readers import integer, program
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4689",
    title="A process has exited",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4689),
    testifies=(Testimony(Kind.PROCESS_END, columns=ACCOUNT, prefer=6),),
    essential=("image", "pid"),
    columns={**SUBJECT, "image": program("ProcessName"), "pid": integer("ProcessId", zero=False)},
    says=Saying("{image or 'a process'} (pid {pid or '?'}) ended[ by {account}]"),
    provides="The end of a process: a pid means nothing after it.",
    absent=("the exit code",),
)
