"""TaskScheduler 201: an action of a task ended.

Source: the manifest of the provider Microsoft-Windows-TaskScheduler (``wevtutil gp``), event 201.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import task
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="taskscheduler-201",
    title="An action of a task was completed",
    source=WindowsEvent("microsoft-windows-taskscheduler", "microsoft-windows-taskscheduler/operational", 201),
    # It ran, and began before: what says when stands first.
    testifies=(Testimony(Kind.TASK_RUN, prefer=9),),
    needs=("task",),
    # EnginePID is the scheduler's own process, and the name of what handles a task is no program.
    columns={"task": task("TaskName"), "path": text("ActionName")},
    says=Saying("task {task} was through with {path or 'an action'}"),
    provides="Which program or handler of a task ended.",
    absent=(
        "when it began",
        "the arguments",
        "the account",
        "the process",
    ),
)
