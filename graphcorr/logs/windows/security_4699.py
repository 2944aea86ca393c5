"""Security 4699: a scheduled task was deleted.

Source: Microsoft, Windows security auditing, event 4699(S) "A scheduled task was deleted"; RpcCallClientLocality of rpcasync.h.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR, ASKED_FROM_ELSEWHERE, changes_task
from graphcorr.logs.groups import TASK_CLIENT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.tasks import task_command

LOG_TYPE = LogType(
    name="security-4699",
    title="A scheduled task was deleted",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4699),
    testifies=(changes_task("removed", ACTOR, remote=ASKED_FROM_ELSEWHERE, prefer=0),),
    needs=("task",),
    columns={**TASK_CLIENT, "path": task_command("TaskContent")},
    says=Saying("task {task} removed[: {path}][ by {account}]"),
    provides="That a task is gone, what it ran where the record has its definition, and the session that removed it.",
    absent=(
        "the client's address",
        "whether a client of another machine asked, before Windows 10",
    ),
)
