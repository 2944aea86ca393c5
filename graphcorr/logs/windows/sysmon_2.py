"""Sysmon 2: a program set the creation time of a file.

Source: Sysmon's schema (``sysmon -s``), event 2 FileCreateTime.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import file, moment
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-2",
    title="File creation time changed",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 2),
    testifies=(Testimony(Kind.FILE_TIME, columns=ACCOUNT),),
    utc_field="UtcTime",
    essential=("path",),
    columns={
        **SYSMON_PROCESS,
        "path": file("TargetFilename"),
        "file_created": moment("CreationUtcTime"),
        "previous_created": moment("PreviousCreationUtcTime"),
    },
    says=Saying("{image or 'a process that is not known'} set the creation time of {path}"),
    provides="Which program gave a file another creation time, with the time before and after. Installers and archivers do so all day.",
    absent=("the other times of the file",),
)
