"""Zeek ssh.log: SSH connections, and whether somebody was let in.

Source: Zeek's script reference, base/protocols/ssh/main.zeek, SSH::Info, which says how success is guessed.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import flag, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-ssh",
    title="SSH",
    source=ZeekLog("ssh", frozenset({"auth_attempts", "uid"})),
    vantage=Vantage.SENSOR,
    testifies=(
        # Told by the sizes of encrypted packets.
        Testimony(Kind.LOGON, "success", strength=Strength.IMPLIED, covers=None),
    ),
    needs=("target_address",),
    columns={
        **ZEEK_CONNECTION,
        "user_agent": text("client"),
        "success": flag("auth_success"),
    },
    says=Saying("{source_address} spoke SSH with {target_address}[, let in: {success}]"),
    provides="Which client spoke SSH with which server, and, by the sizes of packets, whether it was let in.",
    absent=(
        "the account",
        "what was done",
        "success where it cannot be told",
    ),
)
