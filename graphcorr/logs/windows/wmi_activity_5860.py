"""WMI-Activity 5860: a program asked to be told of events.

Source: the manifest of the provider Microsoft-Windows-WMI-Activity (``wevtutil gp``), event 5860.
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
    name="wmi-activity-5860",
    title="A temporary subscription was made",
    source=WindowsEvent("microsoft-windows-wmi-activity", "microsoft-windows-wmi-activity/operational", 5860),
    testifies=(Testimony(Kind.SUBSCRIPTION, columns={**ACCOUNT, "query": "wql", "what": "'temporary'"}, covers=None),),
    needs=("wql",),
    columns={
        "wql": stated(text("Query"), assigned("NotificationQuery")),
        "user": stated(own_account("User"), assigned("UserName")),
        "user_domain": stated(domain("User"), assigned("UserName")),
        "source_host": stated(text("ClientMachine"), assigned("ClientMachine")),
    },
    says=Saying("WMI watches for {wql}[ for {account}][, client {source_host}]"),
    provides="Which query a program watches for while it runs, for whom, and on which machine that is.",
    absent=("the client's address",),
)
