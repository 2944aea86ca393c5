"""The report for people: its whole text against a golden file, and what an empty result may say."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from graphcorr.model.findings import Basis, Confidence, Endpoint, Level, Movement, Observation, Role
from graphcorr.model.report import Coverage, Gap, HostCoverage, HostMissing, Inputs, KindCoverage, PatternCoverage, Report
from graphcorr.outputs import story, text
from graphcorr.outputs.finding import headline

replace = msgspec.structs.replace
Golden = Callable[[str, str], None]


CLEAN = "Nothing was found: no file is seen to come over the network and be run, and nothing to be run or set up from another machine."


def without_findings(report: Report, *patterns: PatternCoverage, gaps: int = 0) -> Report:
    gap = Gap("2026-03-02T12:00:00.000000Z", "2026-03-02T12:00:00.000000Z", "the Security log was cleared")
    hosts = [HostCoverage("ws01", [], [gap] * gaps)]
    return replace(report, findings=[], paths=[], coverage=Coverage(hosts, list(patterns)))


def first_line(report: Report) -> str:
    return text.render(report, width=200).lines[0].text


def test_report(report: Report, golden: Golden) -> None:
    golden("report.txt", text.render(report).plain())


def test_report_with_every_level_listed_on_a_narrow_page(report: Report, golden: Golden) -> None:
    golden("report-60.txt", text.render(report, Level.INFORMATIONAL, 60).plain())


def test_nothing_found_and_everything_judged(report: Report, golden: Golden) -> None:
    clean = without_findings(report, PatternCoverage("smb-write-then-image", "evaluated", []))
    golden("nothing.txt", text.render(replace(clean, case=None, observations=[], clocks=[])).plain())


def test_events_without_the_name_of_a_machine_are_no_clean_result(report: Report) -> None:
    clean = without_findings(report, PatternCoverage("smb-write-then-image", "evaluated", []))
    files = [replace(file, hostless=1 if index == 2 else 0) for index, file in enumerate(report.inputs.files)]
    page = text.render(replace(clean, inputs=replace(report.inputs, files=files, hostless=1))).plain()
    assert page.startswith("Nothing was found in what could be judged; a part could not, see below.\n")
    told = "   1 event without the name of a machine, kept and not judged:\n      logs/old.zip, ws01/Security.evtx: 1\n"
    assert told in page
    assert "without the name of a machine" not in text.render(clean).plain()


@pytest.mark.parametrize(
    ("patterns", "gaps", "answer"),
    [
        ([("evaluated", [])], 0, CLEAN),
        ([("evaluated", [])], 1, "Nothing was found in what could be judged; a part could not, see below."),
        ([("evaluated", []), ("not_evaluated", ["Write"])], 0, "Nothing was found in what could be judged; a part could not, see below."),
        ([("partly", ["Write"])], 0, "Nothing was found in what could be judged; a part could not, see below."),
        (
            [("not_evaluated", ["Write"])],
            0,
            "No answer: the logs do not hold what is needed to see one machine take over another.",
        ),
        ([], 0, "No answer: the logs do not hold what is needed to see one machine take over another."),
    ],
)
def test_not_judged_is_never_clean(report: Report, patterns: list[tuple[str, list[str]]], gaps: int, answer: str) -> None:
    coverage = [
        PatternCoverage(f"pattern-{index}", status, [HostMissing("ws01", missing)] if missing else [])
        for index, (status, missing) in enumerate(patterns)
    ]
    assert first_line(without_findings(report, *coverage, gaps=gaps)) == answer


def test_nothing_read_is_no_answer(report: Report) -> None:
    empty = replace(without_findings(report), inputs=Inputs([], 0, 0, 0, 0, []))
    assert first_line(empty) == "No answer: nothing in the input could be read as a log that graphcorr knows."


def test_answer_counts_files_hosts_and_paths(report: Report) -> None:
    remote = report.findings[0]
    unknown = replace(remote, id="x", movement=Movement.UNKNOWN_SOURCE, source=None)
    fileless = replace(remote, id="y", file=None, write_time=None, title="Run through WMI", target=Endpoint("ws09", None))

    assert text.answer(report, [remote]) == "1 file was written over the network and then run, on 1 host."
    assert text.answer(report, [remote, unknown]) == "2 files were written over the network and then run, on 1 host."
    assert text.answer(report, [fileless]) == "1 program was run, without a file that is seen to come over the network, on 1 host."
    assert (
        text.answer(report, [*report.findings[:3], fileless])
        == "2 files were written over the network and then run, on 2 hosts; 1 file was written by a machine to itself and run, on 1 host "
        "(with low confidence); 1 program was run, without a file that is seen to come over the network, on 1 host; 1 path of "
        "several hops, over 3 machines."
    )


def test_whether_a_written_file_ran_is_said_to_be_open_where_no_log_tells(report: Report) -> None:
    example = replace(report.findings[0].evidence[0], kind="Write", event="w")
    row = Observation("smb-write", None, Endpoint("nas", None), None, 2, example.time, example.time, [example])
    hosts = [HostCoverage("nas", [], [])]
    blind = replace(report, observations=[row], coverage=Coverage(hosts, []))
    said = "ran on nas is not evaluated: no process starts (Security 4688 or Sysmon 1) are logged there\n"
    assert f"Whether any of these files {said}" in text.render(blind, width=140).plain()

    found = replace(blind, findings=[replace(report.findings[0], target=Endpoint("nas", None))])
    assert f"Whether any of the others of these files {said}" in text.render(found, width=140).plain()

    kind = KindCoverage("ProcessStart", example.time, example.time, 1)
    watched = replace(blind, coverage=Coverage([replace(hosts[0], kinds=[kind])], []))
    other = replace(blind, observations=[replace(row, examples=[replace(example, kind="Logon")])])
    for page in (text.render(watched, width=140).plain(), text.render(other, width=140).plain()):
        assert "Whether any" not in page

    nothing = without_findings(report, PatternCoverage("p", "not_evaluated", [HostMissing("nas", ["ProcessStart"])]))
    more = "Files were written over the network to 1 host; whether any of them ran is not evaluated, see below."
    assert first_line(replace(nothing, observations=[row])).endswith(f" {more}")
    assert more not in first_line(replace(nothing, observations=[]))


def test_paths_that_a_report_does_not_tell_are_counted_where_they_are_told(report: Report) -> None:
    """``graphcorr paths`` has those of one hop, which a report tells as findings, and those of findings that are not listed."""
    (chain,) = report.paths
    lone = replace(chain, id="lone", hosts=chain.hosts[:2], hops=chain.hops[:1], leads=[])
    hidden = next(each for each in report.findings if each.level is Level.LOW)
    unlisted = replace(chain, id="unlisted", hops=[chain.hops[0], hidden.id])
    leading = replace(lone, id="leading", leads=chain.leads)
    several = replace(report, paths=[chain, lone, unlisted, leading])

    page = text.render(several, width=140).plain()
    assert "; 1 path of several hops, over 3 machines; 1 path of one hop that may lead on." in page
    assert "graphcorr paths " in page
    assert "each path as a story, also 1 of one hop and 1 with a finding that is not listed here\n" in page
    assert story.render(several, 140).lines[0].text == "4 paths: 2 of several hops, the longest over 3 machines, and 2 of one hop."
    assert story.render(replace(report, paths=[lone]), 140).lines[0].text == "1 path of one hop."


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ([Role.BLOCKED, Role.CONNECTED], "1 attempt was blocked, on 1 host."),
        ([Role.REFUSED], "1 access was refused, on 1 host."),
        ([Role.CONNECTED, Role.REGISTERED], "1 service or task was set up or changed, without a logged run, on 1 host."),
        ([Role.CONNECTED], "1 finding was made about neither a file nor a program, on 1 host."),
        (
            [Role.CONNECTED, Role.CALLED],
            "1 remote call was made that set something up or started it, without a record of what ran, on 1 host.",
        ),
    ],
)
def test_the_first_line_says_of_a_finding_without_a_file_what_it_is(report: Report, roles: list[Role], sentence: str) -> None:
    steps = [replace(report.findings[0].steps[0], role=role) for role in roles]
    found = replace(report.findings[0], file=None, write_time=None, execution=None, executions=[], execution_time=None, steps=steps)
    assert text.answer(report, [found]) == sentence


def test_the_first_line_is_no_surer_than_the_findings(report: Report) -> None:
    sure = report.findings[0]
    unsure = replace(sure, id="x", confidence=Confidence.LOW)
    assert text.answer(report, [unsure]) == "1 file was written over the network and then run, on 1 host (with low confidence)."
    concluded = replace(sure, basis=Basis.INFERRED)
    assert text.answer(report, [concluded]) == "1 file was probably written over the network and then run, on 1 host."
    assumed = replace(sure, basis=Basis.ASSUMED)
    assert text.answer(report, [assumed]) == text.answer(report, [concluded])
    assert "was probably written" in headline(assumed)
    assert text.answer(report, [sure, concluded]) == "2 files were written over the network and then run, on 1 host."
    assert text.answer(report, [sure, unsure, unsure]) == (
        "3 files were written over the network and then run, on 1 host (2 of them with low confidence)."
    )


def test_what_somebody_did_to_the_logs_comes_before_what_is_missing(report: Report) -> None:
    missing = PatternCoverage("p", "partly", [HostMissing("ws01", ["ProcessStart"])])
    times = ("2026-03-02T12:00:00.000000Z", "2026-03-02T12:00:00.000000Z")
    gaps = [Gap(*times, "a hole"), Gap(*times, "the audit of logons was turned off by CORP\\eve", "audit_off")]
    hosts = [HostCoverage("ws01", [], gaps), HostCoverage("ws02", [], [])]
    lines = [line.text.strip() for line in text.render(replace(report, coverage=Coverage(hosts, [missing])), width=140).lines]
    start = lines.index("What could not be judged")
    assert lines[start + 1 : start + 7] == [
        "An audit was turned off or a log cleared; what happened then is not known:",
        "ws01, 2026-03-02T12:00:00.000Z: the audit of logons was turned off by CORP\\eve",
        "No process starts (Security 4688 or Sysmon 1) on ws01",
        "Not evaluated on 1 of 2 hosts: p",
        "1 hole in the logs; what happened then is not known:",
        "ws01, 2026-03-02T12:00:00.000Z: a hole",
    ]


def test_a_pattern_that_was_stopped_is_said_to_be_open_and_why(report: Report) -> None:
    stopped = [PatternCoverage("p", "not_evaluated", [], stopped="stopped after 300 s"), PatternCoverage("q", "evaluated", [])]
    coverage = Coverage([HostCoverage("ws01", [], [])], stopped)
    lines = [line.text.strip() for line in text.render(replace(report, coverage=coverage), width=140).lines]
    start = lines.index("What could not be judged")
    assert lines[start + 1] == "p was not evaluated: stopped after 300 s"
    assert not any("Not evaluated at all" in line or "Every pattern had" in line for line in lines)


def test_a_log_that_ends_too_early_is_not_said_to_be_missing(report: Report) -> None:
    """A kind that is logged on a host and not there when a file comes is another thing than one that nobody logs."""
    missing = PatternCoverage("p", "partly", [HostMissing(host, ["ProcessStart"]) for host in ("ws01", "ws02")])
    times = ("2026-03-02T12:00:00.000000Z", "2026-03-02T12:00:00.000000Z")
    hosts = [
        HostCoverage("ws01", [KindCoverage("ProcessStart", *times, 12)], []),
        HostCoverage("ws02", [], []),
        HostCoverage("ws03", [], []),
    ]
    lines = [line.text.strip() for line in text.render(replace(report, coverage=Coverage(hosts, [missing])), width=140).lines]
    start = lines.index("What could not be judged")
    assert lines[start + 1 : start + 4] == [
        "No process starts (Security 4688 or Sysmon 1) on ws02",
        "No process starts after the first write of a file on ws01: the log ends before it",
        "Not evaluated on 2 of 3 hosts: p",
    ]


def test_what_is_not_logged_is_one_line_however_many_patterns_ask_for_it(report: Report) -> None:
    hosts = [HostCoverage(f"ws{number:02}", [], []) for number in range(30)]
    missing = [HostMissing(host.host, ["ModuleLoad", "ProcessStart"]) for host in hosts]
    patterns = [PatternCoverage(f"p{number}", "not_evaluated", missing) for number in range(5)]
    lines = [line.text.strip() for line in text.render(replace(report, coverage=Coverage(hosts, patterns)), width=140).lines]
    start = lines.index("What could not be judged")
    assert lines[start + 1 : start + 4] == [
        "No loaded libraries (Sysmon 7) or process starts (Security 4688 or Sysmon 1) on any of the 30 hosts",
        "Not evaluated at all: p0, p1, p2, p3 and p4",
        "",
    ]


def test_of_many_patterns_the_first_are_named_and_all_are_counted(report: Report) -> None:
    patterns = [PatternCoverage(f"p{number}", "not_evaluated", [HostMissing("ws01", ["ModuleLoad"])]) for number in range(9)]
    hosts = [HostCoverage("ws01", [], []), HostCoverage("ws02", [], [])]
    lines = [line.text.strip() for line in text.render(replace(report, coverage=Coverage(hosts, patterns)), width=140).lines]
    said = "Not evaluated at all: p0, p1, p2, p3, p4 and 4 more (9 in all; the JSON report has each)"
    assert lines[lines.index("No loaded libraries (Sysmon 7) on ws01") + 1] == said


def test_what_was_there_again_is_told_apart_from_what_is_kept(report: Report) -> None:
    inputs = Inputs(report.inputs.files[:1], 9, 9, 0, 6, [])
    lines = [line.text.strip() for line in text.render(replace(report, inputs=inputs), width=140).lines]
    start = lines.index("What was read")
    assert lines[start + 1 : start + 3] == [
        "1 file in whole, 9 records; 3 events understood and kept",
        "6 further records tell of the same events again, and add nothing",
    ]


def test_what_is_only_counted_decides_nothing_of_the_first_line(report: Report) -> None:
    clean, lacking = PatternCoverage("p", "evaluated", []), PatternCoverage("q", "not_evaluated", [HostMissing("ws01", ["Logon"])])
    for observation, first in (
        (False, "Nothing was found in what could be judged; a part could not, see below."),
        (True, CLEAN),
    ):
        page = text.render(without_findings(report, clean, replace(lacking, observation=observation)), width=200)
        assert page.lines[0].text == first
        assert any(line.text.strip() == "Not evaluated at all: q" for line in page.lines)
    page = text.render(without_findings(report, lacking, replace(clean, observation=True)))
    assert page.lines[0].text.startswith("No answer: ")


def test_what_one_machine_does_alone_answers_nothing_of_how_the_next_was_taken_over(report: Report) -> None:
    alone, across = (
        PatternCoverage("p", "evaluated", [], decides=False),
        PatternCoverage("q", "not_evaluated", [HostMissing("ws01", ["Logon"])]),
    )
    assert first_line(without_findings(report, alone, across)).startswith("No answer: ")
    assert first_line(without_findings(report, replace(alone, decides=True), across)).startswith(
        "Nothing was found in what could be judged"
    )


def test_hostile_names_stay_on_their_line(report: Report) -> None:
    hostile = replace(report.findings[0], file="C:\\a\x1b[2J\n\n0 findings\u202egpj.exe[bold]", account="CORP\\x\r\x9bm")
    page = text.render(replace(report, findings=[hostile], paths=[]), width=200)

    assert page.lines[2].text == (
        "1. High: C:\\a<U+001B>[2J<U+000A><U+000A>0 findings<U+202E>gpj.exe[bold] was written to file01.corp.example "
        "over the network and run there"
    )
    assert page.lines[3].text == ("   Written   2026-03-02T10:15:04.123Z  from ws01.corp.example (10.0.0.5), by CORP\\x<U+000D><U+009B>m")
    assert "\x1b" not in page.plain()


def test_an_ephemeral_run_names_no_command_that_needs_its_case(report: Report) -> None:
    kept, dropped = text.render(report).plain(), text.render(replace(report, case=None)).plain()

    assert kept.count("graphcorr ") == 10
    assert dropped.count("graphcorr ") == 0


def test_files_with_the_same_reason_share_a_line(report: Report) -> None:
    files = [replace(report.inputs.files[3], path=f"logs/{number}.txt") for number in range(4)]
    inputs = Inputs([*files, replace(files[0], path="a.cap", reason="a packet capture")], 0, 0, 0, 0, [])
    lines = [line.text for line in text.render(replace(report, inputs=inputs)).lines]

    start = lines.index("   5 files not understood:")
    assert lines[start + 1 : start + 4] == ["      logs/0.txt (and 3 more files): no known log format", "      a.cap: a packet capture", ""]


WHEN = "2026-03-02T10:00:00.000000Z"
NOBODY = Endpoint(None, None)
CROWD = Observation("alert-on-wire", None, NOBODY, None, 9, WHEN, WHEN, [], "ET made up", 60)
PAIR = Observation("alert-on-wire", Endpoint(None, "10.0.0.5"), Endpoint(None, "10.0.0.9"), None, 1, WHEN, WHEN, [], "ET made up")
GUARD = Observation("alert-on-machine", None, Endpoint("target.corp.example", None), None, 2, WHEN, WHEN, [], "Trojan", local=True)


@pytest.mark.parametrize(("rows", "said"), [
    ([CROWD], ["alert-on-wire: 9 events between 60 machines", "9 × between 60 machines, ET made up,"]),
    ([CROWD, PAIR], ["alert-on-wire: 10 events between 60 machines and others", "9 × between 60 machines, ET made up,"]),
    ([PAIR], ["alert-on-wire: 1 event between 1 pair of machines and accounts", "1 × 10.0.0.5 → 10.0.0.9, ET made up,"]),
    ([GUARD], ["alert-on-machine: 2 events on 1 machine", "2 × target.corp.example, Trojan,"]),
])  # fmt: skip
def test_observations_name_the_ends_that_there_are(report: Report, rows: list[Observation], said: list[str]) -> None:
    told = [line.text.strip() for line in text.render(replace(report, observations=rows), width=200).lines]
    place = next(number for number, line in enumerate(told) if line.startswith(rows[0].pattern))
    assert told[place] == said[0]
    assert told[place + 1].startswith(said[1])
