"""A mapped record of a connection, by a firewall or a monitor that it went through.

Source: docs/mapping.md, event flow.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.mapped_reading import CONNECTED, rows
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mapped-flow",
    title="Mapped: a connection that a monitor saw",
    source=rows("flow", seen_by_sensor=True),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.CONNECTION),),
    needs=("source_address", "target_address"),
    columns=CONNECTED,
    says=Saying("connection {source_address} → {target_address}[:{target_port}]"),
    provides="Who connected to whom.",
    absent=("processes and accounts",),
)
