"""Security 5140: a share was opened by a network client."""

from __future__ import annotations

from graphcorr.model import Kind
from graphcorr.normalize.base import LogType, WindowsEvent
from graphcorr.normalize.groups import CLIENT, SUBJECT
from graphcorr.normalize.readers import integer, text

LOG_TYPE = LogType(
    name="security-5140",
    title="A network share object was accessed",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 5140),
    carries=frozenset({Kind.SHARE_ACCESS}),
    identity=True,
    columns={
        **SUBJECT,
        **CLIENT,
        "share": text("ShareName"),
        # Older exports lack the field; IPC$ has it empty.
        "share_path": text("ShareLocalPath"),
        "access_mask": integer("AccessMask"),
    },
    provides=(
        "Account, client address and port of every use of a share, and the folder behind it. "
        "Logged once for each session and share, not for each file."
    ),
    absent=(
        "the file",
        "the client's name",
        "the share's folder in some exports",
    ),
)
