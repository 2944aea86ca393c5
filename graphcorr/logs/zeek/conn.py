"""Zeek conn.log: one row for each connection, written when it ended; ``ts`` is its start.

Source: Zeek's script reference, base/protocols/conn/main.zeek, Conn::Info.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import integer, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.logs.wire import seconds
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-conn",
    title="Connections",
    source=ZeekLog("conn", frozenset({"conn_state", "proto", "uid"})),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.CONNECTION),),
    needs=("source_address", "target_address"),
    columns={
        **ZEEK_CONNECTION,
        "protocol": text("proto"),
        "service": text("service"),
        "action": text("conn_state"),
        "duration": seconds("duration"),
        "sent_bytes": integer("orig_bytes"),
        "received_bytes": integer("resp_bytes"),
    },
    says=Saying("connection {source_address} → {target_address}[:{target_port}][ ({service})][: {action}]"),
    provides="Who connected to whom, for how long, with how many bytes each way.",
    absent=(
        "names",
        "processes",
    ),
)
