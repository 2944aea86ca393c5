"""TerminalServices session manager 25: somebody came back to a desktop's session.

Source: the manifest of the provider Microsoft-Windows-TerminalServices-LocalSessionManager (``wevtutil gp``), event 25.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import OPENS_DESKTOP
from graphcorr.logs.groups import DESKTOP_SESSION
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="terminalservices-lsm-25",
    title="Remote Desktop Services: Session reconnection succeeded",
    source=WindowsEvent(
        "microsoft-windows-terminalservices-localsessionmanager", "microsoft-windows-terminalservices-localsessionmanager/operational", 25
    ),
    testifies=(OPENS_DESKTOP,),
    needs=("target_user",),
    columns=DESKTOP_SESSION,
    says=Saying("desktop session of {target_user} reconnected[ from {source_address}]"),
    provides="Who came back to a desktop's session, and from which address.",
    absent=("the session's id in the audit", "the client's name"),
)
