"""Security 4701: a scheduled task was disabled.

Source: Microsoft, Windows security auditing, event 4701(S) "A scheduled task was disabled"; RpcCallClientLocality of rpcasync.h.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR, ASKED_FROM_ELSEWHERE, changes_task
from graphcorr.logs.groups import TASK_CLIENT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.tasks import task_command

LOG_TYPE = LogType(
    name="security-4701",
    title="A scheduled task was disabled",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4701),
    testifies=(changes_task("disabled", ACTOR, remote=ASKED_FROM_ELSEWHERE, prefer=0),),
    needs=("task",),
    columns={**TASK_CLIENT, "path": task_command("TaskContent")},
    says=Saying("task {task} disabled[: {path}][ by {account}]"),
    provides="That a task does not run any more, and the session that said so.",
    absent=(
        "the client's address",
        "whether a client of another machine asked, before Windows 10",
    ),
)
