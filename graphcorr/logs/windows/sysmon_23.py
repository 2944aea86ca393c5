"""Sysmon 23: a file was deleted and kept in the archive folder.

Source: Sysmon's schema (``sysmon -s``), event 23 FileDelete.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_FILE
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-23",
    title="File delete archived",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 23),
    testifies=(Testimony(Kind.REMOVAL, columns=ACCOUNT),),
    identity=True,
    utc_field="UtcTime",
    essential=("path",),
    columns=SYSMON_FILE,
    says=Saying("{image} deleted {path}"),
    provides="A deleted file: its version ends here.",
    absent=("the network client",),
)
