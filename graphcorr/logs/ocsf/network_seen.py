"""OCSF Network Activity (4001), by a monitor or a cloud's network: a connection of two others.

Source: OCSF's schema, class network_activity, activity_id 1 Open, 6 Traffic, action_id 2 Denied.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.ocsf_reading import ENDS, accepted, activity, seen, speaks_as_end
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="ocsf-network-seen",
    title="OCSF Network Activity that a monitor saw",
    source=seen(4001, speaks_as_end),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.CONNECTION, "action IN ('1', '6') AND success IS DISTINCT FROM FALSE"),),
    needs=("source_address", "target_address"),
    columns={
        **ENDS,
        "action": activity(),
        "success": accepted(),
        "protocol": text("connection_info.protocol_name"),
    },
    says=Saying("connection {source_address} → {target_address}[:{target_port}]"),
    provides="Who connected to whom, as flow logs of clouds and monitors tell it.",
    absent=("processes and accounts", "bytes"),
)
