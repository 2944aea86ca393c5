"""Suricata EVE http: a request over HTTP without TLS, and what was answered.

Source: Suricata's user guide, "Eve JSON Format", event type http; its source, output-json-http.c.
"""

from __future__ import annotations

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.groups import SURICATA_FLOW
from graphcorr.logs.readers import integer, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="suricata-http",
    title="Requests over HTTP",
    source=JsonLog({"event_type": "http", "flow_id": None, "src_ip": None}, time="timestamp", collector="host"),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.HTTP_REQUEST),),
    needs=("source_address", "target_address"),
    columns={
        **SURICATA_FLOW,
        "method": text("http.http_method"),
        # Any client may write any name there.
        "http_host": text("http.hostname"),
        "uri": text("http.url"),
        "user_agent": text("http.http_user_agent"),
        "status_code": integer("http.status", below=2**31),
        "received_bytes": integer("http.length"),
    },
    says=Saying("{source_address} asked {http_host or target_address} for {uri or 'nothing'}[: {status_code}]"),
    provides="Who asked which server for what, and how it was answered.",
    absent=(
        "what is under TLS",
        "the process",
        "what a client sent: its size and its kind",
    ),
)
