"""Security 4698: a scheduled task was created.

Source: Microsoft, Windows security auditing, event 4698(S) "A scheduled task was created"; RpcCallClientLocality of rpcasync.h.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR, ASKED_FROM_ELSEWHERE, changes_task
from graphcorr.logs.groups import TASK_CLIENT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.tasks import task_command

LOG_TYPE = LogType(
    name="security-4698",
    title="A scheduled task was created",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4698),
    testifies=(changes_task("registered", ACTOR, remote=ASKED_FROM_ELSEWHERE, prefer=0),),
    needs=("task",),
    columns={**TASK_CLIENT, "path": task_command("TaskContent")},
    says=Saying("task {task} registered[: {path}][ by {account}]"),
    provides="A new task, what it runs, and the session that asked; since Windows 10 also whether that was from another machine.",
    absent=(
        "the client's address",
        "whether a client of another machine asked, before Windows 10",
        "whether the task ran",
    ),
)
