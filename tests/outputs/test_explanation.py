"""A finding with its records: order, times, shortening."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from graphcorr.outputs import explanation
from graphcorr.outputs import json as json_output

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphcorr.model import Evidence, Finding, Report

RAWS = (
    '{"Hostname":"file01","EventID":5145,"EventData":{"ShareName":"\\\\\\\\*\\\\ADMIN$","AccessMask":"0x2"},"evil":"\\u001b[2J"}',
    '<Event><System><EventID>1</EventID></System>\n <EventData><Data Name="CommandLine">x &amp; y</Data></EventData></Event>',
)


@dataclass(frozen=True)
class Step:
    evidence: Evidence
    raw: str
    offset_seconds: float


@dataclass(frozen=True)
class Explanation:
    finding: Finding
    steps: list[Step]


@pytest.fixture
def explained(report: Report) -> Explanation:
    finding = report.findings[0]
    steps = [Step(evidence, raw, offset) for evidence, raw, offset in zip(finding.evidence, RAWS, (0.0, -3600.0), strict=True)]
    return Explanation(finding, steps[::-1])


def test_explanation(explained: Explanation, golden: Callable[[str, str], None]) -> None:
    golden("explanation.txt", explanation.render(explained).plain())


def test_long_records_are_cut_unless_full(explained: Explanation) -> None:
    long = json.dumps({f"key{number}": "x" * 500 for number in range(40)})
    lengthy = Explanation(explained.finding, [Step(explained.finding.evidence[0], long, 0.0)])

    cut = explanation.render(lengthy, width=2000).plain().splitlines()
    full = explanation.render(lengthy, full=True, width=2000).plain().splitlines()

    assert cut[-3:] == ["      … and 18 more lines", "", "1 record shortened; --full shows everything."]
    assert f'        "key0": "{"x" * 391} … (511 characters)' in cut
    assert f'        "key0": "{"x" * 500}",' in full
    assert full[-1] == "      }"
    assert len(full) - len(cut) == 42 - 24 - 3


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        ('{"a":[1,{"b":"c"}]}', ["{", '  "a": [', "    1,", "    {", '      "b": "c"', "    }", "  ]", "}"]),
        ('{"a":', ['{"a":']),
        ("[" * 5000, ["[" * 5000]),
        ("<a><b>x</b>  <c/></a>", ["<a>", "<b>x</b>", "<c/>", "</a>"]),
        ("1.5\tCx\t-", ["1: 1.5", "2: Cx", "3: -"]),
        ("", [""]),
    ],
)
def test_pretty(raw: str, lines: list[str]) -> None:
    assert list(explanation.pretty(raw)) == lines


def test_json_has_the_whole_record(explained: Explanation) -> None:
    document = json.loads(json_output.render_explanation(explained))

    assert list(document) == ["schema", "finding", "steps"]
    assert [step["raw"] for step in document["steps"]] == [RAWS[1], RAWS[0]]
    assert document["steps"][0]["offset_seconds"] == -3600.0
