"""Defender's DeviceEvents, ServiceInstalled: a service was registered.

Source: Microsoft, Defender XDR, advanced hunting schema, DeviceEvents, and the portal's reference of its ActionType ServiceInstalled.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.endpoint import INITIATING, actions, additional, full_path
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mde-service-installed",
    title="DeviceEvents: a service was installed",
    source=actions("ServiceInstalled"),
    testifies=(Testimony(Kind.SERVICE_INSTALL, "path IS NOT NULL", ACCOUNT, prefer=2),),
    essential=("service", "path"),
    columns={
        **INITIATING,
        "service": additional("ServiceName"),
        "path": full_path("FolderPath", "FileName"),
    },
    says=Saying("service {service or 'without a name'} registered[: {path}]"),
    provides="A new service and the program that it runs.",
    absent=("its arguments", "the remote client that asked for it"),
)
