"""One slice: records of one format, some of them damaged, read and hunted in, and compared with the same ones whole."""

from __future__ import annotations

import csv
import re
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from benchmarks.damage.formats import FLOWS, HEADERS, PRODUCTS, TABLES, WINDOWS, WIRE, winlogbeat
from benchmarks.damage.mutations import damage
from benchmarks.damage.world import PER_SERVER, Server, defender, flows, lake, windows, wire
from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import wanted
from graphcorr.model.progress import Silent
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.settings import Settings
from graphcorr.sources.inputs import discover
from graphcorr.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from graphcorr.model.findings import Finding
    from graphcorr.sources.reading import Reading

Identity = tuple[str | None, ...]
"""Pattern, machine, client, account, file, and how it ran."""
SHARE: Final = 0.3
"""How many of a slice's records are damaged: so few that most chains still are one, and so many that their neighbors are hit."""
_ENDS: Final = bytes.maketrans(b"\r\n", b"  ")
_TOKENS: Final = re.compile(rb"<Event[\s>]|</Event>|<System|<EventID|<EventData")


@dataclass(slots=True)
class Outcome:
    """What a slice came to."""

    format: str
    seed: int
    damaged: int = 0
    put_in: int = 0
    read: int = 0
    skipped: int = 0
    unwanted: int = 0
    seconds: float = 0
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """Tracebacks and records that nobody accounts for: there must be none."""
    wrong: list[str] = field(default_factory=list)
    """Findings with a file, an account or a client that the whole records do not give on that host, and the damaged records that say so."""
    lesser: int = 0
    """Findings that only say less than those of the whole records, because some of these are gone."""


class Watch:
    """Makes a fault of whatever falls over, which is what is looked for; who stops the run stops it."""

    def __init__(self, faults: list[str]) -> None:
        self._faults = faults

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if kind is None or issubclass(kind, KeyboardInterrupt):
            return False
        self._faults.append("".join(traceback.format_exception(kind, error, trace)))
        return True


def run(folder: Path, name: str, seed: int, count: int) -> Outcome:
    """About ``count`` records of a format; ``folder`` is for this slice alone."""
    outcome = Outcome(name, seed)
    began = time.monotonic()
    broken = folder / "broken"
    broken.mkdir()
    with Watch(outcome.faults):
        done = _write(Random(seed), broken, count, outcome)
        _account(broken, name, outcome)
        expected = expect(name, count)
        _compare(expected, _hunt(broken), done, outcome)
        if not expected and name != "eve":
            outcome.faults.append("the whole records give no finding: nothing is compared")
    outcome.seconds = time.monotonic() - began
    return outcome


@cache
def expect(name: str, count: int) -> frozenset[Identity]:
    """What the whole records give: the same for every seed."""
    with TemporaryDirectory(prefix="graphcorr-damage-") as folder:
        whole = Path(folder) / "whole"
        whole.mkdir()
        _write(None, whole, count, Outcome(name, 0))
        return frozenset(map(_identity, _hunt(whole)))


def _compare(expected: frozenset[Identity], found: Iterable[Finding], done: list[tuple[str, str]], outcome: Outcome) -> None:
    for finding in found:
        identity = _identity(finding)
        if identity in expected:
            continue
        # Who does not know the target's name any more knows the source's address still.
        own = [each for each in expected if each[1] == identity[1] or (identity[1] is None and each[2] == identity[2])]
        known = {place: [each[place] for each in own] for place in range(1, 5)}
        told = [value for place, value in enumerate(identity[:5]) if place and value is not None and not _is_known(value, known[place])]
        if not told:
            outcome.lesser += 1
            continue
        words = [value.rpartition("\\")[2] for value in told]
        hits = [said for host, said in done if host == identity[1] and any(word in said for word in words)]
        outcome.wrong.append(f"{identity}: {told}\n" + "\n".join(f"      {said}" for said in hits[:3]))


def _is_known(value: str, known: list[str | None]) -> bool:
    """Also where a domain is missing."""
    return any(each is not None and (each == value or each.endswith(f"\\{value}")) for each in known)


