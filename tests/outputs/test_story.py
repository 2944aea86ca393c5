"""Paths as stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from graphcorr.model.report import Attribution, Report
from graphcorr.outputs import story

if TYPE_CHECKING:
    from collections.abc import Callable

replace = msgspec.structs.replace


def test_paths(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("paths.txt", story.render(report).plain())


def test_no_path_says_so(report: Report) -> None:
    page = story.render(replace(report, paths=[]))
    assert page.lines[0].text == "No path: no finding says that one machine took over another."


def test_a_hop_that_is_not_in_the_report_is_not_left_out(report: Report) -> None:
    page = story.render(replace(report, findings=report.findings[:1]))
    assert [line.text for line in page.lines if line.text.startswith("   (")] == [
        "   (the finding 5f3a9c21-8e22-5b01-8f6d-aa01c2d3e4f5 is not in this report)"
    ]


def test_attribution_is_consistent_with_and_never_by(report: Report) -> None:
    reason = {"item": "S0363", "name": "Empire", "basis": "seen", "known": 38, "of": 172, "findings": [], "through": []}
    entry: dict[str, object] = {"id": "G0010", "name": "Turla", "score": 0.6, "reasons": [reason], "mentions": []}
    path = replace(report.paths[0], attribution=Attribution("possible", 0.6, [], [entry]))
    page = story.render(replace(report, paths=[path], findings=[one for one in report.findings if one.id in path.hops]))

    assert [line.text for line in page.lines[-2:]] == [
        "   Consistent with Turla (G0010): possible, not proven.",
        "      Empire (S0363), known of 38 of 172 actors",
    ]
