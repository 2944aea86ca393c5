"""Sysmon 15: a file's named stream was created.

Source: Sysmon's schema (``sysmon -s``), event 15 FileCreateStreamHash.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import file, hashes, moment
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-15",
    title="File stream created",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 15),
    testifies=(Testimony(Kind.STREAM, columns=ACCOUNT),),
    identity=True,
    utc_field="UtcTime",
    essential=("path",),
    columns={
        **SYSMON_PROCESS,
        # The stream stays in the path: C:\\x.exe:Zone.Identifier marks what a browser or mail program brought in.
        "path": file("TargetFilename"),
        "hashes": hashes("Hash", "Hashes"),
        "file_created": moment("CreationUtcTime"),
    },
    says=Saying("{image or 'a program'} wrote stream {path}"),
    provides="A named stream, Zone.Identifier above all: the file came from elsewhere.",
    absent=("the stream's text before Sysmon 11",),
)
