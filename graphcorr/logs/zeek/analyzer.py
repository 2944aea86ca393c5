"""Zeek analyzer.log: analyzers that gave up on a connection, a packet or a file.

Source: Zeek's script reference, base/frameworks/analyzer/logging.zeek, Analyzer::Logging::Info.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-analyzer",
    title="Analyzers that gave up",
    source=ZeekLog("analyzer", frozenset({"analyzer_kind", "analyzer_name"})),
    vantage=Vantage.SENSOR,
    testifies=(
        # Until Zeek 8.0 confirmations could be logged, too.
        Testimony(Kind.BLIND_SPOT, "coalesce(action, 'violation') = 'violation'"),
    ),
    needs=("analyzer",),
    columns={
        **ZEEK_CONNECTION,
        "fuid": text("fuid"),
        "action": text("cause"),
        "analyzer": text("analyzer_name"),
        "reason": text("failure_reason"),
    },
    says=Saying("{analyzer} was not followed[: {reason}]"),
    provides="Connections and files that the monitor could not follow: what they did is in no other log of it.",
    absent=("what it did not see",),
)
