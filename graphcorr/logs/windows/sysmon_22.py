"""Sysmon 22: a program of the machine asked for a name.

Source: Sysmon's schema (``sysmon -s``), event 22 DNSEvent.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.sayings import Saying
from graphcorr.logs.sysmon import plain_name, resolved
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-22",
    title="DNS query",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 22),
    testifies=(Testimony(Kind.NAME_QUERY, columns=ACCOUNT),),
    # No statement of whose an address is: a hosts file and whoever answers LLMNR on the link are heard here, too.
    essential=("query",),
    columns={
        **SYSMON_PROCESS,
        "query": plain_name("QueryName"),
        "answers": resolved("QueryResults"),
    },
    says=Saying("{image or 'a process that is not known'} asked for {query}"),
    provides="Which program asked for which name, and what it got. UtcTime is seconds to months off here and not used.",
    absent=(
        "who answered: DNS, a hosts file, or anybody on the link",
        "the type of the question",
        "answers from the cache of the resolver, before Windows 8.1",
    ),
)
