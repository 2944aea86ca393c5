"""A mapped record that a file was deleted.

Source: docs/mapping.md, event file_removal.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.mapped_reading import FILE, PROCESS, rows
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mapped-file-removal",
    title="Mapped: a file was deleted",
    source=rows("file_removal"),
    testifies=(Testimony(Kind.REMOVAL, columns=ACCOUNT),),
    identity=True,
    needs=("path",),
    columns={**PROCESS, **FILE},
    says=Saying("{image or 'a process that is not known'} deleted {path}"),
    provides="A deleted file: its version ends here.",
)
