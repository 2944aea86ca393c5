"""Security 5140: a share was opened by a network client.

Source: Microsoft, Windows security auditing, event 5140(S, F) "A network share object was accessed"; winmeta.xml for its outcome.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTING_MACHINE, ACTOR, BY_MACHINE, GRANTED, REFUSED, names_machine
from graphcorr.logs.groups import CLIENT, SUBJECT
from graphcorr.logs.readers import file_object, integer, share, share_folder
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-5140",
    title="A network share object was accessed",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 5140),
    testifies=(
        Testimony(Kind.SHARE_ACCESS, GRANTED, ACTOR, covers=GRANTED),
        names_machine(f"{GRANTED} AND {BY_MACHINE}", ACTING_MACHINE),
        Testimony(Kind.ATTEMPT, REFUSED, {**ACTOR, "sought": f"'{Kind.SHARE_ACCESS}'"}, covers=REFUSED),
    ),
    identity=True,
    essential=("share",),
    columns={
        **SUBJECT,
        **CLIENT,
        "object_type": file_object("ObjectType"),
        "share": share("ShareName"),
        # Older exports lack the field; IPC$ has it empty.
        "share_path": share_folder("ShareLocalPath"),
        "access_mask": integer("AccessMask"),
    },
    says=Saying("share {share} opened[ from {source_address}][ by {account}]"),
    provides=(
        "Account, client address and port of every use of a share, and the folder behind it. "
        "Logged once for each session and share, not for each file."
    ),
    absent=(
        "the file",
        "the client's name",
        "the share's folder in some exports",
        "whether access was granted, in formats that drop the keywords: it is then taken as granted",
    ),
)
