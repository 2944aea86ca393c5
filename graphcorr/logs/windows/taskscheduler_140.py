"""TaskScheduler 140: a task was updated.

Source: the manifest of the provider Microsoft-Windows-TaskScheduler (``wevtutil gp``), event 140.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT, changes_task
from graphcorr.logs.groups import TASK_USER
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="taskscheduler-140",
    title="A task was updated",
    source=WindowsEvent("microsoft-windows-taskscheduler", "microsoft-windows-taskscheduler/operational", 140),
    testifies=(changes_task("updated", ACCOUNT),),
    needs=("task",),
    columns=TASK_USER,
    says=Saying("task {task} changed[ by {account}]"),
    provides="That a task was changed, in the scheduler's own log.",
    absent=(
        "what the task runs",
        "who asked, where the task runs as another account: it is then that one's name, or its SID",
        "the client's address",
    ),
)
