"""Zeek smb_mapping.log: a share was connected.

Source: Zeek's script reference, base/protocols/smb/main.zeek, SMB::TreeInfo; MS-SMB2 2.2.10 for the types of shares.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.claims import NAMES_SERVER
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-smb-mapping",
    title="SMB shares",
    source=ZeekLog("smb_mapping", frozenset({"path", "share_type", "uid"})),
    vantage=Vantage.SENSOR,
    testifies=(Testimony(Kind.SHARE_ACCESS), NAMES_SERVER),
    identity=True,
    needs=("target_address",),
    essential=("share", "share_type"),
    columns={
        **ZEEK_CONNECTION,
        "share": text("path"),
        "share_type": text("share_type"),
    },
    says=Saying("{source_address} connected share {share or '?'} of {target_address}"),
    provides="Which client connected which share.",
    absent=(
        "the account",
        "the local path",
    ),
)
