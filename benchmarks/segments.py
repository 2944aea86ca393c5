"""The segments of a case, many or few: what their number costs is measured with the same events in both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.case.compaction import merge
from graphcorr.case.writer import open_writer

if TYPE_CHECKING:
    from pathlib import Path


def count_segments(folder: Path) -> int:
    with open_writer(folder) as case:
        return len(case.state.segments())


def merge_all(folder: Path) -> None:
    """All segments as one, which compaction never makes of those that reading filled."""
    with open_writer(folder) as case:
        merge(case, case.state.segments())
