"""Security 5158: a process of this host took a local port.

Source: Microsoft, Windows security auditing, event 5158(S) "The Windows Filtering Platform has permitted a bind to a local port".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import OWN_ADDRESS
from graphcorr.logs.readers import address, integer, port, program
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import protocol

LOG_TYPE = LogType(
    name="security-5158",
    title="The Windows Filtering Platform has permitted a bind to a local port",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 5158),
    testifies=(OWN_ADDRESS,),
    identity=True,
    essential=("source_port", "image"),
    columns={
        # Both names are in use, as for 5156.
        "pid": integer("ProcessID", "ProcessId", zero=False),
        "image": program("Application"),
        # Most programs bind to every address of the host at once, and then none stands here.
        "source_address": address("SourceAddress"),
        "source_port": port("SourcePort"),
        "protocol": protocol("Protocol"),
    },
    says=Saying("{image or 'a program'} bound to[ {source_address}] port {source_port}"),
    provides="An address of the host itself, where a program bound to one.",
    absent=("the other end: a bind is no connection", "the address, where a program bound to all of them"),
)
