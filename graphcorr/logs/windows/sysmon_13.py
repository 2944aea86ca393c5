"""Sysmon 13: a value of the registry was set.

Source: Sysmon's schema (``sysmon -s``), event 13 RegistryEvent (Value Set).
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import constant, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.sysmon import registry_object
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-13",
    title="Registry value set",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 13),
    testifies=(Testimony(Kind.REGISTRY_SET, columns=ACCOUNT),),
    utc_field="UtcTime",
    essential=("target_object",),
    columns={
        **SYSMON_PROCESS,
        "action": constant("SetValue"),
        "target_object": registry_object("TargetObject"),
        "details": text("Details"),
    },
    says=Saying("{image or 'a process that is not known'} set {target_object}[ to {details}]"),
    provides="Which program set which value, and to what.",
    absent=(
        "binary values: `Binary Data` stands for all of them",
        "the remote client: its writes are svchost's",
    ),
)
