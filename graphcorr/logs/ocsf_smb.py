"""What a client asked of a file server, as OCSF's SMB Activity (4006) tells it, whether the server does or a monitor.

Source: OCSF's schema, class smb_activity: activity_id 1 File Supersede, 2 File Open, 3 File Create, 4 File Open If, 5 File Overwrite,
6 File Overwrite If; MS-SMB2 2.2.13 for these dispositions; objects File (type_id 2 Folder), DCE/RPC and RPC Interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.claims import NAMES_A_FILE
from graphcorr.logs.endpoint import share_of
from graphcorr.logs.fields import Joint
from graphcorr.logs.ocsf_reading import ENDS, accepted, fingerprints
from graphcorr.logs.readers import integer as whole
from graphcorr.logs.readers import person, realm, relative_pipe, text
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind
from graphcorr.syntax.procedures import INTERFACES, OPERATIONS
from graphcorr.syntax.values import integer, present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.logs.base import Read

_FOLDER: Final = 2
_INTERFACE: Final = "dce_rpc.rpc_interface.uuid"
_DONE: Final = "success IS DISTINCT FROM FALSE"
_FILE: Final = f"{_DONE} AND pipe IS NULL AND endpoint IS NULL"
_WRITES: Final = f"action IN ('1', '3', '5', '6') AND ({NAMES_A_FILE} OR path IS NOT NULL) AND object_type IS DISTINCT FROM 'folder'"
SOUGHT: Final = f"CASE WHEN pipe IS NOT NULL THEN '{Kind.PIPE_OPEN}' WHEN {_WRITES} THEN '{Kind.WRITE}' ELSE '{Kind.SHARE_ACCESS}' END"
"""What was asked for where it was refused."""
_WHO: Final = {"account": "user", "account_domain": "user_domain"}
_ITS: Final = {**_WHO, "session": "NULL"}

ASKED: Final = (
    # The file was made, or emptied to be filled anew; that bytes were written is known from elsewhere.
    Testimony(Kind.WRITE, f"{_FILE} AND {_WRITES}", _ITS, Strength.ASKED, prefer=2, covers=_FILE),
    Testimony(Kind.SHARE_ACCESS, f"{_FILE} AND share IS NOT NULL", _ITS, Strength.ASKED, covers=_FILE),
    Testimony(Kind.PIPE_OPEN, f"{_DONE} AND pipe IS NOT NULL AND endpoint IS NULL", _ITS, Strength.ASKED, covers=_DONE),
    Testimony(
        Kind.CALL,
        f"{_DONE} AND endpoint IS NOT NULL AND action IS NOT NULL",
        {**_WHO, "interface": "lower(endpoint)", "operation": "action"},
        covers="endpoint IS NOT NULL",
    ),
)


def _action(activity: object, uuid: object, opnum: object) -> str | None:
    """The operation of a call, else the number of the activity."""
    name = present(uuid)
    if name is None:
        return None if (kind := integer(activity)) is None else str(kind)
    number = integer(opnum)
    return None if number is None else OPERATIONS.get(INTERFACES.get(name.lower(), ""), {}).get(number)


def _local(path: object) -> str | None:
    """The path on the server's disk, where that is what stands there."""
    found = present(path)
    return found if found is not None and found[1:3] == ":\\" else None


def _relative(path: object, name: object) -> str | None:
    """The path below the share."""
    found = present(path)
    if found is None or _local(found) is not None:
        return present(name) if found is None else None
    return "\\".join(found.split("\\")[4:]) or None if found.startswith("\\\\") else found


ASKED_FOR: Final[Mapping[str, Read]] = {
    **ENDS,
    "user": person("actor.user.name", "actor.user.domain"),
    "user_domain": realm("actor.user.domain"),
    "user_sid": text("actor.user.uid"),
    "success": accepted(),
    "share": share_of("share"),
    "path": Joint(("file.path",), _local),
    "relative_path": Joint(("file.path", "file.name"), _relative),
    "pipe": relative_pipe("share", "file.name"),
    "object_type": Joint(("file.type_id",), lambda number: "folder" if integer(number) == _FOLDER else None),
    "hashes": fingerprints("file.hashes"),
    "size": whole("file.size"),
    "endpoint": Joint((_INTERFACE,), lambda uuid: INTERFACES.get((present(uuid) or "").lower())),
    "action": Joint(("activity_id", _INTERFACE, "dce_rpc.opnum"), _action),
}
