"""A mapped record that a file was made or changed, by a program of the machine or for a client of a share.

Source: docs/mapping.md, event file_write.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT, BY_SYSTEM
from graphcorr.logs.mapped_reading import CLIENT, FILE, PROCESS, SHARED, WHOSE, rows
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

_FOR_CLIENT: Final = "source_address IS NOT NULL"
_ITS_ACCOUNT: Final = {"account": "target_user", "account_domain": "target_user_domain", "session": "target_logon_id"}

LOG_TYPE = LogType(
    name="mapped-file-write",
    title="Mapped: a file was made or changed",
    source=rows("file_write"),
    testifies=(
        Testimony(Kind.WRITE, _FOR_CLIENT, _ITS_ACCOUNT, prefer=1),
        # As of any record of a file by System: for a client of a share, or for the machine itself.
        Testimony(Kind.WRITE, f"source_address IS NULL AND {BY_SYSTEM}", strength=Strength.IMPLIED, prefer=1),
        Testimony(Kind.FILE_CREATE, f"source_address IS NULL AND NOT coalesce({BY_SYSTEM}, FALSE)", ACCOUNT),
    ),
    needs=("path",),
    columns={**PROCESS, **FILE, **CLIENT, **WHOSE, **{name: SHARED[name] for name in ("share", "relative_path")}},
    says=Saying("{image or 'System'}: {path}[ from {source_address}]"),
    provides="A file and its writer; with the address of a client of a share, a write together with its source.",
)
