"""The measurements as the text of docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

import graphcorr
from benchmarks.layers import LAYERS
from benchmarks.measure import MIB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.cases import Line

MOST_GROWTH: Final = 1.15

_HEADER: Final = """# Benchmarks

Written by `make bench`: do not edit. Every time is the median of the runs of a process of its own, from start to exit, inputs
in the file cache; *ratio* is `graphcorr hunt --json --ephemeral` over the baseline that ran beside it on the same bytes, by
wall time and, on one core, by CPU time, which other work on the machine disturbs less.
*Peak* is the resident memory of the process and its workers together. A ratio below 1 is faster than parsing alone. Of a graph the
ratio is the store over the bare driver with the same rows on the same server, without the start of Python: 1.25 are 0.8 times its
rows per second.
"""


def render(lines: Sequence[Line], *, quick: bool) -> str:
    """The whole document; ``quick`` says so in it."""
    parts = [_HEADER, _machine()]
    if quick:
        parts.append("**A quick run on small inputs: start-up dominates, and the numbers mean little.**")
    parts += ["\n".join(_table(lines)), _growth(lines), _steps(lines), _layers(lines)]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _table(lines: Sequence[Line]) -> list[str]:
    rows = [
        "| Input | Cores | graphcorr | Baseline | Ratio | Goal | Peak | Runs, spread | Result |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for line in lines:
        theirs = f"{line.theirs.seconds:.2f} s ({line.beside})" if line.theirs else ""
        ratio = f"**{line.ours.seconds / line.theirs.seconds:.2f}**" if line.theirs else ""
        if line.theirs and line.cores == 1:
            ratio += f" (CPU {line.ours.cpu_seconds / line.theirs.cpu_seconds:.2f})"
        cells = (
            line.what,
            str(line.cores),
            f"{line.ours.seconds:.2f} s",
            theirs,
            ratio,
            line.goal or "",
            f"{line.ours.peak / MIB:,.0f} MiB",
            f"{len(line.ours.all_seconds)}, {line.ours.spread:.2f}×",
            line.result,
        )
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _steps(lines: Sequence[Line]) -> str:
    """Share of time by step, where the command reported its steps."""
    timed = [line for line in lines if line.ours.steps]
    if not timed:
        return ""
    names = list(dict.fromkeys(name for line in timed for name in line.ours.steps))
    rows = ["## Share of time by step", "", f"| Input | {' | '.join(names)} | start and end |", "|---|" + "--:|" * (len(names) + 1)]
    for line in timed:
        last = line.ours.all_seconds[-1]
        shares = [line.ours.steps[name].wall / last if name in line.ours.steps else 0.0 for name in names]
        cells = [f"{share:.0%}" for share in (*shares, max(0.0, 1 - sum(shares)))]
        rows.append(f"| {line.what} ({line.cores} core{'s' if line.cores > 1 else ''}) | {' | '.join(cells)} |")
    return "\n".join(rows)


def _growth(lines: Sequence[Line]) -> str:
    """CPU seconds by step over several sizes of one input, where there are: what an event costs is to stay the same."""
    grown = [line for line in lines if line.events]
    if not grown:
        return ""
    names = list(dict.fromkeys(name for line in grown for name in line.ours.steps))
    rows = [
        "## Growth",
        "",
        f"CPU seconds of the process and its workers in the runs above. Goal: an event of the largest costs at most {MOST_GROWTH} times",
        "what it costs in a quarter of that.",
        "",
        f"| Events | {' | '.join(names)} | start and end | all | µs per event | times a quarter | peak |",
        "|--:|" + "--:|" * (len(names) + 5),
    ]
    costs = {line.events: line.ours.cpu_seconds / line.events for line in grown}
    for line in grown:
        steps = [line.ours.steps[name].cpu if name in line.ours.steps else 0.0 for name in names]
        quarter = costs.get(line.events // 4)
        cells = [f"{seconds:.1f}" for seconds in (*steps, line.ours.cpu_seconds - sum(steps), line.ours.cpu_seconds)]
        cells += [f"{costs[line.events] * 1e6:.1f}", f"{costs[line.events] / quarter:.2f}" if quarter else ""]
        rows.append(f"| {line.events:,} | {' | '.join(cells)} | {line.ours.peak / MIB:,.0f} MiB |")
    return "\n".join(rows)


def _layers(lines: Sequence[Line]) -> str:
    """What a hunt's CPU time consists of, where its layers were measured."""
    rows = []
    for line in lines:
        if not line.layers or line.theirs is None:
            continue
        rows += ["", f"{line.what}, CPU seconds on one core:", "", "| What | Seconds | Of the baseline |", "|---|--:|--:|"]
        rest = line.ours.cpu_seconds - sum(line.layers.values())
        parts = {LAYERS[layer]: seconds for layer, seconds in line.layers.items()}
        parts |= {"resolving, graph, patterns, report, and their libraries": rest, "**a hunt**": line.ours.cpu_seconds}
        parts |= {f"beside it: {line.beside}": line.theirs.cpu_seconds}
        rows += [f"| {part} | {seconds:.2f} | {seconds / line.theirs.cpu_seconds:.0%} |" for part, seconds in parts.items()]
    return "\n".join(["## What it consists of", *rows]) if rows else ""


def _machine() -> str:
    memory = psutil.virtual_memory().total / (1 << 30)
    today = datetime.now(UTC).date()
    return (
        f"{today}, graphcorr {graphcorr.__version__}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB of memory, {platform.system()}."
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()
