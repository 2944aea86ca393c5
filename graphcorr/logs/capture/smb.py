"""SMB in packet captures: shares connected, files and pipes opened, written, renamed, removed.

Source: graphcorr's own reading of packets (``graphcorr/sources/captures.py``); MS-SMB2 and MS-CIFS for what they mean.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import CaptureRow, LogType
from graphcorr.logs.claims import NAMES_SERVER, PIPE_NAME
from graphcorr.logs.groups import CAPTURED
from graphcorr.logs.readers import integer, person, pipe, realm, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

_FILE: Final = "pipe IS NULL AND relative_path IS NOT NULL"
_WHOSE: Final = {"account": "target_user", "account_domain": "target_user_domain"}
_GONE: Final = "coalesce(previous_path, relative_path)"
"""A renamed file is gone from where it was."""
_STDIO: Final = "pipe LIKE '%-std%'"

LOG_TYPE = LogType(
    name="capture-smb",
    title="Files, shares and pipes",
    source=CaptureRow("smb"),
    vantage=Vantage.SENSOR,
    testifies=(
        # Opened for it, and bytes went over the wire that the server did not refuse. A renamed file is written under its new name.
        Testimony(Kind.WRITE, f"{_FILE} AND action IN ('write', 'rename')", _WHOSE, prefer=1),
        Testimony(Kind.REMOVAL, f"{_FILE} AND action IN ('delete', 'rename')", {"relative_path": _GONE}),
        Testimony(Kind.SHARE_ACCESS, "pipe IS NULL", {**_WHOSE, "action": "nullif(action, 'connect')"}),
        Testimony(Kind.PIPE_OPEN, "pipe IS NOT NULL", _WHOSE),
        Testimony(
            Kind.NAME,
            f"coalesce({_STDIO}, FALSE) AND source_address IS NOT NULL",
            # PsExec's pipes carry the name of the machine that it was started on.
            {"basis": f"'{PIPE_NAME}'", "bindings": "[{'address': source_address, 'name': pipe}]"},
            covers=None,
        ),
        NAMES_SERVER,
    ),
    identity=True,
    needs=("target_address", "action"),
    essential=("relative_path", "share", "pipe"),
    columns={
        **CAPTURED,
        "action": text("action"),
        "share": text("share"),
        "relative_path": text("name"),
        "previous_path": text("previous"),
        "pipe": pipe("pipe"),
        "access_mask": integer("access_mask"),
        "size": integer("size"),
        "target_user": person("user", "domain"),
        "target_user_domain": realm("domain"),
        # What the client says of itself.
        "source_host": text("workstation"),
    },
    says=Saying("{action} [{share}][ {relative_path}][ {pipe}][ with {size} bytes][ from {source_address}] to {target_address}"),
    provides=(
        "Which client connected which share, opened, wrote, renamed or removed which file, and opened which pipe: what the server granted. "
        "The account where its logon by NTLM is in the capture."
    ),
    absent=(
        "what was refused",
        "the share of a session whose start was not seen",
        "everything in encrypted SMB 3",
        "a Kerberos client's account",
    ),
)
