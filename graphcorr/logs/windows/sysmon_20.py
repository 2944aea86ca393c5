"""Sysmon 20: a consumer for a permanent subscription of WMI was registered.

Source: Sysmon's schema (``sysmon -s``), event 20 WmiEvent (WmiEventConsumer).
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_WMI
from graphcorr.logs.sayings import Saying
from graphcorr.logs.sysmon import destination, literal
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-20",
    title="WMI event consumer",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 20),
    testifies=(Testimony(Kind.SUBSCRIPTION, columns={**ACCOUNT, "name": "subscription", "path": "command_line", "what": "'consumer'"}),),
    utc_field="UtcTime",
    essential=("subscription", "command_line"),
    columns={
        **SYSMON_WMI,
        "subscription": literal("Name"),
        # A command line, or the text of a script.
        "command_line": destination("Destination"),
    },
    says=Saying("WMI consumer {subscription}: {command_line}[ by {account}]"),
    provides="The command or script that is to run, its name and the account that registered it.",
    absent=(
        "when it is to run: the filter and the binding say it",
        "the client, where it was registered from elsewhere",
    ),
)
