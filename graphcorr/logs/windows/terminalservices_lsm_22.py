"""TerminalServices session manager 22: the desktop of a session was started.

Source: the manifest of the provider Microsoft-Windows-TerminalServices-LocalSessionManager (``wevtutil gp``), event 22.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import OPENS_DESKTOP
from graphcorr.logs.groups import DESKTOP_SESSION
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="terminalservices-lsm-22",
    title="Remote Desktop Services: Shell start notification received",
    source=WindowsEvent(
        "microsoft-windows-terminalservices-localsessionmanager", "microsoft-windows-terminalservices-localsessionmanager/operational", 22
    ),
    testifies=(OPENS_DESKTOP,),
    needs=("target_user",),
    columns=DESKTOP_SESSION,
    says=Saying("desktop of {target_user} started[ from {source_address}]"),
    provides="That somebody has a desktop, and from which address.",
    absent=("the session's id in the audit", "the client's name"),
)
