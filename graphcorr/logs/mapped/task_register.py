"""A mapped record that a scheduled task was registered.

Source: docs/mapping.md, event task_register.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACTOR, changes_task
from graphcorr.logs.mapped_reading import PROCESS, rows
from graphcorr.logs.readers import command
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import task

LOG_TYPE = LogType(
    name="mapped-task-register",
    title="Mapped: a scheduled task was registered",
    source=rows("task_register"),
    testifies=(changes_task("registered", ACTOR, prefer=2),),
    needs=("task",),
    columns={
        **{name: PROCESS[name] for name in ("user", "user_domain", "user_sid", "logon_id")},
        "task": task("task"),
        "path": command("path"),
    },
    says=Saying("task {task} registered[: {path}][ by {account}]"),
    provides="A new task, and the command that it runs.",
    absent=("whether a client of another machine asked",),
)
