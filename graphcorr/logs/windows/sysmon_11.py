"""Sysmon 11: a file was created or overwritten.

Source: Sysmon's schema (``sysmon -s``), event 11 FileCreate.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT, BY_SYSTEM
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import file, moment
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-11",
    title="File created",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 11),
    testifies=(
        # By System for a network client, or for a driver, a snapshot, a trace: the weakest claim, and the exact time and path.
        Testimony(Kind.WRITE, BY_SYSTEM, strength=Strength.IMPLIED, prefer=0),
        Testimony(Kind.FILE_CREATE, f"NOT coalesce({BY_SYSTEM}, FALSE)", ACCOUNT),
    ),
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
