"""Security 4660: an object was deleted. It has no name: 4656 and 4663 of the same handle have it.

Source: Microsoft, Windows security auditing, event 4660(S) "An object was deleted".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.readers import handle, integer, program
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4660",
    title="An object was deleted",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4660),
    # Objects without an audit entry of their own are deleted in silence.
    testifies=(Testimony(Kind.REMOVAL, columns=ACCOUNT, covers=None),),
    identity=True,
    needs=("handle",),
    columns={**SUBJECT, "handle": handle("HandleId"), "image": program("ProcessName"), "pid": integer("ProcessId", zero=False)},
    says=Saying("{image or 'System'} deleted {path or 'what it had opened'}[ by {account}]"),
    provides="That a file was deleted, by which process and account; its name is that of the handle.",
    absent=("the name, where the records of opening it are not there", "objects without an audit entry of their own (SACL)"),
)
