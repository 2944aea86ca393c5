"""Zeek dpd.log: analyzers that gave up on a connection.

Source: Zeek's script reference, base/frameworks/dpd/main.zeek, DPD::Info; from Zeek 8.0 on analyzer.log is in its place.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-dpd",
    title="Analyzers that gave up",
    source=ZeekLog("dpd", frozenset({"analyzer", "failure_reason", "uid"})),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.BLIND_SPOT),),
    needs=("target_address",),
    essential=("analyzer", "reason"),
    columns={
        **ZEEK_CONNECTION,
        "protocol": text("proto"),
        "analyzer": text("analyzer"),
        "reason": text("failure_reason"),
    },
    says=Saying("{analyzer} was not followed: {reason}"),
    provides="Connections that the monitor could not follow: what they did is in no other log of it.",
    absent=("what it did not see",),
)
