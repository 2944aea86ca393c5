"""Zeek weird.log: traffic that is not as its protocol has it.

Source: Zeek's script reference, base/frameworks/notice/weird.zeek, Weird::Info.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-weird",
    title="Weird traffic",
    source=ZeekLog("weird", frozenset({"name", "notice", "peer"})),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.BLIND_SPOT),),
    needs=("reason",),
    columns={
        **ZEEK_CONNECTION,
        "analyzer": text("source"),
        "reason": text("name"),
        "message": text("addl"),
    },
    says=Saying("weird: {reason}[ by {analyzer}]"),
    provides="Where the monitor did not see traffic as it is, so that its other logs may lack something.",
    absent=(
        "what it did not see",
        "repetitions: weirds are sampled",
    ),
)
