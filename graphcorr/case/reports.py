"""The report of a case, also one that an earlier version made: what that did not say yet is filled in from what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from graphcorr.errors import CaseError
from graphcorr.machine import shell_word
from graphcorr.model.report import Report

if TYPE_CHECKING:
    from graphcorr.case.reader import CaseReader


def read_report(case: CaseReader) -> Report:
    """The report that a reader has before it. ``CaseError`` where it is damaged."""
    data = case.read_report()
    try:
        return _decode(data)
    except msgspec.DecodeError as error:
        raise CaseError(
            f"the report of {case.folder} cannot be read ({error}); run graphcorr detect --case {shell_word(case.folder)}"
        ) from error


def _decode(data: bytes) -> Report:
    try:
        return msgspec.json.decode(data, type=Report)
    except msgspec.ValidationError:
        document = msgspec.json.decode(data)
        if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
            raise
        for finding in document["findings"]:
            _complete(finding)
        return msgspec.convert(document, Report)


def _complete(finding: dict[str, Any]) -> None:
    """Findings had no time and no steps of their own once, and did not say what had them run."""
    times = (each["time"] for each in finding["evidence"])
    finding.setdefault("time", finding["execution_time"] or finding["write_time"] or min(times))
    finding.setdefault("started_by", None)
    finding.setdefault("steps", [])
