"""Sysmon 29: an executable file was written, told by its header when the handle was closed, with its hashes.

Source: Sysmon's schema 4.90 (``sysmon -s``, Sysmon 15), event 29 FileExecutableDetected.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import WRITTEN_ON_HOST
from graphcorr.logs.groups import SYSMON_FILE
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="sysmon-29",
    title="File executable detected",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 29),
    # As Sysmon 11, which many configurations leave out for it.
    testifies=WRITTEN_ON_HOST,
    utc_field="UtcTime",
    essential=("path",),
    columns=SYSMON_FILE,
    says=Saying("{image or 'System'} wrote the executable {path}"),
    provides="An executable, its writer and its hashes; System (pid 4) as writer may be a network client.",
    absent=(
        "the network client",
        "files that are no executables: scripts, documents, archives",
    ),
)
