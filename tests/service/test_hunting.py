"""A hunt as a whole: the same logs give the same report, however they are packed, named, ordered and read."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from graphcorr.case import compaction, reading, tasks
from graphcorr.errors import CaseError, NotDetectedError, UsageError
from graphcorr.model.findings import Finding
from graphcorr.model.report import Report
from graphcorr.service.cases import find_case, load_report
from graphcorr.service.detecting import detect
from graphcorr.service.explaining import explain
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.reading import ingest
from graphcorr.simulate.demo import write_demo
from graphcorr.syntax.times import parse_time
from tests.case.logs import Quiet, generation, make_layout_2, segments, sysmon
from tests.conftest import REPOSITORY
from tests.settings import own_settings


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRAPHCORR_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs of three machines and their network, with three chains."""
    folder = tmp_path_factory.mktemp("demo") / "logs"
    write_demo(folder)
    return folder


@pytest.fixture(scope="module")
def report(logs: Path) -> Report:
    """What a hunt in these logs says."""
    found = hunt(HuntOptions(paths=(str(logs),), ephemeral=True), own_settings(), Quiet())
    assert len(found.findings) == 4
    return found


def run(*paths: Path | str, case: Path | None = None, workers: int = 1) -> Report:
    options = HuntOptions(paths=tuple(str(path) for path in paths), case=case, ephemeral=case is None)
    return hunt(options, own_settings(workers=workers), Quiet())


def without_origins(report: Report) -> list[Finding]:
    """Findings as they are whatever the files are called."""
    return [
        msgspec.structs.replace(finding, evidence=[msgspec.structs.replace(each, file="", member=None) for each in finding.evidence])
        for finding in report.findings
    ]


