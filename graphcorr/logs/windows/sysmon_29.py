"""Sysmon 29: an executable file was written, told by its header when the handle was closed, with its hashes.

Source: Sysmon's schema 4.90 (``sysmon -s``, Sysmon 15), event 29 FileExecutableDetected.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT, BY_SYSTEM
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import file, hashes
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-29",
    title="File executable detected",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 29),
    testifies=(
        # As Sysmon 11, which many configurations leave out for it.
        Testimony(Kind.WRITE, BY_SYSTEM, strength=Strength.IMPLIED, prefer=0),
        Testimony(Kind.FILE_CREATE, f"NOT coalesce({BY_SYSTEM}, FALSE)", ACCOUNT),
    ),
    utc_field="UtcTime",
    essential=("path",),
    columns={
        **SYSMON_PROCESS,
        "path": file("TargetFilename"),
        "hashes": hashes("Hashes"),
    },
    says=Saying("{image or 'System'} wrote the executable {path}"),
    provides="An executable, its writer and its hashes; System (pid 4) as writer may be a network client.",
    absent=(
        "the network client",
        "files that are no executables: scripts, documents, archives",
    ),
)
