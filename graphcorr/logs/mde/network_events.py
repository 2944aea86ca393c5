"""Defender's DeviceNetworkEvents: a connection of the device, at one end of it.

Source: Microsoft, Defender XDR, advanced hunting schema, DeviceNetworkEvents.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.endpoint import INITIATING, accepting_side, actions, goes_out, opening_side
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mde-network-events",
    title="DeviceNetworkEvents",
    source=actions("ConnectionSuccess", "InboundConnectionAccepted", "ConnectionFailed", "ConnectionAttempt", "ConnectionRequest"),
    testifies=(Testimony(Kind.CONNECTION, "action IN ('ConnectionSuccess', 'InboundConnectionAccepted')", ACCOUNT),),
    essential=("source_address", "target_address"),
    columns={
        **INITIATING,
        "action": text("ActionType"),
        # Seen from the connection: the source is who opened it, also when the device is the other end.
        "source_address": opening_side("LocalIP", "RemoteIP"),
        "source_port": opening_side("LocalPort", "RemotePort"),
        "target_address": accepting_side("LocalIP", "RemoteIP"),
        "target_port": accepting_side("LocalPort", "RemotePort"),
        "protocol": text("Protocol"),
        "initiated": goes_out(),
    },
    says=Saying("{action}: {source_address} → {target_address}[:{target_port}] of {image or 'a program'}"),
    provides="Which process connected to whom, or was connected to, and whether it came about.",
    absent=("connections that Defender leaves out because they are many and alike", "bytes", "the name of the other end"),
)
