"""What follows reading with the file family alone: what all families together are measured beside.

``python -m benchmarks.families CASE`` looks for written files and nothing else, in the events of a case as it is. Tables that only other
families ask for are empty then, and what only they are made of is not made.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.case.writer import open_writer
from graphcorr.detection import Timer, detect_in
from graphcorr.findings.window import Chosen
from graphcorr.graph import project
from graphcorr.model.progress import Silent
from graphcorr.patterns.load import builtin_folder, load
from graphcorr.service.detecting import make_task
from graphcorr.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Collection

    from graphcorr.engine.tables import Table
    from graphcorr.model.kinds import Kind

FILES: Final = frozenset(
    {"writes", "versions", "write_versions", "enders", "moves", "starts", "loads", "services", "same_process", "links", "run_steps"}
    | {"origins", "callers", "share_links"}
)
"""Tables that the file family is made of."""
_all = project.declared


def _of_files(whole: Collection[Kind], logs: Collection[str] | None = None) -> dict[str, Table]:
    others = project.WANTED - FILES
    return {
        name: replace(table, needs=(), empty_without=(), is_empty=True) if name in others else table
        for name, table in _all(whole, logs).items()
    }


def main(folder: Path) -> None:
    project.declared = _of_files
    settings = load_settings(os.environ)
    timer = Timer(settings.timings)
    with open_writer(folder) as case:
        patterns = [pattern for pattern in load([builtin_folder()]) if pattern.header.identity == ["version"]]
        report = detect_in(case, make_task(patterns, folder, settings, chosen=Chosen(None, None)), Silent(), timer)
    timer.write()
    sys.stdout.buffer.write(msgspec.json.encode(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
