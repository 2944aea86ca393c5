"""Sysmon 7: a module was loaded into a process.

Source: Sysmon's schema (``sysmon -s``), event 7 ImageLoad.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import file, flag, hashes, signer, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-7",
    title="Image loaded",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 7),
    testifies=(Testimony(Kind.MODULE_LOAD, columns=ACCOUNT),),
    utc_field="UtcTime",
    essential=("path",),
    columns={
        **SYSMON_PROCESS,
        "path": file("ImageLoaded"),
        "original_file_name": text("OriginalFileName"),
        "hashes": hashes("Hashes"),
        "signed": flag("Signed"),
        "signer": signer("Signature"),
    },
    says=Saying("{image} loaded {path}"),
    provides="The exact path, hashes and signature of every module that a process loaded. Off in most configurations.",
    absent=("the load's origin (import, LoadLibrary)",),
)
