"""The benchmark measures what it says: honest baselines, inputs of the asked size, and no time for a command that failed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from benchmarks import accuracy
from benchmarks.baselines import ZEEK_COLUMNS, decode_json, read_zeek
from benchmarks.cases import Line
from benchmarks.inputs import shift, write_windows_json, write_zeek_tsv
from benchmarks.measure import MIB, BenchmarkError, Measurement, detect_files, measure
from benchmarks.segments import count_segments, merge_all
from benchmarks.table import render
from graphcorr.detection import Spent, Timer
from graphcorr.model.progress import Silent
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.simulate.demo import write_demo
from graphcorr.simulate.zeek import header
from tests.case.logs import ingest, places, write_log
from tests.settings import own_settings


def test_a_measurement_is_of_the_command_alone() -> None:
    ballast = bytearray(200 * MIB)  # a child must not be charged with what its parent holds
    code = "import time; data = bytearray(60 << 20); time.sleep(0.2); print(len(data))"
    measured = measure([sys.executable, "-c", code], runs=2, cores=1)
    assert measured.output == b"62914560\n"
    assert len(measured.all_seconds) == 2
    assert 0.2 < measured.seconds < 5
    assert 60 * MIB < measured.peak < 150 * MIB
    assert len(ballast) == 200 * MIB


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "raise ValueError('broken')", "pass"], ids=["status", "crash", "silence"])
def test_a_command_that_failed_has_no_time(code: str) -> None:
    with pytest.raises(BenchmarkError):
        measure([sys.executable, "-c", code], runs=1, cores=1, accept=(0, 1))


def test_a_command_sees_as_many_cores_as_it_says() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("pinning is Linux's")
    measured = measure([sys.executable, "-c", "import os; print(len(os.sched_getaffinity(0)))"], runs=1, cores=1)
    assert measured.output == b"1\n"


def test_zeek_logs_have_the_asked_size_and_every_row_is_read(tmp_path: Path) -> None:
    folder = write_zeek_tsv(tmp_path, 300_000)
    paths = sorted(folder.iterdir())
    assert [path.name for path in paths] == ["conn.log", "smb_files.log"]
    assert sum(path.stat().st_size for path in paths) >= 300_000
    rows = sum(not line.startswith(b"#") for path in paths for line in path.read_bytes().splitlines())
    assert read_zeek(paths) == rows


def test_the_baseline_reads_columns_that_the_logs_have() -> None:
    for log, columns in ZEEK_COLUMNS.items():
        assert set(columns) <= set(header(log).decode().partition("#fields\t")[2].splitlines()[0].split("\t"))


def test_repeated_real_logs_are_no_copies() -> None:
    """Equal events would be counted once, and the hunt would be measured on a part of its work."""
    text = (
        b'{"Hostname":"WORKSTATION5.theshire.local","UtcTime":"2020-02-28 23:00:00.100","IpAddress":"172.18.39.6","x":"2099-99-99"}\n'
        b'{"Hostname":"WORKSTATION50.theshire.local","IpAddress":"172.18.40.6","WorkstationName":"workstation5"}\n'
    )
    assert shift(text, 0) == text
    assert shift(text, 2) == (
        b'{"Hostname":"WORKSTATION5R2.theshire.local","UtcTime":"2020-05-18 23:00:00.100","IpAddress":"172.20.39.6","x":"2099-99-99"}\n'
        b'{"Hostname":"WORKSTATION50R2.theshire.local","IpAddress":"172.18.40.6","WorkstationName":"workstation5R2"}\n'
    )


def test_real_logs_hold_whole_records(shared: Path, tmp_path: Path) -> None:
    assert shared.is_dir()
    logs = write_windows_json(tmp_path, 1)
    assert decode_json([logs.path]) == logs.path.read_bytes().count(b"\n")


def test_a_quick_table_says_that_it_is_one() -> None:
    assert "quick run" in render([], quick=True)
    assert "quick run" not in render([], quick=False)


def measurement(cpu: float, **steps: Spent) -> Measurement:
    return Measurement(2 * cpu, (2 * cpu,), cpu, 300 * MIB, b"{}", dict(steps))


def test_the_growth_table_says_what_an_event_costs_beside_a_quarter_of_them() -> None:
    lines = [
        Line("a small one", 2, measurement(10, read=Spent(5, 6), report=Spent(3, 2)), events=1_000_000),
        Line("a large one", 2, measurement(46, read=Spent(20, 24), report=Spent(18, 16)), events=4_000_000),
        Line("another one", 2, measurement(3, read=Spent(1, 1))),
    ]
    text = render(lines, quick=False)
    growth = text.partition("## Growth")[2].partition("## Share")[0]
    assert [row for row in growth.splitlines() if row.startswith("| ")] == [
        "| Events | read | report | start and end | all | µs per event | times a quarter | peak |",
        "| 1,000,000 | 6.0 | 2.0 | 2.0 | 10.0 | 10.0 |  | 300 MiB |",
        "| 4,000,000 | 24.0 | 16.0 | 6.0 | 46.0 | 11.5 | 1.15 | 300 MiB |",
    ]
    assert "| a large one (2 cores) | 22% | 20% | 59% |" in text
    assert "## Growth" not in render(lines[2:], quick=False)


def test_steps_count_the_processor_time_of_other_processes_too(tmp_path: Path) -> None:
    target = tmp_path / "timings.json"
    timer = Timer(target)
    timer.mark("start")
    work = "import time\nwhile time.process_time() < 0.5: pass"
    subprocess.run([sys.executable, "-c", work], check=True, timeout=60)
    timer.mark("work")
    timer.write()
    steps = msgspec.json.decode(target.read_bytes(), type=dict[str, Spent])
    assert list(steps) == ["start", "work"]
    assert steps["work"].wall >= steps["work"].cpu * 0.5 >= 0.2
    assert steps["start"].wall < 0.2


def test_all_segments_become_one_with_the_same_events(tmp_path: Path) -> None:
    for number in range(3):
        ingest(tmp_path / "case", write_log(tmp_path / f"{number}.json", 10 * number, 10 * number + 1))
    before = places(tmp_path / "case")
    assert count_segments(tmp_path / "case") == 3
    merge_all(tmp_path / "case")
    assert (count_segments(tmp_path / "case"), places(tmp_path / "case")) == (1, before)


def quiet(first: str, last: str, findings: int, observations: int) -> dict[str, object]:
    """A report of one machine in which nothing was done from elsewhere."""
    told = [{"pattern": "p"}]
    kinds = [{"kind": "Logon", "first": first, "last": last}, {"kind": "Write", "first": None, "last": None}]
    return {"findings": told * findings, "observations": told * observations, "coverage": {"hosts": [{"kinds": kinds}, {"kinds": []}]}}


def test_what_there_is_to_read_where_nothing_happened_is_counted_by_host_and_day() -> None:
    reports = [
        quiet("2026-01-05T23:00:00.000000Z", "2026-01-06T01:00:00.000000Z", 1, 2),
        quiet("2026-01-05T10:00:00.000000Z", "2026-01-05T11:00:00.000000Z", 0, 1),
    ]
    said = accuracy.render([], [], reports, [])
    assert "In the 2 data sets" in said
    assert "1 findings, 0.33 a host-day" in said
    assert "3 observations, 1.00 a host-day" in said
    assert "They are 3 host-days" in said
    assert "over 3 hours" in said
    assert "| p | finding | 1 | 0.33 |\n| p | observation | 3 | 1.00 |" in said


def test_what_is_new_where_nothing_happened_is_counted_by_the_days_after_the_middle() -> None:
    report = quiet("2026-01-05T23:00:00.000000Z", "2026-01-07T01:00:00.000000Z", 0, 0)
    history = {"hosts": 2, "not_judged": [{}], "new_since": 3, "rare_since": 1, "expected": 0.5}
    baseline = {"until": "2026-01-06T00:00:00.000000Z", "histories": [{"thing": "account", **history}]}
    said = accuracy.render([], [], [], [report | {"baseline": baseline}] * 2, report | {"baseline": baseline})
    assert "as far as they have any: 2, with\n4 host-days after it" in said
    assert "| account | 4 | 2 | 6 | 1.0 | 2 | 1.50 |\n| client | 0 | 0 | 0 | 0.0 | 0 | 0.00 |" in said
    assert "history and 2 host-days after it" in said
    assert "| account | 2 | 1 | 3 | 0.5 | 1 | 1.50 |" in said


@pytest.mark.parametrize(
    ("files", "middle"),
    [
        (
            [("2026-01-05T10:00:00Z", "2026-01-05T12:00:00Z"), (None, None), ("2026-01-05T11:00:00Z", "2026-01-05T20:00:00Z")],
            "2026-01-05T15",
        ),
        ([("2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z")], None),
        ([(None, None)], None),
    ],
)
def test_the_middle_of_what_was_read(files: list[tuple[str | None, str | None]], middle: str | None) -> None:
    found = accuracy._middle({"inputs": {"files": [{"first": first, "last": last} for first, last in files]}})
    assert (found and found[:13]) == middle


def test_the_file_family_alone_finds_its_own_and_makes_nothing_else(tmp_path: Path) -> None:
    write_demo(tmp_path / "logs")
    everything = hunt(HuntOptions(paths=(str(tmp_path / "logs"),), case=tmp_path / "case"), own_settings(), Silent())
    measured, alone = detect_files(tmp_path / "case", runs=1, cores=1)
    of_files = [one.id for one in everything.findings if one.file is not None]
    assert of_files
    assert [one.id for one in alone.findings] == of_files
    assert {one.pattern for one in alone.coverage.patterns} < {one.pattern for one in everything.coverage.patterns}
    assert set(measured.steps) == {"resolve", "build", "patterns", "report"}
