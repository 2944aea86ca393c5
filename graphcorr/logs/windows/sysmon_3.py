"""Sysmon 3: a TCP or UDP connection, at one end of it.

Source: Sysmon's schema (``sysmon -s``), event 3 NetworkConnect.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT, BOTH_NAMES, REVERSE_DNS
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import address, flag, port, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-3",
    title="Network connection",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 3),
    testifies=(
        Testimony(Kind.CONNECTION, columns=ACCOUNT),
        # Of all the machines that a host ever talks to only those that speak SMB with it.
        Testimony(
            Kind.NAME,
            "445 IN (source_port, target_port)",
            {"basis": f"'{REVERSE_DNS}'", "bindings": BOTH_NAMES},
            covers=None,
        ),
    ),
    identity=True,
    essential=("source_address", "target_address"),
    columns={
        **SYSMON_PROCESS,
        # Seen from the connection: the source is who opened it, also when this host is the destination.
        "source_address": address("SourceIp"),
        "source_port": port("SourcePort"),
        "source_host": text("SourceHostname"),
        "target_address": address("DestinationIp"),
        "target_port": port("DestinationPort"),
        "target_host": text("DestinationHostname"),
        "protocol": text("Protocol"),
        "initiated": flag("Initiated"),
    },
    says=Saying("connection {source_address} → {target_address}[ of {image}]"),
    provides=(
        "Which process talked to whom. UtcTime is seconds to months off here and not used; the names are reverse DNS as this host saw it."
    ),
    absent=(
        "bytes",
        "the end of the connection",
        "later connections of the same process within Sysmon's own throttling",
    ),
)
