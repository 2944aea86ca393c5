"""What a hop is: a finding that says how one machine got onto another, and how much of that was seen."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from graphcorr.model.findings import Movement, Role

if TYPE_CHECKING:
    from graphcorr.model.findings import Endpoint, Finding


class Tier(StrEnum):
    """What of a hop was seen."""

    EXECUTION = "execution"
    """Something ran on the target."""
    CONNECTION = "connection"
    """A session or a call reached it, or something was registered there; no run was seen."""


_REACHED: Final = frozenset({Role.CONNECTED, Role.CALLED, Role.REGISTERED})
"""Steps that reach a machine. What is registered and not seen to run has come over a connection, and is no more than that."""
_REACHED_WITH_A_FILE: Final = frozenset({Role.REGISTERED})
"""The session that a file came over carried a file; every file server has thousands of them."""


def hop_tier(finding: Finding) -> Tier | None:
    """The tier of a finding that moved between two machines; None for what is no hop: a file that was only written, for one."""
    if finding.movement is not Movement.REMOTE or machine(finding.source) is None or machine(finding.target) is None:
        return None
    roles = {step.role for step in finding.steps}
    if finding.execution is not None:
        return Tier.EXECUTION if Role.RAN in roles else None
    return Tier.CONNECTION if roles & (_REACHED if finding.file is None else _REACHED_WITH_A_FILE) else None


def machine(endpoint: Endpoint | None) -> str | None:
    """A machine's name, else its address."""
    return endpoint.host or endpoint.address if endpoint else None
