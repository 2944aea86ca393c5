"""The formats and JSON shapes that there are, found by folder; which of them an input is, told by content."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, TypeGuard

from graphcorr.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from graphcorr.sources.base import Format


def load_members(package: ModuleType, attribute: str) -> list[object]:
    """Every module-level ``attribute`` in the package's own files, in order of the file names.

    Two of one name are a bug in graphcorr, so this raises ``TypeError``, which nobody catches.
    """
    members: dict[str, object] = {}
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        if found.ispkg:
            continue
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        member = vars(module).get(attribute)
        if member is None:
            continue
        name = getattr(member, "name", None)
        if not isinstance(name, str) or name in members:
            raise TypeError(f"{module.__name__}.{attribute} has no name of its own: {name!r}")
        members[name] = member
    return list(members.values())


@cache
def load_formats() -> tuple[Format, ...]:
    package = importlib.import_module("graphcorr.sources")
    # The folder is the register: each member is a Format because its file says so and mypy checks that file.
    return tuple(member for member in load_members(package, "FORMAT") if _is_format(member))


def _is_format(member: object) -> TypeGuard[Format]:
    if not callable(getattr(member, "recognizes", None)) or not callable(getattr(member, "read", None)):
        raise TypeError(f"{member!r} is no format: it needs recognizes() and read()")
    return True


def is_binary(head: bytes, formats: Sequence[Format] | None = None) -> bool:
    """Whether content that begins so is of a binary format: however many NULs are in it, it is no text."""
    return any(one.is_binary and one.recognizes(head) for one in (formats if formats is not None else load_formats()))


def choose_format(head: bytes, formats: Sequence[Format] | None = None) -> Format | None:
    """The one format of content that begins so, None when there is none; ``InputError`` when several claim it."""
    known = formats if formats is not None else load_formats()
    # Looking for lines of text in the binary head of each of thousands of event logs takes longer than reading them.
    for binary in known:
        if binary.is_binary and binary.recognizes(head):
            return binary
    claims = [text for text in known if not text.is_binary and text.recognizes(head)]
    if len(claims) > 1:
        raise InputError(f"{' and '.join(text.name for text in claims)} both claim this content")
    return claims[0] if claims else None
