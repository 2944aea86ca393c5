"""A finding with its records: order, times, shortening."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from graphcorr.outputs import explanation
from graphcorr.outputs import json as json_output
from tests.outputs.leads import LEADS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphcorr.model.findings import Evidence, Finding
    from graphcorr.model.leads import Lead
    from graphcorr.model.report import Report

RAWS = (
    '{"Hostname":"file01","EventID":5145,"EventData":{"ShareName":"\\\\\\\\*\\\\ADMIN$","AccessMask":"0x2"},"evil":"\\u001b[2J"}',
    '<Event><System><EventID>1</EventID></System>\n <EventData><Data Name="CommandLine">x &amp; y</Data></EventData></Event>',
)


@dataclass(frozen=True)
class Step:
    evidence: Evidence
    raw: str
    offset_seconds: float
    names: Sequence[str | None] = ()
    decoded: Sequence[str] = ()


@dataclass(frozen=True)
class Explanation:
    finding: Finding
    steps: list[Step]
    unfinished: Sequence[str] = ()
    leads: Sequence[Lead] = ()


@pytest.fixture
def explained(report: Report) -> Explanation:
    finding = report.findings[0]
    steps = [Step(evidence, raw, offset) for evidence, raw, offset in zip(finding.evidence, RAWS, (0.0, -3600.0), strict=True)]
    return Explanation(finding, steps[::-1])


def test_explanation(explained: Explanation, golden: Callable[[str, str], None]) -> None:
    golden("explanation.txt", explanation.render(explained).plain())


def test_a_step_names_its_records_by_the_numbers_below(explained: Explanation) -> None:
    lines = explanation.render(explained, width=200).plain().splitlines()
    first = lines.index("What happened") + 1
    assert [line.strip() for line in lines[first : first + 2]] == [
        (
            "2026-03-02T10:15:04.123Z  ws01.corp.example (10.0.0.5) writes C:\\Windows\\PSEXESVC.exe to file01.corp.example "
            "as CORP\\alice (record 1)"
        ),
        "2026-03-02T10:15:05.001Z  file01.corp.example runs C:\\Windows\\PSEXESVC.exe as NT AUTHORITY\\SYSTEM (record 2)",
    ]


def records(explained: Explanation, raw: str, *, full: bool) -> list[str]:
    step = Step(explained.finding.evidence[0], raw, 0.0)
    lines = explanation.render(Explanation(explained.finding, [step]), full=full, width=2000).plain().splitlines()
    return lines[lines.index("   By        file01.corp.example, Security, EventRecordID 90017") + 1 :]


def test_what_the_event_says_is_kept_before_its_envelope(explained: Explanation) -> None:
    envelope = {f"e{number}": number for number in range(20)}
    raw = json.dumps({"agent": envelope, "empty": "", "winlog": {"event_data": {f"d{number}": number for number in range(20)}}})

    assert records(explained, raw, full=False) == [
        *(f"      agent.e{number}: {number}" for number in range(8)),
        *(f"      winlog.event_data.d{number}: {number}" for number in range(20)),
        "      … and 12 more lines",
        "",
        "1 record shortened; --full shows everything.",
    ]
    assert records(explained, raw, full=True) == [f"      {line}" for line in json.dumps(json.loads(raw), indent=2).splitlines()]


def test_long_values_are_cut_unless_full(explained: Explanation) -> None:
    raw = json.dumps({"script": "x" * 500})

    assert records(explained, raw, full=False)[0] == f"      script: {'x' * 392} … and 108 more characters"
    assert records(explained, raw, full=True) == ["      {", f'        "script": "{"x" * 500}"', "      }"]


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        ('{"a":{"b":[1,2],"c":[{"d":null,"e":false}]},"f":""}', ["a.b: 1, 2", "a.c[0].e: False"]),
        ('{"Event":{"#attributes":{"x":1},"D":{"#text":"y"}}}', ["Event.x: 1", "Event.D: y"]),
        ('{"a":', ['{"a":']),
        (
            "<?xml version='1.0'?><Event xmlns='u'><P Name='p' Q=\"a>b\"/><Data Name='x'>y\nz &amp;</Data><Data>w</Data><E></E></Event>",
            ["Event.P.Name: p", "Event.P.Q: a>b", "Event.x: y\nz &amp;", "Event.Data: w"],
        ),
        ("<Event", ["<Event"]),
        ("<<<", ["<<<"]),
        ("1.5\tCx", ["1: 1.5", "2: Cx"]),
    ],
)
def test_fields(raw: str, lines: list[str]) -> None:
    assert [field.text for field in explanation.fields(raw)] == lines


def test_xml_is_shortened_between_values_and_says_how_much_is_left(explained: Explanation) -> None:
    envelope = "".join(f"<e{number} a='1'/>" for number in range(20))
    data = "".join(f"<Data Name='d{number}'>{number}</Data>" for number in range(19))
    raw = f"<Event><System>{envelope}</System><EventData>{data}<Data Name='script'>{'x y' * 300}\nlast</Data></EventData></Event>"
    shown = records(explained, raw, full=False)
    assert shown[:8] == [f"      Event.System.e{number}.a: 1" for number in range(8)]
    assert shown[8:27] == [f"      Event.EventData.d{number}: {number}" for number in range(19)]
    begun, _, left = shown[27].partition(" … and ")
    assert (len(begun.strip()), left) == (400, "529 more characters")
    assert shown[28:] == ["      … and 12 more lines", "", "1 record shortened; --full shows everything."]


def test_a_long_tag_takes_no_longer_than_its_length() -> None:
    assert explanation.fields(f"<a {'/' * 200_000}") == [explanation.Field(f"<a {'/' * 200_000}", own=True)]
    assert explanation.fields("<a " * 50_000)[0].own
    assert explanation.fields('<a "' * 50_000)[0].own


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

    assert list(document) == ["schema", "finding", "steps", "unfinished", "leads"]
    assert [step["raw"] for step in document["steps"]] == [RAWS[1], RAWS[0]]
    assert document["steps"][0]["offset_seconds"] == -3600.0


def test_an_encoded_command_is_told_below_its_record(explained: Explanation) -> None:
    said = [f"line {number}" for number in range(20)] + ["x" * 500]
    step = Step(explained.finding.evidence[0], '{"a":1}', 0.0, (), ["\n".join(said), "two\u202e"])
    lines = explanation.render(Explanation(explained.finding, [step]), width=2000).plain().splitlines()
    first = lines.index("   Its encoded command says:") + 1
    assert lines[first : first + 12] == [f"      {each}" for each in said[:12]]
    assert lines[first + 12] == "      … and 9 more lines"
    assert lines[first + 13 : first + 15] == ["   Its encoded command says:", "      two<U+202E>"]
    whole = explanation.render(Explanation(explained.finding, [step]), full=True, width=2000).plain()
    assert all(f"      {each}\n" in whole for each in said)


def test_leads_of_its_machines_are_told_as_what_was_logged(explained: Explanation) -> None:
    text = explanation.render(Explanation(explained.finding, [], leads=LEADS), width=200).plain()
    assert "Where it may have led" in text
    assert text.count("no finding says that anything ran there for it") >= 1
    assert "Where it may have led" not in explanation.render(explained).plain()


def test_a_row_of_columns_is_shown_by_the_names_that_are_known() -> None:
    assert list(explanation.pretty("1.5\tCx\t-", ["ts", None])) == ["ts: 1.5", "2: Cx", "3: -"]
