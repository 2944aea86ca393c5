"""TaskScheduler 200: an action of a task began.

Source: the manifest of the provider Microsoft-Windows-TaskScheduler (``wevtutil gp``), event 200.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import task
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="taskscheduler-200",
    title="An action of a task was started",
    source=WindowsEvent("microsoft-windows-taskscheduler", "microsoft-windows-taskscheduler/operational", 200),
    testifies=(Testimony(Kind.TASK_RUN),),
    needs=("task",),
    # EnginePID is the scheduler's own process, and the name of what handles a task is no program.
    columns={"task": task("TaskName"), "path": text("ActionName")},
    says=Saying("task {task} started {path or 'an action'}"),
    provides="Which program or handler a task started.",
    absent=(
        "the arguments",
        "the account",
        "the process",
    ),
)
