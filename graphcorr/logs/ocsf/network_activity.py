"""OCSF Network Activity (4001): a connection of a machine, at one end of it.

Source: OCSF's schema, class network_activity, activity_id 1 Open, 6 Traffic; objects Network Endpoint and Network Connection Information.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.fields import Joint
from graphcorr.logs.ocsf_reading import ACTOR_PROCESS, accepted, activity, speaks_as_end, spoken
from graphcorr.logs.readers import address, port, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import integer as integer_value


def _outbound(direction: object) -> bool | None:
    return {1: False, 2: True}.get(integer_value(direction) or 0)


LOG_TYPE = LogType(
    name="ocsf-network-activity",
    title="OCSF Network Activity",
    # Flow logs of networks have no machine that speaks.
    source=spoken(4001, speaks_as_end),
    testifies=(Testimony(Kind.CONNECTION, "action IN ('1', '6') AND success IS DISTINCT FROM FALSE", ACCOUNT),),
    essential=("source_address", "target_address"),
    columns={
        **ACTOR_PROCESS,
        "action": activity(),
        "success": accepted(),
        "source_address": address("src_endpoint.ip"),
        "source_port": port("src_endpoint.port"),
        "target_address": address("dst_endpoint.ip"),
        "target_port": port("dst_endpoint.port"),
        "protocol": text("connection_info.protocol_name"),
        "initiated": Joint(("connection_info.direction_id",), _outbound),
    },
    says=Saying("connection {source_address} → {target_address}[:{target_port}] of {image or 'a program'}"),
    provides="Which process talked to whom.",
    absent=("bytes",),
)