def _write(random: Random | None, place: Path, count: int, outcome: Outcome) -> list[tuple[str, str]]:
    """The records, whole where nothing is ``random``, and what was done to which host's."""
    name = outcome.format
    done: list[tuple[str, str]] = []
    servers = [Server(number) for number in range(max(1, count // PER_SERVER))]
    if name in WINDOWS:
        groups = {"log": [event for server in servers for event in windows(server)]}
        write = WINDOWS[name]
    elif name in PRODUCTS:
        groups = {"log": [event for server in servers for event in (lake if name == "ocsf" else defender)(server)]}
        write = PRODUCTS[name]
    else:
        rows = [event for server in servers for event in (flows if name in FLOWS else wire)(server)]
        write = {**WIRE, **FLOWS}[name]
        groups = {log: [event for event in rows if event.log == log] for log in dict.fromkeys(event.log for event in rows)}
        hosts = [winlogbeat(event) for server in servers for event in windows(server, is_quiet=True)]
        (place / "hosts.json").write_text("\n".join(hosts) + "\n", encoding="utf-8")
    for log, events in groups.items():
        with (place / f"{log}.log").open("wb") as file:
            file.write(HEADERS[name](events[0]).encode() if name in HEADERS else b"")
            for event in events:
                if random is None or random.random() >= SHARE:
                    line = write(event).encode()
                else:
                    kind, line = damage(random, event, write)
                    if name in TABLES:
                        line = line.translate(_ENDS)  # in a cell they begin no record, without one they do: nobody else could count
                    outcome.damaged += 1
                    done.append((event.computer, f"{kind}: {line.decode('utf-8', 'replace')}"))
                file.write(line + b"\n")
    return done


def _account(folder: Path, name: str, outcome: Outcome) -> None:
    """Every record that stands in the files is read, skipped with a reason, or none that anybody wants."""
    every = wanted()
    for path in sorted(folder.glob("*.log")):
        put_in = _count(path.read_bytes(), name)
        skipped: set[tuple[int | None, str]] = set()
        [source] = discover([str(path)])
        reading = read(source, every, lambda number, reason, into=skipped: into.add((number, reason)))  # type: ignore[misc]
        events, refused = count_read(reading, outcome)
        outcome.reasons.update(kind_of(reason) for _, reason in skipped)
        outcome.put_in += put_in
        outcome.read += events
        outcome.skipped += refused + reading.skipped
        outcome.unwanted += reading.records - events - refused - reading.skipped
        if reading.records != put_in:
            outcome.faults.append(f"{path.name}: {put_in} records were put in, {reading.records} are accounted for ({reading.reason})")


def count_read(reading: Reading, outcome: Outcome) -> tuple[int, int]:
    """Reads to the end: how many records became events, and how many no log type took, for reasons that ``outcome`` has then."""
    events = refused = 0
    for batch in reading:
        for record in batch:
            record.input = 1
        batches, skips = normalize(batch)
        events += sum(one.num_rows for one in batches)
        refused += len(skips)
        outcome.reasons.update(kind_of(skip.reason) for skip in skips)
    return events, refused


def _count(content: bytes, name: str) -> int:
    """The records of a file, counted without the reader of its format."""
    if name == "xml":
        return _count_events(content)
    lines = [line for line in content.split(b"\n") if line.strip()]
    if name == "zeek_tsv":
        return sum(not line.startswith(b"#") for line in lines)
    return _count_rows(lines) if name in TABLES else len(lines)


def _count_rows(lines: list[bytes]) -> int:
    """The rows behind the names. Where the end of one and the beginning of the next are gone, the rest may be one row by its form."""
    width, count, last = lines[0].count(b",") + 1, 0, b""
    for line in lines[1:]:
        is_rest = bool(last) and _cells(last) != width and _cells(last, line) == width
        count += not is_rest
        last = b"" if is_rest else line
    return count


def _cells(*lines: bytes) -> int | None:
    """How many cells these lines have as one row; None where they are none."""
    try:
        rows = list(csv.reader([f"{line.decode('latin-1')}\n" for line in lines], strict=True))
    except csv.Error:
        return None
    return len(rows[0]) if len(rows) == 1 else None


def _count_events(content: bytes) -> int:
    """Events that began, and pieces of others."""
    count, began, pieces = 0, False, False
    for token in _TOKENS.findall(content.replace(b"\0", b"")):
        is_start, is_end = token.startswith(b"<Event") and token[6:7] in b" >\t\r\n\v\f", token == b"</Event>"
        if not is_start and not is_end:
            pieces = pieces or not began
            continue
        count += began or pieces or is_end
        began, pieces = is_start, False
    return count + (began or pieces)


def kind_of(reason: str) -> str:
    """A reason without what is particular to the record."""
    return re.sub(r"'.*?'(?= is not )|\d+", "…", reason)[:90]


def _hunt(folder: Path) -> Iterable[Finding]:
    options = HuntOptions(paths=(str(folder),), ephemeral=True)
    return hunt(options, Settings(state=folder.parent / "state", workers=1), Silent()).findings


def _identity(finding: Finding) -> Identity:
    source = finding.source.address if finding.source else None
    return (finding.patterns[0], finding.target.host, source, finding.account, finding.file, finding.execution)


def formats() -> tuple[str, ...]:
    return (*WINDOWS, *PRODUCTS, *WIRE, *FLOWS)
