"""A mapped record that a client asked for a share or a file of one: with the bits of writing it is a write that was asked for.

Source: docs/mapping.md, event share_access; MS-SMB2 2.2.13.1 for the bits of ``access_mask``.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACTING_MACHINE, ACTOR, BY_MACHINE, NAMES_A_FILE, ON_DISK, names_machine
from graphcorr.logs.mapped_reading import CLIENT, PROCESS, SHARED, SUCCESS, rows
from graphcorr.logs.readers import relative_pipe
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

_GRANTED: Final = "coalesce(success, TRUE)"
_WRITES: Final = f"(access_mask & 6) <> 0 AND {ON_DISK} AND {NAMES_A_FILE}"
_SOUGHT: Final = f"CASE WHEN pipe IS NOT NULL THEN '{Kind.PIPE_OPEN}' WHEN {_WRITES} THEN '{Kind.WRITE}' ELSE '{Kind.SHARE_ACCESS}' END"

LOG_TYPE = LogType(
    name="mapped-share-access",
    title="Mapped: a client asked for a share or a file of one",
    source=rows("share_access"),
    testifies=(
        Testimony(Kind.WRITE, f"{_GRANTED} AND {_WRITES}", ACTOR, Strength.ASKED, prefer=2, covers=_GRANTED),
        Testimony(Kind.SHARE_ACCESS, f"{_GRANTED} AND pipe IS NULL", ACTOR, Strength.ASKED, covers=_GRANTED),
        Testimony(Kind.PIPE_OPEN, f"{_GRANTED} AND pipe IS NOT NULL", ACTOR, Strength.ASKED, covers=_GRANTED),
        Testimony(Kind.ATTEMPT, "NOT success", {**ACTOR, "sought": _SOUGHT}, covers="NOT success"),
        names_machine(f"{_GRANTED} AND {BY_MACHINE}", ACTING_MACHINE),
    ),
    needs=("share",),
    columns={
        **{name: PROCESS[name] for name in ("user", "user_domain", "user_sid", "logon_id")},
        **CLIENT,
        **SHARED,
        "pipe": relative_pipe("share", "relative_path"),
        "success": SUCCESS,
    },
    says=Saying("access to {share}[ {relative_path}][ from {source_address}][ by {account}]"),
    provides="Account, client address, share, relative path and access asked for; a record that does not say otherwise was granted.",
    absent=("whether anything was written",),
)
