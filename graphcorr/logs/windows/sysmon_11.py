"""Sysmon 11: a file was created or overwritten.

Source: Sysmon's schema (``sysmon -s``), event 11 FileCreate.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import WRITTEN_ON_HOST
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import file, moment
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="sysmon-11",
    title="File created",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 11),
    testifies=WRITTEN_ON_HOST,
    utc_field="UtcTime",
    essential=("path",),
    columns={
        **SYSMON_PROCESS,
        "path": file("TargetFilename"),
        "file_created": moment("CreationUtcTime"),
    },
    says=Saying("{image or 'System'} created {path}"),
    provides=(
        "A file and its writer; System (pid 4) as writer may be a network client. "
        "CreationUtcTime is the file's own age and never the time of the write."
    ),
    absent=(
        "the network client",
        "an overwrite of an open file",
        "hashes",
    ),
)
