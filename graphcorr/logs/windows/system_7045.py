"""System 7045: the service control manager registered a service. Logged by default.

Source: the message file of the Service Control Manager, event 7045; MS-SCMR 3.1.4.12 (RCreateServiceW) for what its fields are.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import HEADER_ACCOUNT
from graphcorr.logs.readers import service_command, start_type, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="system-7045",
    title="A service was installed in the system",
    source=WindowsEvent("service control manager", "system", 7045),
    testifies=(Testimony(Kind.SERVICE_INSTALL, "path IS NOT NULL", ACCOUNT, prefer=1),),
    essential=("path", "service"),
    columns={
        # The display name: 4697 of the same installation has the key name.
        "service": text("ServiceName"),
        "path": service_command("ImagePath"),
        "start_type": start_type("StartType"),
        **HEADER_ACCOUNT,
    },
    says=Saying("service {service} installed: {path}"),
    provides="A new service and its command line, in every Windows' default log.",
    absent=(
        "the acting account in most formats",
        "whether the service was started",
        "the client's address",
    ),
)
