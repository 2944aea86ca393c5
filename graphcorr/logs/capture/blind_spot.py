"""Where a packet capture does not show what went over the wire: once for each connection and reason.

Source: graphcorr's own reading of packets (``graphcorr/sources/captures.py``), and what ``tshark`` says of them.
"""

from __future__ import annotations

from graphcorr.logs.base import CaptureRow, LogType
from graphcorr.logs.groups import CAPTURED
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="capture-blind-spot",
    title="What could not be followed",
    source=CaptureRow("blind_spot"),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.BLIND_SPOT),),
    needs=("target_address", "reason"),
    columns={
        **CAPTURED,
        "analyzer": text("analyzer"),
        "reason": text("reason"),
    },
    says=Saying("{analyzer} was not followed: {reason}"),
    provides=(
        "Connections of SMB and remote procedure calls that are encrypted, lost or cut in the capture, or broken: "
        "what they did is in no other row of it."
    ),
    absent=("what it did not see", "the same reason again in one connection"),
)
