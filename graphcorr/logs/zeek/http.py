"""Zeek http.log: requests over HTTP without TLS, and what was answered.

Source: Zeek's script reference, base/protocols/http/main.zeek, HTTP::Info, and entities.zeek for its files.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import integer, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.logs.wire import items
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-http",
    title="HTTP requests",
    source=ZeekLog("http", frozenset({"request_body_len", "response_body_len", "trans_depth"})),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.HTTP_REQUEST),),
    needs=("target_address",),
    columns={
        **ZEEK_CONNECTION,
        "method": text("method"),
        # Any client may write any name there.
        "http_host": text("host"),
        "uri": text("uri"),
        "user_agent": text("user_agent"),
        "status_code": integer("status_code", below=2**31),
        "sent_bytes": integer("request_body_len"),
        "received_bytes": integer("response_body_len"),
        "sent_fuids": items("orig_fuids"),
        "received_fuids": items("resp_fuids"),
        "sent_types": items("orig_mime_types"),
        "received_types": items("resp_mime_types"),
    },
    says=Saying("{source_address} asked {http_host or target_address} for {uri or 'nothing'}[: {status_code}]"),
    provides="Who asked which server for what, and the ids of the files that went either way.",
    absent=(
        "what is under TLS",
        "the process",
        "bodies: files.log has what they were",
    ),
)
