"""TaskScheduler 129: the scheduler made a process for a task.

Source: the manifest of the provider Microsoft-Windows-TaskScheduler (``wevtutil gp``), event 129.
"""

from __future__ import annotations

import re
from typing import Final

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.messages import stated
from graphcorr.logs.readers import integer, program
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import task
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

_PROCESS: Final = re.compile(r"process ID (\d+)\.?\s*\Z")
"""NXLog drops the field ProcessID, which it takes for the header's; the English message has it."""

LOG_TYPE = LogType(
    name="taskscheduler-129",
    title="A process was created for a task",
    source=WindowsEvent("microsoft-windows-taskscheduler", "microsoft-windows-taskscheduler/operational", 129),
    testifies=(Testimony(Kind.TASK_RUN, prefer=0),),
    needs=("task",),
    columns={"task": task("TaskName"), "path": program("Path"), "pid": stated(integer("ProcessID", zero=False), _PROCESS)},
    says=Saying("task {task} started {path or 'a process'}[, process {pid}]"),
    provides="Which program a task started, and its process.",
    absent=(
        "the arguments",
        "the account",
        "the process, in flat exports in another language than English",
    ),
)
