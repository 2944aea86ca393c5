"""TaskScheduler 106: a task was registered.

Source: the manifest of the provider Microsoft-Windows-TaskScheduler (``wevtutil gp``), event 106.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT, changes_task
from graphcorr.logs.groups import TASK_USER
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="taskscheduler-106",
    title="A task was registered",
    source=WindowsEvent("microsoft-windows-taskscheduler", "microsoft-windows-taskscheduler/operational", 106),
    testifies=(changes_task("registered", ACCOUNT),),
    needs=("task",),
    columns=TASK_USER,
    says=Saying("task {task} registered[ by {account}]"),
    provides="A new task, in the scheduler's own log.",
    absent=(
        "what the task runs",
        "who asked, where the task runs as another account: it is then that one's name, or its SID",
        "the client's address",
    ),
)
