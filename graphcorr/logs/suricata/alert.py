"""Suricata EVE alert: a signature matched in a flow.

Source: Suricata's user guide, "Eve JSON Format", event type alert.
"""

from __future__ import annotations

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.groups import SURICATA_FLOW
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="suricata-alert",
    title="Alerts",
    source=JsonLog({"event_type": "alert", "alert.signature_id": None, "src_ip": None}, time="timestamp", collector="host"),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.ALERT, columns={"name": "alert"}),),
    needs=("alert",),
    columns={
        # The sender of what matched, which is the server as often as the client.
        **SURICATA_FLOW,
        "protocol": text("proto"),
        "alert": text("alert.signature"),
        "severity": text("alert.severity"),
        "category": text("alert.category"),
        "action": text("alert.action"),
    },
    says=Saying("alert {alert}[, {category}]"),
    provides="What a signature found, with the ends of what was sent, how bad it is in its words (1 is worst), and whether it was blocked.",
    absent=(
        "who began the flow",
        "whether it came to anything",
    ),
)
