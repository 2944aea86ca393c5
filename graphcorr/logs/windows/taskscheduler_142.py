"""TaskScheduler 142: a task was disabled.

Source: the manifest of the provider Microsoft-Windows-TaskScheduler (``wevtutil gp``), event 142.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT, changes_task
from graphcorr.logs.groups import TASK_USER
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="taskscheduler-142",
    title="A task was disabled",
    source=WindowsEvent("microsoft-windows-taskscheduler", "microsoft-windows-taskscheduler/operational", 142),
    testifies=(changes_task("disabled", ACCOUNT),),
    needs=("task",),
    columns=TASK_USER,
    says=Saying("task {task} disabled[ by {account}]"),
    provides="That a task does not run any more, in the scheduler's own log.",
    absent=(
        "what the task runs",
        "who asked, where the task runs as another account: it is then that one's name, or its SID",
        "the client's address",
    ),
)
