"""Every table of the links, found by folder: a module defines ``TABLES``, or ``declare`` where they depend on what is to be whole."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from graphcorr.engine.tables import Table
    from graphcorr.model.kinds import Kind


def link_tables(whole: Collection[Kind]) -> Iterator[Table]:
    """The tables of every module; of the kinds in ``whole`` every fact is linked, of others those that links can touch."""
    for name in sorted(module.name for module in iter_modules([str(Path(__file__).parent)])):
        module = import_module(f"{__package__}.{name}")
        yield from getattr(module, "TABLES", ())
        if declare := getattr(module, "declare", None):
            yield from declare(whole)
