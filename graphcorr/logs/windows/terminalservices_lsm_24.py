"""TerminalServices session manager 24: somebody went away from a desktop's session.

Source: the manifest of the provider Microsoft-Windows-TerminalServices-LocalSessionManager (``wevtutil gp``), event 24.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import leaves_desktop
from graphcorr.logs.groups import DESKTOP_SESSION
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="terminalservices-lsm-24",
    title="Remote Desktop Services: Session has been disconnected",
    source=WindowsEvent(
        "microsoft-windows-terminalservices-localsessionmanager", "microsoft-windows-terminalservices-localsessionmanager/operational", 24
    ),
    testifies=(leaves_desktop("disconnected"),),
    needs=("target_user",),
    columns=DESKTOP_SESSION,
    says=Saying("desktop session of {target_user} disconnected[ from {source_address}]"),
    provides="Who left a desktop's session that is still there.",
    absent=("the session's id in the audit", "the client's name"),
)
