"""Suricata EVE dcerpc: remote procedure calls over TCP; those through a pipe stand in its smb records.

Source: Suricata's user guide, "Eve JSON Format", event type dcerpc; MS-RPCE for what is under packet privacy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.groups import SURICATA_FLOW
from graphcorr.logs.sayings import Saying
from graphcorr.logs.suricata_calls import CALLS, analyzer, failed, interface, operation, reason
from graphcorr.logs.testimony import Vantage

if TYPE_CHECKING:
    from graphcorr.logs.base import Fields


def _done(fields: Fields) -> bool | None:
    return False if failed(fields, "dcerpc") else None


LOG_TYPE = LogType(
    name="suricata-dcerpc",
    title="Remote procedure calls",
    source=JsonLog({"event_type": "dcerpc", "flow_id": None, "src_ip": None}, time="timestamp", collector="host"),
    vantage=Vantage.SENSOR,
    testifies=CALLS,
    needs=("target_address",),
    columns={
        # The ends stand here as they opened the flow.
        **SURICATA_FLOW,
        "endpoint": interface("dcerpc"),
        "action": operation("dcerpc", "req.opnum", "opnum"),
        "success": _done,
        "analyzer": analyzer("dcerpc"),
        "reason": reason("dcerpc"),
    },
    says=Saying("{source_address} called {endpoint or 'an interface'}::{action or '?'} of {target_address}"),
    provides="Which call was made of the service manager, the schedulers, WMI and DCOM's activation: CreateServiceW, ExecMethod.",
    absent=(
        "arguments: service names, command lines",
        "the account",
        "calls of other interfaces",
        "the interface of calls over UDP, and of those whose binding was not seen",
    ),
)
