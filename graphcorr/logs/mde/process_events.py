"""Defender's DeviceProcessEvents: a process started.

Source: Microsoft, Defender XDR, advanced hunting schema, DeviceProcessEvents.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.endpoint import ACCOUNT_OF, CREATOR, actions, program_path
from graphcorr.logs.fields import Joint
from graphcorr.logs.readers import command, integer, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.logs.wire import digests
from graphcorr.model.kinds import Kind
from graphcorr.syntax.commands import names as command_names
from graphcorr.syntax.values import present


def _names(line: object, folder: object, name: object) -> list[str] | None:
    said, program = present(line), present(_PROGRAM.combine(folder, name))
    return None if said is None and program is None else command_names(said or "", program)


_PROGRAM: Final = program_path("FolderPath", "FileName")

LOG_TYPE = LogType(
    name="mde-process-events",
    title="DeviceProcessEvents",
    source=actions("ProcessCreated"),
    testifies=(Testimony(Kind.PROCESS_START, columns=ACTOR, prefer=1),),
    essential=("image", "command_line"),
    columns={
        **CREATOR,
        **ACCOUNT_OF,
        "image": _PROGRAM,
        "pid": integer("ProcessId", zero=False),
        "command_line": command("ProcessCommandLine"),
        "original_file_name": text("ProcessVersionInfoOriginalFileName"),
        "hashes": digests(sha1="SHA1", sha256="SHA256", md5="MD5"),
        "names": Joint(("ProcessCommandLine", "FolderPath", "FileName"), _names),
    },
    says=Saying("process started: {command_line or image}[, parent {parent_image}]"),
    provides="Program, command line, account, session, parent and hashes of every process.",
    absent=("the working directory", "a GUID of the process"),
)
