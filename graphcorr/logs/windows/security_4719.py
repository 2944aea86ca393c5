"""Security 4719: what is audited was changed."""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.readers import Joint
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import guid, present


def _change(subcategory: object, changes: object) -> str | None:
    """``<subcategory's GUID> <changes>``: two fields that say nothing without each other."""
    which, what = guid(subcategory), present(changes)
    return f"{which} {what}" if which and what else None


LOG_TYPE = LogType(
    name="security-4719",
    title="System audit policy was changed",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4719),
    testifies=(Testimony(Kind.AUDIT_CHANGED),),
    identity=True,
    columns={
        **SUBJECT,
        "action": Joint(("SubcategoryGuid", "AuditPolicyChanges"), _change),
    },
    provides="Which subcategory of the audit was turned on or off: while it is off, absence says nothing.",
    absent=("what was not logged in the meantime",),
)
