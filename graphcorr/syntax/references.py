"""What a command line may refer to: a path, its role, where it was found and how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

ABSOLUTE: Final = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\]|\\\?\?\\|//\w[^/]*/|\\(?:SystemRoot|Device)\\", re.IGNORECASE)
"""How a path starts that needs no working directory."""
VARIABLE: Final = re.compile(r"%+[A-Za-z][\w()]*%+|\$\{?env:", re.IGNORECASE)
"""How a path starts that an environment variable completes."""


class Role(StrEnum):
    """What a named file is to the command."""

    PROGRAM = "program"
    """The program of the process itself."""
    ARGUMENT = "argument"
    """Run or loaded, as far as can be told: a script, a library, the program of an inner command."""
    OPERAND = "operand"
    """Read, copied, deleted, shown or written by a program that does not run what it is given."""
    REDIRECT = "redirect"
    """Where ``>`` sends output. Never an execution."""
    REMOTE = "remote"
    """Run on another host: it says nothing about a file of this one."""


class How(StrEnum):
    """Where in the command line the path was found."""

    QUOTED = "quoted"
    UNQUOTED = "unquoted"
    PREFIX = "prefix"
    """Put together from several unquoted words, or cut off at a comma: one of several readings."""
    RELATIVE = "relative"
    OPTION = "option"
    """The value of ``/name:path`` or ``-name=path``."""
    VARIABLE = "variable"
    """Starts with an environment variable."""
    SCRIPT = "script"
    """Named in the text of a script."""
    ENCODED = "encoded"
    """Named in an encoded command."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A file that a command line may refer to."""

    path: str
    """As spelled, made absolute with the working directory where there is one; it may still hold variables and ``..``."""
    role: Role
    how: How
    certain: bool
    """False where the path is one of several readings, or the file may also be found elsewhere (search path)."""


class Move(NamedTuple):
    """A file that the command gives another name or place, or a copy there; both as spelled, as in :class:`Reference`."""

    source: str
    destination: str
    copies: bool = False
    """The file stays where it was as well."""
    prompt: bool = False
    """Done as soon as the command began: nothing before it in the line takes time or decides about it."""


class Cut(NamedTuple):
    """All references of a command line; ``truncated`` when a cap of this module ended the search."""

    references: tuple[Reference, ...]
    truncated: bool
    moves: tuple[Move, ...] = ()
