"""Every table of the links, found by folder: a module defines ``TABLES``, or ``declare`` where they depend on what is to be whole.

In ``RESTS_ON`` stand, by kind, the table and the SQL for the ids of the records that its links rest on: they are evidence, and in
the graph whatever else is left out of it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from types import ModuleType

    from graphcorr.engine.tables import Table
    from graphcorr.model.kinds import Kind


@cache
def _modules() -> tuple[ModuleType, ...]:
    names = sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))
    return tuple(import_module(f"{__package__}.{name}") for name in names)


def rests_on(kind: Kind) -> list[tuple[str, str]]:
    """Tables of links, each with the SQL for the ids of the records of ``kind`` that its links rest on."""
    return [module.RESTS_ON[kind] for module in _modules() if kind in getattr(module, "RESTS_ON", ())]


def link_tables(whole: Collection[Kind]) -> Iterator[Table]:
    """The tables of every module; of the kinds in ``whole`` every fact is linked, of others those that links can touch."""
    for module in _modules():
        yield from getattr(module, "TABLES", ())
        if declare := getattr(module, "declare", None):
            yield from declare(whole)
