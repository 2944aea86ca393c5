"""Public event logs with damage in their bytes: what nothing happened to is read, and what is lost is said."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

from benchmarks.damage.slices import Outcome, Watch, count_read, kind_of
from benchmarks.inputs import SHARED
from graphcorr.logs.catalog import wanted
from graphcorr.sources.evtx_chunks import CHUNK_SIZE, HEADER_SIZE, RECORDS, Chunk
from graphcorr.sources.inputs import discover
from graphcorr.sources.reading import read

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path, seed: int, count: int) -> Outcome:
    """Logs until about ``count`` records were damaged."""
    outcome = Outcome("evtx", seed)
    began = time.monotonic()
    random = Random(seed)
    logs = sorted((SHARED / "datasets").rglob("*.evtx"))
    while logs and outcome.damaged < count:
        content = bytearray(random.choice(logs).read_bytes())
        path = folder / "x.evtx"
        touched = _spoil(random, content)
        path.write_bytes(content)
        outcome.damaged += touched
        before = len(outcome.faults)
        with Watch(outcome.faults):
            _account(path, outcome)
        if len(outcome.faults) > before:
            kept = folder.parent / f"graphcorr-damage-{seed}-{outcome.damaged}.evtx"
            kept.write_bytes(content)
            outcome.faults.append(f"the log is kept as {kept}")
    outcome.seconds = time.monotonic() - began
    return outcome


def _spoil(random: Random, content: bytearray) -> int:
    """Damage some records, each in its own place; how many."""
    touched = 0
    for start in range(HEADER_SIZE, len(content) - RECORDS, CHUNK_SIZE):
        chunk = Chunk(1, bytes(content[start : start + CHUNK_SIZE]).ljust(CHUNK_SIZE, b"\0"))
        for place in chunk.whole:
            if random.random() > 0.03:
                continue
            touched += 1
            first, last = start + place.start, start + place.end
            match random.randrange(6):
                case 0:
                    content[random.randrange(first, last)] ^= 1 << random.randrange(8)
                case 1:
                    content[first + 4 : first + 8] = random.choice((bytes(4), b"\xff" * 4, random.randbytes(4)))
                case 2:
                    content[first:last] = bytes(last - first)
                case 3:
                    middle = random.randrange(first, last)
                    content[middle:last] = random.randbytes(last - middle)
                case 4:
                    for _ in range(20):
                        content[random.randrange(first, last)] = random.randrange(256)
                case _:
                    other = random.choice(chunk.whole)
                    size = min(last - first, other.end - other.start) - 40
                    content[first + 28 : first + 28 + size] = content[start + other.start + 28 : start + other.start + 28 + size]
        if random.random() < 0.1:
            place_in_header = random.randrange(512)
            content[start + place_in_header] ^= 1 << random.randrange(8)
    return touched


def _account(path: Path, outcome: Outcome) -> None:
    content = path.read_bytes()
    starts = range(HEADER_SIZE, len(content), CHUNK_SIZE)
    whole = sum(len(Chunk(1, content[start : start + CHUNK_SIZE].ljust(CHUNK_SIZE, b"\0")).whole) for start in starts)
    [source] = discover([str(path)])
    reasons: list[str] = []
    reading = read(source, wanted(), lambda _, reason: reasons.append(reason))
    events, refused = count_read(reading, outcome)
    outcome.reasons.update(map(kind_of, reasons))
    lost = sum("of its records" not in reason and "record" in reason and "could not be read" in reason for reason in reasons)
    outcome.put_in += whole
    outcome.read += events
    outcome.skipped += refused + len(reasons)
    outcome.unwanted += max(0, reading.records - events - refused)
    if reading.records + lost < whole:
        outcome.faults.append(f"{whole} whole records, {reading.records} read, {lost} told to be lost: {reading.reason}")
