"""Acme's sensor on machines: a program started. An example: copy the folder into ``graphcorr/logs/``, and it is read.

Source: made up; here stands where the format is documented.
"""

from __future__ import annotations

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.readers import account, domain, integer, names, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="acme-started",
    title="A program started",
    source=JsonLog({"kind": "started", "agent.version": None}, time="at", computer="device.name", collector="relay"),
    testifies=(Testimony(Kind.PROCESS_START, "image IS NOT NULL", ACCOUNT, prefer=3),),
    essential=("image",),
    columns={
        "image": text("process.path"),
        "command_line": text("process.line"),
        "pid": integer("process.id", zero=False),
        "user": account("who"),
        "user_domain": domain("who"),
        "names": names("process.line", "process.path"),
    },
    says=Saying("{image} was started[ by {account}]"),
    provides="Programs, with their command lines and accounts.",
)
