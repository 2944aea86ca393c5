"""Security 5143: a share was changed."""

from __future__ import annotations

from graphcorr.model import Kind
from graphcorr.normalize.base import LogType, WindowsEvent
from graphcorr.normalize.groups import SUBJECT
from graphcorr.normalize.readers import text

LOG_TYPE = LogType(
    name="security-5143",
    title="A network share object was modified",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 5143),
    carries=frozenset({Kind.SHARE_ACCESS}),
    identity=True,
    columns={
        **SUBJECT,
        "share": text("ShareName"),
        # The event has old and new remark, limits and descriptors, but one path: a share cannot change its folder.
        "share_path": text("ShareLocalPath"),
    },
    provides="A changed share and the folder behind it.",
    absent=("the client that asked",),
)
