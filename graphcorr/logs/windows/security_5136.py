"""Security 5136: an object of this domain controller's directory was changed.

Source: Microsoft, Windows security auditing, event 5136(S) "A directory service object was modified".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-5136",
    title="A directory service object was modified",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 5136),
    testifies=(
        Testimony(
            Kind.DIRECTORY_CHANGE,
            columns={
                **ACTOR,
                "change": "CASE WHEN contains(action, '14674') OR contains(lower(action), 'add') THEN 'added' "
                "WHEN contains(action, '14675') OR contains(lower(action), 'delet') THEN 'deleted' END",
            },
        ),
    ),
    needs=("object_name",),
    columns={
        **SUBJECT,
        "object_name": text("ObjectDN"),
        "object_type": text("ObjectClass"),
        "attribute": text("AttributeLDAPDisplayName"),
        "action": text("OperationType"),
    },
    says=Saying("{attribute or 'an attribute'} of {object_name} was changed[ by {account}]"),
    provides="Which attribute of which object of the directory was changed, and by whom: group policies among them.",
    absent=("the values", "objects without an audit entry of their own (SACL)", "the client's address"),
)
