"""Security 4702: a scheduled task was updated.

Source: Microsoft, Windows security auditing, event 4702(S) "A scheduled task was updated"; RpcCallClientLocality of rpcasync.h.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR, ASKED_FROM_ELSEWHERE, changes_task
from graphcorr.logs.groups import TASK_CLIENT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.tasks import task_command

LOG_TYPE = LogType(
    name="security-4702",
    title="A scheduled task was updated",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4702),
    testifies=(changes_task("updated", ACTOR, remote=ASKED_FROM_ELSEWHERE, prefer=0),),
    needs=("task",),
    columns={**TASK_CLIENT, "path": task_command("TaskContentNew")},
    says=Saying("task {task} changed[: {path}][ by {account}]"),
    provides="What a task runs from now on, and the session that changed it. Most are the system's own.",
    absent=(
        "the client's address",
        "whether a client of another machine asked, before Windows 10",
        "what it ran before",
    ),
)
