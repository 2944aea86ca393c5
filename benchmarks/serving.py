"""``make bench-serve``: how fast a server starts, reads logs and answers while it is used; writes docs/serving.md."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import psutil

import graphcorr
from benchmarks.inputs import write_windows_json
from benchmarks.soak import COMMAND, READERS, render, soak
from graphcorr.model.progress import Silent
from graphcorr.service.demo import hunt_demo
from graphcorr.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT: Final = Path(__file__).parents[1] / "docs/serving.md"
STARTS: Final = 5
RUNS: Final = 3
_MIB: Final = 1 << 20


@dataclass(frozen=True)
class Rate:
    """Seconds for one file on both ways, the median of the runs."""

    bytes: int
    records: int
    command_line: float
    http: float


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute instead of six; writes no document")
    options = parser.parse_args(arguments)
    seconds = 20.0 if options.quick else 300.0
    with tempfile.TemporaryDirectory(prefix="graphcorr-serving-") as folder:
        state = Path(folder) / "state"
        state.mkdir()
        hunt_demo(Settings(state=state, workers=1), Silent())
        starts = [_start(state) for _ in range(STARTS)]
        rate = _rate(Path(folder), (5 if options.quick else 100) * _MIB)
        with _serving(state) as (address, pid):
            seen, memory = soak(address, state, pid, seconds)
    document = _document(starts, rate, render(seen, memory, seconds))
    print(document)
    if not options.quick:
        DOCUMENT.write_text(document, encoding="utf-8")
    return int(bool(seen.errors))


@contextmanager
def _serving(state: Path) -> Iterator[tuple[str, int]]:
    command = [*COMMAND, "serve", "--state", str(state), "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ})
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip(), server.pid
    finally:
        server.terminate()
        server.wait(60)
        server.stdout.close()


def _start(state: Path) -> float:
    """Seconds from the command to the whole first page: its file, and the cases that it shows."""
    began = time.perf_counter()
    with _serving(state) as (address, _), httpx.Client(base_url=address, timeout=60) as client:
        for path in ("/", "/main.mjs", "/v1/session", "/v1/cases"):
            client.get(path).raise_for_status()
        return time.perf_counter() - began


def _rate(folder: Path, least: int) -> Rate:
    """Both ways in turn on the same file, each time into a new case."""
    file = write_windows_json(folder, least).path
    records = 0
    command_line, http = [], []
    state = folder / "rate"
    with _serving(state) as (address, _), httpx.Client(base_url=address, timeout=600) as client:
        for number in range(RUNS):
            began = time.perf_counter()
            command = [*COMMAND, "ingest", str(file), "--case", str(folder / f"case-{number}")]
            subprocess.run(command, check=True, capture_output=True)
            command_line.append(time.perf_counter() - began)
            case = client.post("/v1/cases", json={"name": f"rate {number}"}).raise_for_status().json()["id"]
            began = time.perf_counter()
            with file.open("rb") as body:
                answer = client.post(f"/v1/cases/{case}/events", params={"name": file.name}, content=body)
            job = answer.raise_for_status().json()["job"]
            while job["state"] in {"queued", "running"}:
                time.sleep(0.02)
                job = client.get(f"/v1/jobs/{job['id']}").json()
            http.append(time.perf_counter() - began)
            assert job["state"] == "done", job["problem"]
            records = job["result"]["records"]
    return Rate(file.stat().st_size, records, sorted(command_line)[RUNS // 2], sorted(http)[RUNS // 2])


def _document(starts: list[float], rate: Rate, soaked: str) -> str:
    cores = psutil.cpu_count() or 1
    busy = psutil.getloadavg()[1]
    machine = f"Python {platform.python_version()}, {cores} cores, {psutil.virtual_memory().total // (1 << 30)} GiB of memory"
    median = sorted(starts)[len(starts) // 2]
    starts_told = f"{len(starts)} ({min(starts):.2f} to {max(starts):.2f})"
    size = f"one file of {rate.bytes / _MIB:.0f} MiB, {rate.records:,} records,"
    return f"""# Serving, measured

Written by `make bench-serve`: do not edit. {datetime.now(UTC).date()}, graphcorr {graphcorr.__version__}, {machine}, {platform.system()};
{busy:.1f} processes wanted a core in the last five minutes, those that measure included.

| What | Measured | Goal |
|---|--:|--:|
| from `graphcorr serve` to the whole first page, median of {starts_told} | {median:.2f} s | ≤ 2 s |
| {size} with `graphcorr ingest`, median of {RUNS} | {rate.command_line:.2f} s | |
| the same file posted and read | {rate.http:.2f} s | |
| rate over HTTP beside that of the command line, in one run | {rate.command_line / rate.http:.2f} | ≥ 0.7 |

## {READERS} readers and a writer

The readers ask what pages of the interface ask, as fast as they are answered; the writer posts logs and has them read all the time. Goal:
no error, memory that stays, p95 of the report's pages ≤ 50 ms.

{soaked}
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
