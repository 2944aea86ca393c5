"""WMI-Activity 5857: a provider's library was loaded into a process of WMI.

Source: the manifest of the provider Microsoft-Windows-WMI-Activity (``wevtutil gp``), event 5857.
"""

from __future__ import annotations

import re
from typing import Final

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.messages import assigned, stated
from graphcorr.logs.readers import accepted, file, integer, program
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

_CODE: Final = re.compile(r"with result code (0x[0-9a-fA-F]+)")

LOG_TYPE = LogType(
    name="wmi-activity-5857",
    title="A provider was started",
    source=WindowsEvent("microsoft-windows-wmi-activity", "microsoft-windows-wmi-activity/operational", 5857),
    testifies=(Testimony(Kind.MODULE_LOAD, "success IS NOT FALSE", {"account": "NULL"}, prefer=6, covers=None),),
    needs=("path",),
    columns={
        "path": stated(file("ProviderPath"), assigned("ProviderPath")),
        "image": stated(program("HostProcess"), assigned("HostProcess")),
        "pid": stated(integer("ProcessID", zero=False), assigned("ProcessID")),
        "success": stated(accepted("Code"), _CODE),
    },
    says=Saying("{path} loaded into {image or 'a process'}"),
    provides="Which provider's library WMI loaded into which of its processes; other libraries are not logged.",
    absent=("the folder of the process's program", "who asked", "hashes"),
)
