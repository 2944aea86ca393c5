"""Sysmon 14: a key or a value of the registry was renamed.

Source: Sysmon's schema (``sysmon -s``), event 14 RegistryEvent (Key and Value Rename).
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
    name="sysmon-14",
    title="Registry object renamed",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 14),
    testifies=(Testimony(Kind.REGISTRY_CHANGE, columns=ACCOUNT),),
    utc_field="UtcTime",
    essential=("target_object",),
    columns={
        **SYSMON_PROCESS,
        "action": registry_action(),
        "target_object": registry_object("TargetObject"),
        "details": registry_object("NewName"),
    },
    says=Saying("{image or 'a process that is not known'} renamed {target_object} to {details}"),
    provides="Which program gave which key or value another name.",
    absent=("what it holds",),
)
