"""Readers and a writer on one real server for a while: latencies, errors and memory as a table.

The readers ask what a page of the interface asks, as fast as they are answered; the writer posts logs and has them read all the time.
"""

from __future__ import annotations

import random
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import httpx
import psutil

if TYPE_CHECKING:
    from pathlib import Path

READERS: Final = 8
COMMAND: Final = (sys.executable, "-c", "from graphcorr.cli.main import main; main()")
_MIB: Final = 1 << 20
_CALLS: Final = {
    "cases": "/v1/cases",
    "overview": "/v1/cases/{case}/overview",
    "findings": "/v1/cases/{case}/findings?sort=-time&limit=50",
    "findings, filtered": "/v1/cases/{case}/findings?min_level=medium&q=programdata",
    "paths": "/v1/cases/{case}/paths",
    "hosts": "/v1/cases/{case}/hosts",
    "report": "/v1/cases/{case}/report",
    "evidence": "/v1/cases/{case}/findings/{finding}/evidence",
    "graph": "/v1/cases/{case}/graph/Host/srv01.corp.example",
    "jobs": "/v1/jobs?limit=10",
}


@dataclass
class Seen:
    """What readers and writer saw."""

    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    read: int = 0
    """Jobs of the writer that ended well."""


def soak(address: str, state: Path, pid: int, seconds: float) -> tuple[Seen, list[int]]:
    """What was seen, and the resident memory of the server from second to second. ``state`` has the demo's case and logs."""
    seen, end = Seen(), time.monotonic() + seconds
    with httpx.Client(base_url=address, timeout=60) as client:
        case = client.get("/v1/cases").json()["items"][0]["id"]
        finding = client.get(f"/v1/cases/{case}/findings").json()["items"][0]["id"]
        own = client.post("/v1/cases", json={"name": "written"}).json()["id"]
    paths = {name: path.format(case=case, finding=finding) for name, path in _CALLS.items()}
    threads = [threading.Thread(target=_read, args=(address, paths, seen, end, number)) for number in range(READERS)]
    threads.append(threading.Thread(target=_write, args=(address, own, state / "demo", seen, end)))
    for thread in threads:
        thread.start()
    memory, process = [], psutil.Process(pid)
    while any(thread.is_alive() for thread in threads):
        memory.append(process.memory_info().rss)
        time.sleep(min(1.0, seconds / 20))
    return seen, memory


def _read(address: str, paths: dict[str, str], seen: Seen, end: float, number: int) -> None:
    chosen = random.Random(number)
    names = list(paths)
    with httpx.Client(base_url=address, timeout=60) as client:
        while time.monotonic() < end:
            name = chosen.choice(names)
            began = time.perf_counter()
            try:
                answer = client.get(paths[name])
            except httpx.HTTPError as error:
                seen.errors[f"{name}: {type(error).__name__}"] += 1
                continue
            seen.times[name].append(time.perf_counter() - began)
            if answer.status_code != 200:
                seen.errors[f"{name}: {answer.status_code} {answer.text[:200]}"] += 1


def _write(address: str, case: str, logs: Path, seen: Seen, end: float) -> None:
    files = sorted(logs.iterdir())
    number = 0
    with httpx.Client(base_url=address, timeout=60) as client:
        while time.monotonic() < end:
            path = files[number % len(files)]
            content = path.read_bytes() + b"\n" * (number // len(files))
            number += 1
            answer = client.post(f"/v1/cases/{case}/events", params={"name": path.name}, content=content)
            if answer.status_code != 202:
                seen.errors[f"events: {answer.status_code}"] += 1
                continue
            job = answer.json()["job"]
            while job["state"] in {"queued", "running"}:
                time.sleep(0.1)
                job = client.get(f"/v1/jobs/{job['id']}").json()
            if job["state"] == "done":
                seen.read += 1
            else:
                seen.errors[f"job: {job['problem']}"] += 1


def render(seen: Seen, memory: list[int], seconds: float) -> str:
    answers = sum(map(len, seen.times.values()))
    held = f"resident memory of the server {memory[len(memory) // 4] // _MIB} MiB after a quarter, {memory[-1] // _MIB} MiB at the end"
    lines = [
        f"{READERS} readers and a writer for {seconds:.0f} s: {answers:,} answers, {seen.read} jobs, {seen.errors.total()} errors; {held}.",
        "",
        "| Call | Answers | p50 ms | p95 ms | p99 ms |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, times in sorted(seen.times.items()):
        if len(times) > 1:
            cuts = statistics.quantiles(times, n=100, method="inclusive")
            lines.append(f"| {name} | {len(times):,} | {cuts[49] * 1000:.1f} | {cuts[94] * 1000:.1f} | {cuts[98] * 1000:.1f} |")
    lines += [f"- {error}: {number}" for error, number in seen.errors.most_common()]
    return "\n".join(lines)
