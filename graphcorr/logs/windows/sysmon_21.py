"""Sysmon 21: a consumer was bound to a filter: from now on WMI runs it.

Source: Sysmon's schema (``sysmon -s``), event 21 WmiEvent (WmiEventConsumerToFilter).
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_WMI
from graphcorr.logs.sayings import Saying
from graphcorr.logs.sysmon import instance_name
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-21",
    title="WMI event consumer bound to filter",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 21),
    testifies=(Testimony(Kind.SUBSCRIPTION, columns={**ACCOUNT, "name": "subscription", "filter": "wmi_filter", "what": "'binding'"}),),
    utc_field="UtcTime",
    essential=("subscription", "wmi_filter"),
    columns={
        **SYSMON_WMI,
        "subscription": instance_name("Consumer"),
        "wmi_filter": instance_name("Filter"),
    },
    says=Saying("WMI consumer {subscription} bound to filter {wmi_filter}[ by {account}]"),
    provides="Which consumer runs when which filter fits, by their names.",
    absent=(
        "what is run, and when",
        "the client, where it was bound from elsewhere",
    ),
)
