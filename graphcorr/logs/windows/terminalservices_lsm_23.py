"""TerminalServices session manager 23: a desktop's session ended.

Source: the manifest of the provider Microsoft-Windows-TerminalServices-LocalSessionManager (``wevtutil gp``), event 23.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import leaves_desktop
from graphcorr.logs.groups import DESKTOP_SESSION
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="terminalservices-lsm-23",
    title="Remote Desktop Services: Session logoff succeeded",
    source=WindowsEvent(
        "microsoft-windows-terminalservices-localsessionmanager", "microsoft-windows-terminalservices-localsessionmanager/operational", 23
    ),
    testifies=(leaves_desktop("ended"),),
    needs=("target_user",),
    columns=DESKTOP_SESSION,
    says=Saying("desktop session of {target_user} ended"),
    provides="When a desktop's session ended; without an address.",
    absent=("the session's id in the audit", "the client's name"),
)
