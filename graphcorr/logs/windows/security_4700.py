"""Security 4700: a scheduled task was enabled.

Source: Microsoft, Windows security auditing, event 4700(S) "A scheduled task was enabled"; RpcCallClientLocality of rpcasync.h.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR, ASKED_FROM_ELSEWHERE, changes_task
from graphcorr.logs.groups import TASK_CLIENT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.tasks import task_command

LOG_TYPE = LogType(
    name="security-4700",
    title="A scheduled task was enabled",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4700),
    testifies=(changes_task("enabled", ACTOR, remote=ASKED_FROM_ELSEWHERE, prefer=0),),
    needs=("task",),
    columns={**TASK_CLIENT, "path": task_command("TaskContent")},
    says=Saying("task {task} enabled[: {path}][ by {account}]"),
    provides="That a task may run from now on, and the session that said so.",
    absent=(
        "the client's address",
        "whether a client of another machine asked, before Windows 10",
    ),
)
