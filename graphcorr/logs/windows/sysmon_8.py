"""Sysmon 8: a program started a thread in another one.

Source: Sysmon's schema (``sysmon -s``), event 8 CreateRemoteThread.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PAIR
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.sysmon import plain_name
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-8",
    title="Remote thread created",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 8),
    testifies=(Testimony(Kind.THREAD_CREATE, columns=ACCOUNT),),
    utc_field="UtcTime",
    essential=("image", "target_image"),
    columns={
        **SYSMON_PAIR,
        "start_address": text("StartAddress"),
        "start_module": text("StartModule"),
        "start_function": plain_name("StartFunction"),
    },
    says=Saying("{image or 'a process that is not known'} started a thread in {target_image or 'another'}[ at {start_function}]"),
    provides="Which program started a thread in which other one, and where it began: in a module, or in memory that belongs to none.",
    absent=(
        "what the thread did",
        "the accounts before Sysmon 13.30",
    ),
)
