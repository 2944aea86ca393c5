"""Readers for remote procedure calls in Suricata's records, which write them alike over TCP and within SMB.

Source: Suricata's user guide, "Eve JSON Format", event types dcerpc and smb; its ``rust/src/dcerpc/log.rs`` and ``rust/src/smb/log.rs``:
a record of a request lists the interfaces of its own context, where their binding was seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind
from graphcorr.syntax.procedures import INTERFACES, OPERATIONS
from graphcorr.syntax.values import integer, present

if TYPE_CHECKING:
    from graphcorr.logs.base import Fields, Read

_REQUEST: Final = "REQUEST"
_FAULT: Final = "FAULT"
_ANALYZER: Final = "DCE/RPC"
_UNBOUND: Final = "calls of an interface whose binding was not seen"

CALLS: Final = (
    Testimony(
        Kind.CALL,
        "endpoint IS NOT NULL AND action IS NOT NULL AND success IS DISTINCT FROM FALSE",
        {"interface": "lower(endpoint)", "operation": "action"},
    ),
    Testimony(Kind.BLIND_SPOT, "analyzer IS NOT NULL"),
)


def interface(within: str) -> Read:
    """The interface of a request by its name, of those that are told; None where it is not clear which it was."""

    def read(fields: Fields) -> str | None:
        return INTERFACES.get(_bound(fields, within) or "") if _is_request(fields, within) else None

    return read


def operation(within: str, *opnums: str) -> Read:
    """The operation that was asked for."""

    def read(fields: Fields) -> str | None:
        if not _is_request(fields, within):
            return None
        number = next((found for name in opnums if (found := integer(fields.get(f"{within}.{name}"))) is not None), None)
        return None if number is None else OPERATIONS.get(INTERFACES.get(_bound(fields, within) or "", ""), {}).get(number)

    return read


def failed(fields: Fields, within: str) -> bool:
    """Whether the server answered that it did not do it."""
    return present(fields.get(f"{within}.response")) == _FAULT


def unbound(within: str, value: str) -> Read:
    """``value`` where a request names no interface."""
    return lambda fields: value if _is_request(fields, within) and not _listed(fields, within) else None


def analyzer(within: str) -> Read:
    """Whose records lack something, of a request that names no interface."""
    return unbound(within, _ANALYZER)


def reason(within: str) -> Read:
    """What they lack."""
    return unbound(within, _UNBOUND)


def _is_request(fields: Fields, within: str) -> bool:
    return present(fields.get(f"{within}.request")) == _REQUEST


def _listed(fields: Fields, within: str) -> list[dict[str, object]]:
    value = fields.get(f"{within}.interfaces")
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _bound(fields: Fields, within: str) -> str | None:
    """The one interface that the server took in this context."""
    taken = {uuid.lower() for one in _listed(fields, within) if not integer(one.get("ack_result")) and (uuid := present(one.get("uuid")))}
    return taken.pop() if len(taken) == 1 else None
