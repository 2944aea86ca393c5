"""A mapped record that a process started.

Source: docs/mapping.md, event process_start.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.mapped_reading import CREATED, HASHES, rows
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mapped-process-start",
    title="Mapped: a process started",
    source=rows("process_start"),
    testifies=(Testimony(Kind.PROCESS_START, columns=ACTOR, prefer=1),),
    essential=("image", "command_line"),
    columns={**CREATED, "hashes": HASHES},
    says=Saying("process started: {command_line or image}[, parent {parent_image}]"),
    provides="Program, command line, account, session, parent and hashes, as far as the mapping names them.",
)
