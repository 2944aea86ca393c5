"""TerminalServices session manager 21: a desktop's session was opened.

Source: the manifest of the provider Microsoft-Windows-TerminalServices-LocalSessionManager (``wevtutil gp``), event 21.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import OPENS_DESKTOP
from graphcorr.logs.groups import DESKTOP_SESSION
from graphcorr.logs.sayings import Saying

LOG_TYPE = LogType(
    name="terminalservices-lsm-21",
    title="Remote Desktop Services: Session logon succeeded",
    source=WindowsEvent(
        "microsoft-windows-terminalservices-localsessionmanager", "microsoft-windows-terminalservices-localsessionmanager/operational", 21
    ),
    testifies=(OPENS_DESKTOP,),
    needs=("target_user",),
    columns=DESKTOP_SESSION,
    says=Saying("desktop session of {target_user} opened[ from {source_address}]"),
    provides="Who opened a desktop's session and from which address, in every Windows' default log.",
    absent=("the session's id in the audit", "the client's name"),
)
