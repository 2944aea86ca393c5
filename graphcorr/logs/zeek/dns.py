"""Zeek dns.log: names asked for and answered.

Source: Zeek's script reference, base/protocols/dns/main.zeek, DNS::Info.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.claims import DNS_ANSWER
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.logs.wire import items
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-dns",
    title="DNS",
    source=ZeekLog("dns", frozenset({"proto", "query", "trans_id", "uid"})),
    vantage=Vantage.SENSOR,
    testifies=(
        Testimony(
            Kind.NAME,
            "query_type IN ('A', 'AAAA') AND query IS NOT NULL",
            # No ``qualifies``: ``mail`` is the first label of half the world.
            {"basis": f"'{DNS_ANSWER}'", "bindings": "list_transform(answers, lambda answer: {'address': answer, 'name': query})"},
        ),
    ),
    identity=True,
    needs=("target_address",),
    columns={
        **ZEEK_CONNECTION,
        "protocol": text("proto"),
        "query": text("query"),
        "query_type": text("qtype_name"),
        "answers": items("answers"),
    },
    says=Saying("{source_address} asked for {query or 'nothing'}[ ({query_type})]"),
    provides="Which name was answered by which addresses: the weakest of the name sources.",
    absent=(
        "answers from caches",
        "encrypted DNS",
    ),
)
