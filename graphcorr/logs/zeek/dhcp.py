"""Zeek dhcp.log: leases.

Source: Zeek's script reference, base/protocols/dhcp/main.zeek, DHCP::Info; RFC 2131 for its messages.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.claims import CLIENT_NAME, LEASE
from graphcorr.logs.readers import address, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.logs.wire import first, joined, seconds
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-dhcp",
    title="DHCP leases",
    source=ZeekLog("dhcp", frozenset({"msg_types", "uids"})),
    vantage=Vantage.SENSOR,
    testifies=(
        Testimony(
            Kind.NAME,
            columns={
                "basis": f"'{LEASE}'",
                # What was only offered may not have been taken.
                "bindings": f"CASE WHEN action IS NULL OR contains(upper(action), 'ACK') THEN {CLIENT_NAME} END",
                "qualifies": "[source_host]",
            },
        ),
    ),
    identity=True,
    essential=("source_address", "action"),
    columns={
        "uid": first("uid", "uids"),
        # The client before the lease has no address; assigned_ip is the spelling before Zeek 2.6, which had no names.
        "source_address": address("assigned_addr", "assigned_ip", "client_addr", "id.orig_h"),
        "source_host": text("client_fqdn", "host_name"),
        "target_address": address("server_addr", "id.resp_h"),
        "action": joined("msg_types"),
        "duration": seconds("lease_time"),
    },
    says=Saying("{source_address or 'no address'} for {source_host or 'a client'}[: {action}]"),
    provides=(
        "Which host had which address, for how long: the strongest of the name sources. "
        "Without ACK in the action the address was offered and may not have been taken."
    ),
    absent=(
        "host names before Zeek 2.6",
        "leases renewed past the monitor",
    ),
)
