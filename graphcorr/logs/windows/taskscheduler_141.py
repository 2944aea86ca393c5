"""TaskScheduler 141: a task was deleted.

Source: the manifest of the provider Microsoft-Windows-TaskScheduler (``wevtutil gp``), event 141.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT, changes_task
from graphcorr.logs.groups import TASK_USER
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="taskscheduler-141",
    title="A task was deleted",
    source=WindowsEvent("microsoft-windows-taskscheduler", "microsoft-windows-taskscheduler/operational", 141),
    testifies=(changes_task("removed", ACCOUNT),),
    needs=("task",),
    columns=TASK_USER,
    says=Saying("task {task} removed[ by {account}]"),
    provides="That a task is gone, in the scheduler's own log.",
    absent=(
        "what the task runs",
        "who asked, where the task runs as another account: it is then that one's name, or its SID",
        "the client's address",
    ),
)
