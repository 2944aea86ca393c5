"""Suricata EVE flow: one record for each flow, written when it ended; ``flow.start`` is its start.

Source: Suricata's user guide, "Eve JSON Format", event type flow.
"""

from __future__ import annotations

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.groups import SURICATA_FLOW
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="suricata-flow",
    title="Flows",
    source=JsonLog({"event_type": "flow", "flow_id": None, "src_ip": None}, time="flow.start", collector="host"),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.CONNECTION),),
    needs=("source_address", "target_address"),
    columns={
        **SURICATA_FLOW,
        "protocol": text("proto"),
        "service": text("app_proto"),
        "action": text("flow.state"),
    },
    says=Saying("connection {source_address} → {target_address}[:{target_port}][ ({service})]"),
    provides=(
        "Who connected to whom. Of EVE flow, http, smb, dcerpc, fileinfo over SMB, krb5 and alert are read: other event types are skipped "
        "and told."
    ),
    absent=(
        "names",
        "processes",
        "payload bytes: what it counts has the headers in it",
        "which end began a flow that Suricata saw in the middle: then the source is a guess",
    ),
)
