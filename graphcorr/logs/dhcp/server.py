"""Microsoft's DHCP server: leases, by its audit log as the Elastic integration ``microsoft_dhcp`` ships it.

Source: Microsoft, "Analyze DHCP server log files", event ids 10 to 36; Elastic, integration "Microsoft DHCP", exported fields.
"""

from __future__ import annotations

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.claims import CLIENT_NAME, LEASE
from graphcorr.logs.readers import address, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="dhcp-server",
    title="DHCP leases, by the server",
    # The text file itself has the server's local time without a zone; the integration is told the zone.
    source=JsonLog({"event.dataset": "microsoft_dhcp.log", "event.code": None}, time="@timestamp", collector="observer.hostname"),
    vantage=Vantage.SENSOR,
    testifies=(
        Testimony(
            Kind.NAME,
            # Given, renewed, and given by BOOTP. What was refused, released or has expired binds nobody.
            "action IN ('10', '11', '20', '21')",
            {"basis": f"'{LEASE}'", "bindings": CLIENT_NAME, "qualifies": "[source_host]"},
        ),
    ),
    identity=True,
    needs=("action",),
    columns={
        # Not those of ``host``, where old versions of the integration put the client: mostly it is the machine that shipped the record.
        "source_address": address("source.ip"),
        "source_host": text("source.address"),
        "action": text("event.code"),
    },
    says=Saying("event {action} of the server of DHCP[: {source_address}][ for {source_host}]"),
    provides="Which host was given which address when, by who gives them: the strongest of the name sources.",
    absent=("how long a lease lasts", "leases of other servers"),
)
