"""Sysmon 12: a key of the registry was made or deleted, or a value of it deleted.

Source: Sysmon's schema (``sysmon -s``), event 12 RegistryEvent (Object create and delete).
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.sayings import Saying
from graphcorr.logs.sysmon import registry_action, registry_object
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-12",
    title="Registry object added or deleted",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 12),
    testifies=(Testimony(Kind.REGISTRY_CHANGE, columns=ACCOUNT),),
    utc_field="UtcTime",
    essential=("target_object",),
    columns={
        **SYSMON_PROCESS,
        "action": registry_action(),
        "target_object": registry_object("TargetObject"),
    },
    says=Saying("{image or 'a process that is not known'}: {action or 'change of'} {target_object}"),
    provides="Which program made or deleted which key.",
    absent=(
        "which of the two it was, in exports whose own EventType stands over the event's",
        "the remote client: its writes are svchost's",
    ),
)
