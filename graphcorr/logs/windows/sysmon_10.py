"""Sysmon 10: a program opened another one, with these rights. The most frequent of all where it is not filtered.

Source: Sysmon's schema (``sysmon -s``), event 10 ProcessAccess; Microsoft, Process Security and Access Rights, for the bits.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PAIR
from graphcorr.logs.readers import integer
from graphcorr.logs.sayings import Saying
from graphcorr.logs.sysmon import call_trace
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-10",
    title="Process accessed",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 10),
    testifies=(Testimony(Kind.PROCESS_ACCESS, columns=ACCOUNT),),
    utc_field="UtcTime",
    essential=("image", "target_image"),
    columns={
        **SYSMON_PAIR,
        "access_mask": integer("GrantedAccess"),
        "call_trace": call_trace("CallTrace"),
    },
    says=Saying("{image or 'a process that is not known'} opened {target_image or 'another'} with access {access_mask:#x}"),
    provides="Which program may read or change the memory of which other one, and the modules on its way there.",
    absent=(
        "what was done with the access",
        "the accounts before Sysmon 13.30",
    ),
)
