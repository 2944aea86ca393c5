"""Zeek rdp.log: remote desktop sessions that were asked for.

Source: Zeek's script reference, base/protocols/rdp/main.zeek, RDP::Info; MS-RDPBCGR 2.2.1.1 for the cookie.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.logs.wire import rdp_cookie
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-rdp",
    title="Remote desktop",
    source=ZeekLog("rdp", frozenset({"cert_count", "uid"})),
    vantage=Vantage.SENSOR,
    testifies=(
        # That it was asked for; what the client was let do is in the encrypted part.
        Testimony(Kind.LOGON, columns={"logon_type": "10"}, strength=Strength.ASKED, covers=None),
    ),
    needs=("target_address",),
    columns={
        **ZEEK_CONNECTION,
        "cookie": rdp_cookie("cookie"),
        "action": text("result"),
        # What the client calls itself, where nothing is encrypted yet.
        "source_host": text("client_name"),
    },
    says=Saying("{source_address} asked for a remote desktop of {target_address}[ as {cookie}][: {action}]"),
    provides="Which client asked for a remote desktop of which machine, and what it calls its user.",
    absent=(
        "whether a session came about",
        "the account: the cookie is what was typed",
        "the client's name in most sessions, which are encrypted before it",
    ),
)
