"""OCSF File System Activity (1001): a file was made, changed, renamed or deleted on a machine.

Source: OCSF's schema, class file_activity, activity_id 1 Create, 3 Update, 4 Delete, 5 Rename.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT, BY_SYSTEM
from graphcorr.logs.ocsf_reading import ACTOR_PROCESS, accepted, activity, events, fingerprints
from graphcorr.logs.readers import file, integer
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

_DONE: Final = "success IS DISTINCT FROM FALSE"
_WRITTEN: Final = f"{_DONE} AND action IN ('1', '3', '5')"

LOG_TYPE = LogType(
    name="ocsf-file-activity",
    title="OCSF File System Activity",
    source=events(1001),
    testifies=(
        # As of any record of a file by System: for a client of a share, or for the machine itself.
        Testimony(Kind.WRITE, f"{_WRITTEN} AND {BY_SYSTEM}", strength=Strength.IMPLIED, prefer=1),
        Testimony(Kind.FILE_CREATE, f"{_WRITTEN} AND NOT coalesce({BY_SYSTEM}, FALSE)", ACCOUNT),
        Testimony(Kind.REMOVAL, f"{_DONE} AND action = '4'", ACCOUNT),
    ),
    needs=("path",),
    columns={
        **ACTOR_PROCESS,
        "action": activity(),
        "success": accepted(),
        "path": file("file_result.path", "file.path"),
        "hashes": fingerprints("file.hashes"),
        "size": integer("file.size"),
    },
    says=Saying("{image or 'System'}: {path}"),
    provides="A file and the process that made, changed or deleted it; System (pid 4) as writer may be a network client.",
    absent=("the network client",),
)
