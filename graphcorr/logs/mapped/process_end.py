"""A mapped record that a process ended.

Source: docs/mapping.md, event process_end.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.mapped_reading import PROCESS, rows
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mapped-process-end",
    title="Mapped: a process ended",
    source=rows("process_end"),
    testifies=(Testimony(Kind.PROCESS_END, columns=ACCOUNT),),
    essential=("image", "pid", "process_guid"),
    columns=PROCESS,
    says=Saying("{image or 'a process'} (pid {pid or '?'}) ended"),
    provides="The end of a process: a pid means nothing after it.",
)
