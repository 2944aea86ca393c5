"""Security 5156: a connection of this host, at one end of it.

Source: Microsoft, Windows security auditing, event 5156(S) "The Windows Filtering Platform has permitted a connection".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.readers import address, integer, port, program
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import outbound, protocol
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-5156",
    title="The Windows Filtering Platform has permitted a connection",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 5156),
    testifies=(Testimony(Kind.CONNECTION),),
    essential=("source_address", "target_address", "image"),
    columns={
        # Both names are in use. ExecutionProcessID is the kernel.
        "pid": integer("ProcessID", "ProcessId", zero=False),
        "image": program("Application"),
        # Seen from the connection: the source is who opened it, also when this host is the destination.
        "source_address": address("SourceAddress"),
        "source_port": port("SourcePort"),
        "target_address": address("DestAddress"),
        "target_port": port("DestPort"),
        "protocol": protocol("Protocol"),
        "initiated": outbound("Direction"),
    },
    says=Saying("connection {source_address} → {target_address}[:{target_port}] of {image or 'a program'}"),
    provides="Which process talked to whom, and who opened the connection, of every connection where it is audited.",
    absent=("the account", "the names of both ends", "bytes", "the end of the connection"),
)
