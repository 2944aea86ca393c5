"""Zeek notice.log: what Zeek's scripts, and those of its users, find worth a look.

Source: Zeek's script reference, base/frameworks/notice/main.zeek, Notice::Info.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import address, integer, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-notice",
    title="Notices",
    source=ZeekLog("notice", frozenset({"actions", "note", "suppress_for"})),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.ALERT, columns={"name": "alert"}),),
    needs=("alert",),
    columns={
        **ZEEK_CONNECTION,
        # A notice that is about no connection has addresses all the same.
        "source_address": address("id.orig_h", "src"),
        "target_address": address("id.resp_h", "dst"),
        "target_port": integer("id.resp_p", "p", below=65_536),
        "fuid": text("fuid"),
        "alert": text("note"),
        "message": text("msg"),
    },
    says=Saying("notice {alert}: {message}"),
    provides="What somebody's script found worth a look, with the ends of the connection where it is about one.",
    absent=(
        "how bad it is",
        "what was suppressed after the first of its kind",
    ),
)