def zip_logs(logs: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(logs.iterdir()):
            packed.write(path, path.name)
    return archive


def test_an_unnamed_case_of_the_layout_before_is_gone_on_with(logs: Path, state: Path) -> None:
    first = hunt(HuntOptions(paths=(str(logs),)), own_settings(), Quiet())
    [case] = (state / "cases").iterdir()
    make_layout_2(case)
    assert load_report(case) == first
    assert hunt(HuntOptions(paths=(str(logs),)), own_settings(), Quiet()) == first
    assert list((state / "cases").iterdir()) == [case]


def test_the_order_of_the_arguments_does_not_show(logs: Path, report: Report) -> None:
    paths = sorted(logs.iterdir(), reverse=True)
    assert msgspec.json.encode(run(*paths)) == msgspec.json.encode(report)


def test_packed_or_not_the_findings_are_the_same(logs: Path, report: Report, tmp_path: Path) -> None:
    packed = run(zip_logs(logs, tmp_path / "logs.zip"))

    assert without_origins(packed) == without_origins(report)
    assert (packed.observations == [], packed.paths) == (False, report.paths)
    assert (packed.inputs.events, packed.inputs.duplicates) == (report.inputs.events, 0)


def test_the_same_logs_twice_change_nothing_but_the_inputs(logs: Path, report: Report, tmp_path: Path) -> None:
    """The packed copy sorts behind the folder, so that even the origins stay."""
    archive = zip_logs(logs, logs.parent / "z.zip")
    twice = run(archive, logs, case=tmp_path / "case")
    again = run(archive, logs, case=tmp_path / "case")
    archive.unlink()

    assert twice.findings == report.findings
    assert (twice.coverage, twice.clocks, twice.observations, twice.paths) == (
        report.coverage,
        report.clocks,
        report.observations,
        report.paths,
    )
    assert (twice.inputs.events, twice.inputs.duplicates) == (2 * report.inputs.events, report.inputs.events)
    assert msgspec.json.encode(again) == msgspec.json.encode(twice)


def test_two_processes_find_what_one_finds(logs: Path, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_PARALLEL_BYTES", 0)
    monkeypatch.setattr(tasks, "_FULL_INPUTS", 1)
    assert msgspec.json.encode(run(logs, workers=2)) == msgspec.json.encode(report)


def test_ingested_piece_by_piece_the_report_is_the_same(
    logs: Path, report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """… and so is it after the pieces were merged."""
    case = tmp_path / "case"
    for path in sorted(logs.iterdir(), reverse=True):
        inputs = ingest([str(path)], case, own_settings(), Quiet())
    assert inputs.events > report.inputs.events
    found = detect(case, own_settings(), Quiet())
    assert "service" in {each.role for finding in found.findings for each in finding.evidence}
    monkeypatch.setattr(compaction, "_MANY", 1)
    monkeypatch.setattr(compaction, "_TIER", 10_000)
    merged = detect(case, own_settings(), Quiet())

    assert found.findings == report.findings
    assert (found.paths, found.observations) == (report.paths, report.observations)
    assert msgspec.json.encode(merged) == msgspec.json.encode(found)
    assert [name.partition("-")[0] for name in segments(case)] == ["merged"]


def span(logs: Path, since: str | None, until: str | None) -> list[str]:
    """Files that were run between two moments."""
    first, last = (None if text is None else moment(text) for text in (since, until))
    found = hunt(HuntOptions(paths=(str(logs),), ephemeral=True, since=first, until=last), own_settings(), Quiet())
    return [finding.file or "" for finding in found.findings if finding.execution]


def moment(text: str) -> int:
    parsed = parse_time(text)
    assert parsed is not None
    return parsed[0]


def test_both_ends_of_a_span_belong_to_it(logs: Path, report: Report) -> None:
    image, script, module, _ = [finding.file for finding in report.findings]
    written, ran = report.findings[0].write_time, report.findings[0].execution_time
    assert (written, ran) == ("2024-03-11T08:31:00.002000Z", "2024-03-11T08:31:04.210000Z")
    last = max(each.time for each in report.findings[0].evidence)

    assert span(logs, "2024-03-11T08:30:55Z", last) == [image]
    assert span(logs, "2024-03-11T08:30:55Z", "2024-03-11T08:31:04.209999Z") == []
    assert span(logs, "2024-03-11T08:31:30Z", None) == [script, module]


def test_what_holds_no_log_is_not_the_last_case(logs: Path, state: Path, tmp_path: Path) -> None:
    """A mistyped name must not take away what ``explain`` is asked about next."""
    hunt(HuntOptions(paths=(str(logs),)), own_settings(), Quiet())
    before = find_case(None, own_settings())
    (tmp_path / "notes.txt").write_text("no log at all\n")
    hunt(HuntOptions(paths=(str(tmp_path / "notes.txt"),)), own_settings(), Quiet())
    assert find_case(None, own_settings()) == before


def test_the_last_case_answers_afterwards(logs: Path, report: Report, state: Path) -> None:
    with pytest.raises(UsageError, match=r"^there is no case yet"):
        find_case(None, own_settings())
    kept = hunt(HuntOptions(paths=(str(logs),)), own_settings(), Quiet())
    folder = find_case(None, own_settings())
    run(logs)  # ephemeral: not remembered

    assert find_case(None, own_settings()) == folder
    assert folder.parent == state / "cases"
    assert kept.case == str(folder)
    assert load_report(folder) == kept
    assert kept.findings == report.findings
    finding = kept.findings[0]
    steps = explain(folder, finding.id[:8].upper()).steps
    assert [step.evidence for step in steps] == finding.evidence
    for step in steps:
        lines = (Path(step.evidence.file)).read_text().splitlines()
        assert step.raw == lines[step.evidence.record - 1]
    with pytest.raises(UsageError, match=rf"^no finding of {folder} has an id that starts with zz$"):
        explain(folder, "zz")


def test_the_same_logs_go_on_in_the_same_unnamed_case(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(logs.parent)
    ingest(["logs"], None, own_settings(), Quiet())
    first = find_case(None, own_settings())
    ingest([str(logs / "conn.log"), str(logs)], None, own_settings(), Quiet())
    assert find_case(None, own_settings()) == first
    ingest([str(logs / "conn.log")], None, own_settings(), Quiet())
    assert find_case(None, own_settings()) != first


def test_a_relative_case_is_found_from_anywhere(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = run(logs, case=Path("sub/case"))
    monkeypatch.chdir("/")

    assert report.case == "sub/case"
    assert load_report(find_case(None, own_settings())) == report


def test_a_case_without_logs_has_no_findings(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = run(tmp_path / "empty", case=tmp_path / "case")
    assert (report.findings, report.inputs.files, report.coverage.hosts) == ([], [], [])


def test_an_explanation_of_an_old_report_asks_for_a_new_one(logs: Path, tmp_path: Path) -> None:
    """Of a case of the layout before: its report names records by file and number, and the case does not hold them any more."""
    case = tmp_path / "case"
    report = run(logs, case=case)
    make_layout_2(case)
    finding = report.findings[0]
    old = msgspec.structs.replace(finding, evidence=[msgspec.structs.replace(finding.evidence[0], record=10**6)])
    (case / "report.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(report, findings=[old])))
    with pytest.raises(UsageError, match=rf"^the report of {case} is older than its events: run graphcorr detect --case {case}$"):
        explain(case, finding.id)


def test_where_no_case_is_it_is_said_that_there_is_none(tmp_path: Path) -> None:
    ingest([str(tmp_path)], tmp_path / "case", own_settings(), Quiet())
    assert find_case(tmp_path / "case", own_settings()) == tmp_path / "case"
    for folder in (tmp_path / "nope", tmp_path):
        with pytest.raises(UsageError, match=rf"^there is no case in {folder}$"):
            find_case(folder, own_settings())


def test_a_report_that_is_missing_or_torn_is_told(tmp_path: Path) -> None:
    case = tmp_path / "case"
    ingest([str(tmp_path)], case, own_settings(), Quiet())
    with pytest.raises(NotDetectedError, match=rf"^{case} is not detected yet: run graphcorr detect --case {case}$"):
        load_report(case)
    detect(case, own_settings(), Quiet())
    generation(case).report.write_bytes(b'{"schema":')
    with pytest.raises(CaseError, match=rf"^the report of {case} cannot be read \(.*\); run graphcorr detect --case {case}$"):
        load_report(case)
    shutil.rmtree(generation(case).folder)
    with pytest.raises(CaseError, match=rf"is missing or not whole; run graphcorr detect --case {case}$"):
        load_report(case)
    detect(case, own_settings(), Quiet())
    assert load_report(case).findings == []


@pytest.mark.parametrize("damaged", ["everything", "the footer"])
def test_damaged_events_are_told(logs: Path, tmp_path: Path, damaged: str) -> None:
    case = tmp_path / "case"
    ingest([str(logs)], case, own_settings(), Quiet())
    [segment] = (case / "events").iterdir()
    content = segment.read_bytes()
    if damaged == "everything":
        segment.write_bytes(b"x" * len(content))
    else:
        segment.write_bytes(content[:-400] + b"\xff" * 392 + content[-8:])
    with pytest.raises(CaseError, match=rf"^the events of {case} are damaged \(.*\); remove the case folder and read the logs again$"):
        detect(case, own_settings(), Quiet())


@pytest.mark.parametrize("named", [True, False], ids=["named", "unnamed"])
def test_standard_input_is_read_whole(tmp_path: Path, named: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(sysmon(number) + "\n" for number in range(1, 5))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    inputs = ingest(["-"], tmp_path / "case" if named else None, own_settings(), Quiet())

    [file] = inputs.files
    assert (file.path, file.status, file.records, file.events) == ("-", "read", 4, 4)


def test_a_pipe_is_read_whole(tmp_path: Path) -> None:
    r"""``graphcorr hunt <(zcat …)``: what was looked at to name the case is gone."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen([sys.executable, "-c", f"open({str(pipe)!r}, 'w').write({(sysmon(1) + chr(10) + sysmon(2))!r})"])
    inputs = ingest([str(pipe)], None, own_settings(), Quiet())
    assert writer.wait(timeout=30) == 0
    assert [(file.status, file.records) for file in inputs.files] == [("read", 2)]


def test_masked_times_are_skips_with_a_reason(shared: Path) -> None:
    """The Zeek baselines have XXXXXXXXXX for every time: each row is skipped, none is an event, all are explained."""
    report = run(shared / "datasets" / "zeek+zeek")

    assert (report.inputs.events, report.inputs.skipped, len(report.inputs.skips), report.findings) == (0, 116, 116, [])
    assert {skip.reason for skip in report.inputs.skips} == {"the time is masked: XXXXXXXXXX.XXXXXX"}
    for file in report.inputs.files:
        rows = [line for line in Path(file.path).read_text().splitlines() if line and not line.startswith("#")]
        assert file.skipped in {0, len(rows)}
        assert file.reason == (f"{len(rows)} of {file.records} records skipped" if file.skipped else None)


_MEASURED = """
import sys
from pathlib import Path
from graphcorr.model.progress import Silent
from graphcorr.service.reading import ingest
from graphcorr.settings import Settings
inputs = ingest(sys.argv[1:], None, Settings(state=Path(sys.argv[1]).parent / "state", workers=1), Silent())
# Not ru_maxrss: that starts at what the parent had when it forked.
[peak] = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(inputs.records, inputs.events, peak)
"""


def test_memory_stays_flat(tmp_path: Path) -> None:
    """300 MB of NDJSON, mostly unwanted, as real logs are: the peak has nothing to do with the size of the input."""
    block = "".join(sysmon(number, event_id=22) + "\n" for number in range(2000)).encode()
    with (tmp_path / "a.json").open("wb") as file:
        for number in range(300 * 1024 * 1024 // len(block)):
            file.write(block)
            file.write(sysmon(number).encode() + b"\n")
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(tmp_path / "a.json")],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        timeout=120,
        check=True,
    )
    records, events, peak = map(int, done.stdout.split())
    assert (records, events) == (2001 * (number + 1), number + 1)
    assert peak < 250 * 1024
