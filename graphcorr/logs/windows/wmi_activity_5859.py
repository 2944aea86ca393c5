"""WMI-Activity 5859: a filter of a permanent subscription came into force.

Source: the manifest of the provider Microsoft-Windows-WMI-Activity (``wevtutil gp``), event 5859.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.messages import assigned, stated
from graphcorr.logs.readers import domain, own_account, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="wmi-activity-5859",
    title="A permanent subscription's filter was activated",
    source=WindowsEvent("microsoft-windows-wmi-activity", "microsoft-windows-wmi-activity/operational", 5859),
    testifies=(Testimony(Kind.SUBSCRIPTION, columns={**ACCOUNT, "query": "wql", "what": "'filter'"}, covers=None),),
    needs=("wql",),
    columns={
        "wql": stated(text("Query"), assigned("NotificationQuery")),
        "user": stated(own_account("User"), assigned("OwnerName")),
        "user_domain": stated(domain("User"), assigned("OwnerName")),
    },
    says=Saying("WMI watches for {wql}[ for {account}]"),
    provides="Which query a permanent subscription watches for, at every start of WMI again.",
    absent=("the client's address",),
)
