"""What follows reading with the file family alone: what all families together are measured beside.

``python -m benchmarks.families CASE`` is ``graphcorr detect --case CASE --json`` that looks for written files and nothing else, in the
events of a case as it is. Tables that only other families ask for are empty then, and what only they are made of is not made.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from graphcorr.cli import main as command
from graphcorr.graph import project
from graphcorr.patterns import load as loading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from graphcorr.engine.tables import Table
    from graphcorr.model.kinds import Kind
    from graphcorr.patterns.load import Pattern

FILES: Final = frozenset(
    {"writes", "versions", "write_versions", "enders", "moves", "starts", "loads", "services", "same_process", "links", "run_steps"}
    | {"origins", "callers", "share_links"}
)
"""Tables that the file family is made of."""
_all = project.declared
_load = loading.load


def _of_files(whole: Collection[Kind], logs: Collection[str] | None = None) -> dict[str, Table]:
    others = project.WANTED - FILES
    return {
        name: replace(table, needs=(), empty_without=(), is_empty=True) if name in others else table
        for name, table in _all(whole, logs).items()
    }


def _load_files(folders: Iterable[Path]) -> list[Pattern]:
    return [pattern for pattern in _load(folders) if pattern.header.identity == ["version"]]


def main(case: str) -> None:
    project.declared = _of_files
    loading.load = _load_files
    sys.argv = ["graphcorr", "detect", "--case", case, "--json"]
    command.main()


if __name__ == "__main__":
    main(sys.argv[1])
