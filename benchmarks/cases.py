"""The measurements, one function each: what is run, beside what, and which line of the table it becomes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from benchmarks.inputs import write_capture, write_csv, write_eve, write_evtx, write_windows_json, write_zeek_tsv
from benchmarks.layers import measure_layers
from benchmarks.measure import MIB, Measurement, baseline, detect, detect_files, hunt
from benchmarks.segments import count_segments, merge_all
from benchmarks.servers import detect_on_engines, load_beside_driver, project_case
from graphcorr.simulate.estate import EstateSpec
from graphcorr.simulate.judging import Verdict, judge
from graphcorr.simulate.writer import write_estate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_GIB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything. ``quick`` is for trying the benchmark out; its numbers mean little."""

    runs: int
    large_runs: int
    json_bytes: int
    evtx_bytes: tuple[int, ...]
    zeek_bytes: int
    capture_bytes: int
    eve_bytes: int
    csv_bytes: int
    events: tuple[int, ...]
    chains: int
    hot_runs: int
    loaded_events: int
    searched_events: int


FULL: Final = Scale(
    runs=5,
    large_runs=1,
    json_bytes=_GIB,
    evtx_bytes=(100 * MIB, _GIB),
    zeek_bytes=200 * MIB,
    capture_bytes=200 * MIB,
    eve_bytes=200 * MIB,
    csv_bytes=200 * MIB,
    events=(1_250_000, 2_500_000, 5_000_000, 10_000_000),
    chains=1_000,
    hot_runs=10_000,
    loaded_events=100_000,
    searched_events=500_000,
)
QUICK: Final = Scale(
    runs=1,
    large_runs=1,
    json_bytes=40 * MIB,
    evtx_bytes=(10 * MIB,),
    zeek_bytes=10 * MIB,
    capture_bytes=10 * MIB,
    eve_bytes=10 * MIB,
    csv_bytes=10 * MIB,
    events=(50_000, 100_000, 200_000),
    chains=60,
    hot_runs=300,
    loaded_events=5_000,
    searched_events=5_000,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    what: str
    cores: int
    ours: Measurement
    beside: str | None = None
    theirs: Measurement | None = None
    goal: str | None = None
    result: str = ""
    layers: dict[str, float] = field(default_factory=dict)
    """CPU seconds by layer of reading, see :mod:`benchmarks.layers`."""
    events: int = 0
    """How large this one of several sizes of the same input is."""


def windows_json(folder: Path, scale: Scale) -> list[Line]:
    """(a) Real Windows records as JSON lines."""
    logs = write_windows_json(folder, scale.json_bytes)
    theirs = baseline("json", [logs.path], runs=scale.runs)
    ours, report = hunt([logs.path], runs=scale.runs, cores=1)
    executed = sum(finding.file is not None and finding.execution is not None for finding in report.findings)
    return [
        Line(
            what=f"real Windows JSON lines, {_size(logs.size)}, {report.inputs.records:,} records",
            cores=1,
            ours=ours,
            beside="orjson decodes every line",
            theirs=theirs,
            goal="≤ 1.0",
            result=f"{executed} chains found, {logs.chains} labelled",
            layers=measure_layers([logs.path], runs=scale.runs),
        )
    ]


def windows_evtx(folder: Path, scale: Scale) -> list[Line]:
    """(b) Real EVTX files, on one core and on two: what a hunt costs whatever it reads is much of a small one."""
    lines = []
    for least in scale.evtx_bytes:
        logs = write_evtx(folder, least)
        size = _size(sum(path.stat().st_size for path in logs.iterdir()))
        theirs = baseline("evtx", [logs], runs=scale.runs)
        for cores in (1, 2):
            ours, report = hunt([logs], runs=scale.runs, cores=cores)
            lines.append(
                Line(
                    what=f"real EVTX, {size}, {report.inputs.records:,} records",
                    cores=cores,
                    ours=ours,
                    beside="evtx parses every record, one core",
                    theirs=theirs,
                    goal="≤ 1.3" if cores == 1 else None,
                    layers=measure_layers([logs], runs=scale.runs) if cores == 1 else {},
                )
            )
        shutil.rmtree(logs)
    return lines


def zeek_tsv(folder: Path, scale: Scale) -> list[Line]:
    """(c) Zeek's tab-separated logs."""
    logs = write_zeek_tsv(folder, scale.zeek_bytes)
    size = _size(sum(path.stat().st_size for path in logs.iterdir()))
    theirs = baseline("zeek", [logs], runs=scale.runs)
    ours, report = hunt([logs], runs=scale.runs, cores=1)
    what = f"Zeek conn and smb_files TSV, {size}, {report.inputs.records:,} rows"
    return [Line(what=what, cores=1, ours=ours, beside="polars reads the same columns", theirs=theirs)]


def capture(folder: Path, scale: Scale) -> list[Line]:
    """(c) Packets of SMB, most of them files that are read: tshark takes what it takes, and ours is what comes on top."""
    logs = write_capture(folder, scale.capture_bytes)
    theirs = baseline("capture", [logs], runs=scale.runs)
    ours, report = hunt([logs], runs=scale.runs, cores=2)
    what = f"packet capture, {_size(logs.stat().st_size)}, {report.inputs.records:,} packets"
    result = f"{len(report.findings)} findings"
    return [Line(what=what, cores=2, ours=ours, beside="tshark -T fields, 8 fields, one core", theirs=theirs, result=result)]


def eve(folder: Path, scale: Scale) -> list[Line]:
    """(c) Suricata's EVE."""
    logs = write_eve(folder, scale.eve_bytes)
    theirs = baseline("json", [logs], runs=scale.runs)
    ours, report = hunt([logs], runs=scale.runs, cores=1)
    what = f"Suricata EVE flow and smb, {_size(logs.stat().st_size)}, {report.inputs.records:,} records"
    return [Line(what=what, cores=1, ours=ours, beside="orjson decodes every line", theirs=theirs)]


def tables(folder: Path, scale: Scale) -> list[Line]:
    """(c) Real Windows records as EvtxECmd's table has them."""
    logs = write_csv(folder, scale.csv_bytes)
    theirs = baseline("csv", [logs], runs=scale.runs)
    ours, report = hunt([logs], runs=scale.runs, cores=1)
    what = f"real Windows records in EvtxECmd's CSV, {_size(logs.stat().st_size)}, {report.inputs.records:,} rows"
    return [Line(what=what, cores=1, ours=ours, beside="csv reads every row", theirs=theirs)]


def estate(folder: Path, scale: Scale) -> list[Line]:
    """(d) A made-up network of several sizes: everything planted is found, nothing else, at one price per event in one memory.

    The largest once more with its first half as what its second is held against.
    """
    lines = []
    for events in scale.events:
        place = folder / f"estate-{events}"
        truth = write_estate(place, EstateSpec(seed=11, hosts=200, events=events, chains=scale.chains, decoys=scale.chains))
        written = sorted(chain.write_time for chain in truth.chains)
        half = datetime.fromtimestamp(written[len(written) // 2] / 1e6, UTC)
        for history in (None, half) if events == scale.events[-1] else (None,):
            ours, report = hunt([place / "logs"], runs=scale.large_runs, cores=2, history=history)
            result = _verdict(judge(report.findings, truth), len(truth.decoys))
            what = f"made-up network, {truth.events:,} events, mixed formats{', half of them a baseline' if history else ''}"
            # The price per event is compared among hunts without.
            counted = 0 if history else truth.events
            lines.append(Line(what=what, cores=2, ours=ours, goal="peak ≤ 1 GiB, flat", result=result, events=counted))
        shutil.rmtree(place)
    return lines


def segments(folder: Path, scale: Scale) -> list[Line]:
    """(d) What follows reading, over the segments of real EVTX files as reading leaves them, and over the same events in few."""
    case = folder / "case"
    logs = write_evtx(folder, scale.evtx_bytes[-1])
    size = _size(sum(path.stat().st_size for path in logs.iterdir()))
    hunt([logs], runs=1, cores=2, case=case)
    shutil.rmtree(logs)
    lines = []
    for merged in (False, True):
        if merged:
            merge_all(case)
        ours, report = detect(case, runs=scale.runs, cores=1)
        what = f"detect, real EVTX, {size}, {report.inputs.events:,} events in {count_segments(case)} segments"
        lines.append(Line(what=what, cores=1, ours=ours, result=f"CPU {ours.cpu_seconds:.2f} s, {len(report.findings)} findings"))
    return lines


def families(folder: Path, scale: Scale) -> list[Line]:
    """(d) What follows reading with every family, beside the file family alone, over the same events: real EVTX, and a made-up network."""
    evtx = write_evtx(folder, scale.evtx_bytes[-1])
    size = _size(sum(path.stat().st_size for path in evtx.iterdir()))
    place = folder / "estate"
    truth = write_estate(place, EstateSpec(seed=11, hosts=200, events=scale.events[0], chains=scale.chains, decoys=scale.chains))
    lines = []
    for what, logs in ((f"real EVTX, {size}", evtx), (f"made-up network, {truth.events:,} events", place / "logs")):
        case = folder / "case"
        hunt([logs], runs=1, cores=2, case=case)
        theirs, alone = detect_files(case, runs=scale.runs, cores=1)
        ours, report = detect(case, runs=scale.runs, cores=1)
        result = f"{len(report.findings):,} findings, {len(alone.findings):,} of them of the file family"
        beside = "the file family alone"
        lines.append(Line(what=f"detect, {what}", cores=1, ours=ours, beside=beside, theirs=theirs, goal="≤ 1.3", result=result))
        shutil.rmtree(case)
    return lines


def hot_file(folder: Path, scale: Scale) -> list[Line]:
    """(d) One file written and run again and again."""
    spec = EstateSpec(seed=12, hosts=4, events=scale.hot_runs * 8, chains=0, decoys=0, hot_runs=scale.hot_runs)
    truth = write_estate(folder, spec)
    ours, report = hunt([folder / "logs"], runs=scale.large_runs, cores=2)
    result = _verdict(judge(report.findings, truth), 0)
    return [Line(what=f"one file written and run {scale.hot_runs:,} times", cores=2, ours=ours, result=result)]


def stores(folder: Path, scale: Scale) -> list[Line]:
    """(e) The same rows through the store and through the driver alone; every pattern on both engines; what the graph is spared."""
    lines = [
        Line(what=what, cores=2, ours=ours, beside="bare driver, UNWIND", theirs=theirs, goal="≤ 1.25", result=rates)
        for what, ours, theirs, rates in load_beside_driver(folder, scale.loaded_events)
    ]
    found = [*detect_on_engines(folder, scale.searched_events), project_case(folder)]
    return lines + [Line(what=what, cores=2, ours=ours, result=result) for what, ours, result in found]


CASES: Final[dict[str, Callable[[Path, Scale], list[Line]]]] = {
    "json": windows_json,
    "evtx": windows_evtx,
    "zeek": zeek_tsv,
    "capture": capture,
    "eve": eve,
    "csv": tables,
    "estate": estate,
    "segments": segments,
    "families": families,
    "hot": hot_file,
    "stores": stores,
}


def _verdict(verdict: Verdict, decoys: int) -> str:
    text = f"{verdict.found:,} of {verdict.planted:,} chains found, {len(verdict.false)} false"
    if decoys:
        text += f" ({decoys:,} decoys)"
    return text + (f", {verdict.duplicates} duplicates" if verdict.duplicates else "")


def _size(count: int) -> str:
    return f"{count / _GIB:.2f} GiB" if count >= _GIB else f"{count / MIB:.0f} MiB"
