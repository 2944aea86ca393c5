"""Sysmon 19: a filter for a permanent subscription of WMI was registered.

Source: Sysmon's schema (``sysmon -s``), event 19 WmiEvent (WmiEventFilter).
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_WMI
from graphcorr.logs.sayings import Saying
from graphcorr.logs.sysmon import literal
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-19",
    title="WMI event filter",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 19),
    testifies=(Testimony(Kind.SUBSCRIPTION, columns={**ACCOUNT, "name": "subscription", "query": "wql", "what": "'filter'"}),),
    utc_field="UtcTime",
    essential=("subscription", "wql"),
    columns={
        **SYSMON_WMI,
        "subscription": literal("Name"),
        "wql": literal("Query"),
    },
    says=Saying("WMI filter {subscription}: {wql}[ by {account}]"),
    provides="A query for events, its name and the account that registered it.",
    absent=(
        "what is run: the consumer and the binding say it",
        "the client, where it was registered from elsewhere",
    ),
)
