"""Every kind of fact there is, found by folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from graphcorr.facts.base import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.model.kinds import Kind

_MACHINERY: Final = frozenset({"base", "catalog", "relation"})


@cache
def facts() -> Mapping[Kind, Fact]:
    """Kind to fact, in the order of their names. TypeError or ValueError says which module is wrong, and is never to be caught."""
    found: dict[Kind, Fact] = {}
    for name in sorted({module.name for module in iter_modules([str(Path(__file__).parent)])} - _MACHINERY):
        fact = getattr(import_module(f"{__package__}.{name}"), "FACT", None)
        if not isinstance(fact, Fact):
            raise TypeError(f"{__package__}.{name}: a kind's module defines FACT")
        if fact.kind.value.lower() != name.replace("_", ""):
            raise ValueError(f"{__package__}.{name}: FACT is of the kind {fact.kind.value}")
        found[fact.kind] = fact
    return MappingProxyType(found)
