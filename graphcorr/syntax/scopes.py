"""What holds for a command inside a command line: what its arguments are to it, and how deep it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.syntax.paths import base_name
from graphcorr.syntax.programs import CODE
from graphcorr.syntax.references import How, Role

if TYPE_CHECKING:
    import re


class Scope(NamedTuple):
    """What holds for a command inside the command line."""

    role: Role
    depth: int
    how: How | None = None
    runs: frozenset[str] | None = None
    """Extensions of the arguments that the program runs; what it is given besides is opened. None is every argument."""

    def role_of(self, path: str) -> Role:
        return Role.OPERAND if self.role is Role.ARGUMENT and self.runs is not None and extension_of(path) not in self.runs else self.role

    def written(self, output: re.Match[str] | None) -> Scope:
        """For the value of an option: a log or a result is written there, except that ``/logger:`` names a library."""
        if output is None:
            return self
        result = self.role is Role.ARGUMENT and output[1][0] in "oO"
        return self._replace(role=Role.OPERAND if result else self.role, runs=CODE if self.runs is None else self.runs)


def extension_of(path: str) -> str:
    """In lower case and without the dot; empty where there is none, which a loader may supply."""
    name = base_name(path.strip(" \t\"'`,;"))
    return name.rpartition(".")[2].lower() if "." in name else ""


TOP: Final = Scope(Role.PROGRAM, 0)
