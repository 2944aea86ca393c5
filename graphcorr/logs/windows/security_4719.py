"""Security 4719: what is audited was changed.

Source: Microsoft, Windows security auditing, event 4719(S) "System audit policy was changed";
MS-GPAC 2.2.1.2 for the GUIDs of subcategories.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.fields import Joint
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import guid, present


def _change(subcategory: object, changes: object) -> str | None:
    """``<subcategory's GUID> <changes>``: two fields that say nothing without each other."""
    which, what = guid(subcategory), present(changes)
    return f"{which} {what}" if which and what else None


_SUBCATEGORIES: Final = {
    "0cce9244-69ae-11d9-bed3-505054503030": "files opened over shares (5145)",
    "0cce9224-69ae-11d9-bed3-505054503030": "shares (5140)",
    "0cce922b-69ae-11d9-bed3-505054503030": "process starts (4688)",
    "0cce9215-69ae-11d9-bed3-505054503030": "logons (4624)",
    "0cce9211-69ae-11d9-bed3-505054503030": "installed services (4697)",
}
"""Subcategories of the audit that a finding may rest on, and what they are in words."""

_NAMED: Final = " ".join(f"WHEN '{key}' THEN '{words}'" for key, words in _SUBCATEGORIES.items())
_AUDIT: Final = f"CASE split_part(action, ' ', 1) {_NAMED} END"
# The changes as the event has them, and as an English export spells them.
_AUDITED: Final = (
    "CASE WHEN contains(action, '%%8448') OR contains(lower(action), 'success removed') THEN FALSE "
    "WHEN contains(action, '%%8449') OR contains(lower(action), 'success added') THEN TRUE END"
)

LOG_TYPE = LogType(
    name="security-4719",
    title="System audit policy was changed",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4719),
    testifies=(Testimony(Kind.AUDIT_CHANGED, columns={**ACCOUNT, "audit": _AUDIT, "audited": _AUDITED}),),
    identity=True,
    columns={
        **SUBJECT,
        "action": Joint(("SubcategoryGuid", "AuditPolicyChanges"), _change),
    },
    says=Saying("the audit policy was changed[ by {account}][: {action}]"),
    provides="Which subcategory of the audit was turned on or off: while it is off, absence says nothing.",
    absent=("what was not logged in the meantime",),
)
