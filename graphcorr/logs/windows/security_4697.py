"""Security 4697: a service was installed, with the account that asked.

Source: Microsoft, Windows security auditing, event 4697(S) "A service was installed in the system".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.readers import service_command, start_type, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4697",
    title="A service was installed in the system",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4697),
    testifies=(Testimony(Kind.SERVICE_INSTALL, "path IS NOT NULL", ACTOR, prefer=0),),
    essential=("path", "service"),
    columns={
        **SUBJECT,
        "service": text("ServiceName"),
        "path": service_command("ServiceFileName"),
        "start_type": start_type("ServiceStartType"),
    },
    says=Saying("service {service} installed: {path}[ by {account}]"),
    provides=(
        "Service name, its command line as registered, and the session that asked for it. "
        "The LogonId is often another one than that of the 5145 beside it."
    ),
    absent=(
        "whether the service was started",
        "the client's address",
    ),
)
