"""Cases that are there: which one is meant, what was found in it last, and what in it no output may replace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from graphcorr.case import keeping
from graphcorr.case.naming import last_case
from graphcorr.case.reader import open_reader
from graphcorr.case.reports import read_report
from graphcorr.errors import GraphcorrError, UsageError
from graphcorr.service.judged import Judged
from graphcorr.sources.inputs import would_read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.model.report import Report
    from graphcorr.settings import Settings


def find_case(case: Path | None, settings: Settings) -> Path:
    """``case``, or the last one. ``UsageError`` where there is none."""
    if case is None:
        return last_case(settings.state)
    if not os.path.isfile(case / "case.toml"):  # noqa: PTH113 - Path.is_file() raises for a folder that may not be entered
        raise UsageError(f"there is no case in {case}")
    return case


def is_last(folder: Path, settings: Settings) -> bool:
    """Whether a command that names no case takes this one."""
    try:
        return last_case(settings.state).resolve() == folder.resolve()
    except GraphcorrError:
        return False


def can_remember(settings: Settings) -> bool:
    """Whether a case can become the last one: the state folder can be written, or is yet to be made."""
    state = settings.state
    return not state.is_dir() or os.access(state, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def load_report(folder: Path) -> Report:
    """The report of a case's generation, with what people said of it. ``NotDetectedError`` where nothing was looked for in it yet."""
    with open_reader(folder) as case:
        report = read_report(case)
        judged = Judged(case)
        return msgspec.structs.replace(report, findings=judged.apply(report.findings)) if judged.said else report


def why_kept(output: Path, case: Path | None, inputs: Sequence[str] = ()) -> str | None:
    """Why ``output`` must not be written, in words that follow its name; None where it may be.

    Logs that are to be read and the files of a case are evidence. ``case`` is the folder that is worked on; None where it
    has no name yet.
    """
    if inputs and output.is_file() and would_read(inputs, output):
        return "is one of the files that are to be read"
    return keeping.why_kept(case, output)
