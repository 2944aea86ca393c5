"""WMI-Activity 5858: a client's operation was refused, or ended before its result came.

Source: the manifest of the provider Microsoft-Windows-WMI-Activity (``wevtutil gp``), event 5858.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.messages import assigned, stated
from graphcorr.logs.readers import domain, own_account, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="wmi-activity-5858",
    title="An operation failed",
    source=WindowsEvent("microsoft-windows-wmi-activity", "microsoft-windows-wmi-activity/operational", 5858),
    testifies=(
        # Every program of the machine itself uses WMI: told is what another machine's did.
        Testimony(
            Kind.CALL,
            "lower(split_part(source_host, '.', 1)) <> lower(split_part(computer, '.', 1))",
            {
                **ACCOUNT,
                "interface": "'iwbemservices'",
                "operation": r"coalesce(nullif(regexp_extract(action, 'IWbemServices::(\w+)', 1), ''), action)",
            },
            strength=Strength.ASKED,
            covers=None,
        ),
    ),
    essential=("action", "source_host"),
    columns={
        "source_host": stated(text("ClientMachine"), assigned("ClientMachine")),
        "user": stated(own_account("User"), assigned("User")),
        "user_domain": stated(domain("User"), assigned("User")),
        "action": stated(text("Operation"), assigned("Operation")),
    },
    says=Saying("WMI refused {action}[ of {account}][, client {source_host}]"),
    provides="Which client's operation failed, by the name of its machine, with the query or method that it asked for.",
    absent=("what succeeded", "the client's address"),
)
