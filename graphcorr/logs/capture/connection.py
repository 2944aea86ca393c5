"""Connections in packet captures: one row for each that a server accepted, with the time of that.

Source: graphcorr's own reading of packets (``graphcorr/sources/captures.py``).
"""

from __future__ import annotations

from graphcorr.logs.base import CaptureRow, LogType
from graphcorr.logs.groups import CAPTURED
from graphcorr.logs.readers import constant
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="capture-connection",
    title="Connections",
    source=CaptureRow("connection"),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.CONNECTION),),
    needs=("source_address", "target_address"),
    columns={**CAPTURED, "protocol": constant("tcp")},
    says=Saying("connection {source_address} → {target_address}[:{target_port}]"),
    provides="Who connected to whom by TCP.",
    absent=(
        "names",
        "processes",
        "connections that were there before the capture began",
        "how much went over them, and for how long",
        "UDP",
    ),
)
