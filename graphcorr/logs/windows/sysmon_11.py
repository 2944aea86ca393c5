"""Sysmon 11: a file was created or overwritten."""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import moment, text
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-11",
    title="File created",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 11),
    carries=frozenset({Kind.WRITE}),
    utc_field="UtcTime",
    essential=("path",),
    columns={
        **SYSMON_PROCESS,
        "path": text("TargetFilename"),
        "file_created": moment("CreationUtcTime"),
    },
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
