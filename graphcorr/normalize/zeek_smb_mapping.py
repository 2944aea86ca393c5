"""Zeek smb_mapping.log: a share was connected."""

from __future__ import annotations

from graphcorr.model import Kind
from graphcorr.normalize.base import LogType, ZeekLog
from graphcorr.normalize.groups import ZEEK_CONNECTION
from graphcorr.normalize.readers import text

LOG_TYPE = LogType(
    name="zeek-smb-mapping",
    title="SMB shares",
    source=ZeekLog("smb_mapping", frozenset({"path", "share_type", "uid"})),
    carries=frozenset({Kind.SHARE_ACCESS}),
    identity=True,
    columns={
        **ZEEK_CONNECTION,
        "share": text("path"),
        "share_type": text("share_type"),
    },
    provides="Which client connected which share.",
    absent=(
        "the account",
        "the local path",
    ),
)
