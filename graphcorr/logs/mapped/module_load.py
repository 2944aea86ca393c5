"""A mapped record that a library was loaded into a process.

Source: docs/mapping.md, event module_load.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.mapped_reading import FILE, PROCESS, rows
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mapped-module-load",
    title="Mapped: a library was loaded",
    source=rows("module_load"),
    testifies=(Testimony(Kind.MODULE_LOAD, columns=ACCOUNT),),
    needs=("path",),
    columns={**PROCESS, **FILE},
    says=Saying("{image or 'a process that is not known'} loaded {path}"),
    provides="The path and hashes of a library, and the process that loaded it.",
)
