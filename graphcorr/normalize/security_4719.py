"""Security 4719: what is audited was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.model import Kind
from graphcorr.normalize.base import LogType, WindowsEvent
from graphcorr.normalize.groups import SUBJECT
from graphcorr.syntax.values import guid, present

if TYPE_CHECKING:
    from graphcorr.normalize.base import Fields


def _change(fields: Fields) -> str | None:
    """``<subcategory's GUID> <changes>``: two fields that say nothing without each other."""
    subcategory, changes = guid(fields.get("SubcategoryGuid")), present(fields.get("AuditPolicyChanges"))
    return f"{subcategory} {changes}" if subcategory and changes else None


LOG_TYPE = LogType(
    name="security-4719",
    title="System audit policy was changed",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4719),
    carries=frozenset({Kind.AUDIT_CHANGED}),
    identity=True,
    columns={
        **SUBJECT,
        "action": _change,
    },
    provides="Which subcategory of the audit was turned on or off: while it is off, absence says nothing.",
    absent=("what was not logged in the meantime",),
)
