"""Writes a made-up network to disk: streamed, in flat memory, millions of records a minute."""

from __future__ import annotations

import random
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from graphcorr.simulate.estate import EstateSpec, Format, Host, Truth, build_hosts
from graphcorr.simulate.marks import Values, time_values
from graphcorr.simulate.noise import background_records, background_rows
from graphcorr.simulate.plants import Planted, Planter
from graphcorr.simulate.records import Channel, WindowsRecord
from graphcorr.simulate.windows_json import render_windows
from graphcorr.simulate.zeek import LOGS, ZeekRow, header, render_zeek

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Quiet = Callable[[Host], list[tuple[int, WindowsRecord]]]
    """Weighted records of one host on a quiet day."""

_ZEEK_SHARE = 0.15
"""Share of the background that the network monitor writes, where there is one."""


def write_estate(folder: Path, spec: EstateSpec) -> Truth:
    """Write ``folder/logs/…`` and ``folder/truth.json``. Equal specs give equal bytes.

    The background is in the order of time, as a collector writes it, give or take seconds; what is planted stands at
    random places, so that an execution is often read long before the write it depends on.
    """
    rng = random.Random(spec.seed)
    hosts = build_hosts(spec, rng)
    planter = Planter(spec, hosts, rng)
    planter.plant_all()
    truth = write_records(folder / "logs", spec, hosts, planter)
    (folder / "truth.json").write_bytes(msgspec.json.format(msgspec.json.encode(truth), indent=1))
    return truth


def write_records(logs: Path, spec: EstateSpec, hosts: list[Host], planter: Planter) -> Truth:
    """Write what ``planter`` holds between as much background as brings the total to ``spec.events``, and nothing else."""
    files = write_planted(logs, spec, hosts, planter.planted, background_records)
    return Truth(chains=planter.chains, decoys=planter.decoys, events=max(spec.events, len(planter.planted)), files=files)


def write_planted(logs: Path, spec: EstateSpec, hosts: list[Host], planted: Sequence[Planted], quiet: Quiet) -> list[str]:
    """Write ``planted`` between as much of what ``quiet`` says of a host as brings the total to ``spec.events``; the names of the files."""
    rng = random.Random(spec.seed + 1)
    total = max(spec.events, len(planted))
    places = sorted((rng.randrange(total), index) for index in range(len(planted)))
    logs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        streams = _Streams(logs, spec, hosts, stack)
        background = _Background(spec, hosts, streams, rng, total=total - len(planted), quiet=quiet)
        for written, (place, index) in enumerate(places):
            background.write(place - written - background.done)
            streams.write_planted(planted[index])
        background.write(total - len(planted) - background.done)
    return sorted(streams.names)


class _Streams:
    """The open files: one for each collector, one for each Zeek log; and the record numbers of every host's channels."""

    def __init__(self, logs: Path, spec: EstateSpec, hosts: list[Host], stack: ExitStack) -> None:
        self.names: list[str] = []
        # One-element lists, so that a line holds its counter itself: looking it up by (host, channel) was a third of the time.
        self.counters = {(host.name, channel): [1000 * (place + 1)] for place, host in enumerate(hosts) for channel in Channel}
        self.collectors: dict[int, BinaryIO] = {}
        self.zeek: dict[str, BinaryIO] = {}

        def open_log(name: str) -> BinaryIO:
            self.names.append(name)
            return stack.enter_context((logs / name).open("wb", buffering=1 << 20))

        for host in hosts:
            if host.collector not in self.collectors:
                self.collectors[host.collector] = open_log(f"{host.format}-{host.collector}.ndjson")
        if Format.ZEEK in spec.formats:
            for log in LOGS:
                self.zeek[log] = open_log(f"{log}.log")
                self.zeek[log].write(header(log))

    def write_planted(self, planted: Planted) -> None:
        values: Values = {**time_values(planted.time, planted.host.zone_hours)}
        if isinstance(planted.record, ZeekRow):
            self.zeek[planted.record.log].write(render_zeek(planted.record) % values + b"\n")
        else:
            counter = self.counters[planted.host.name, planted.record.channel]
            counter[0] += 1
            values[b"number"] = counter[0]
            self.collectors[planted.host.collector].write(render_windows(planted.host, planted.record) % values + b"\n")


@dataclass(frozen=True, slots=True)
class _Line:
    """A template of the background, where it goes, and what counts its record number (None for the network monitor's)."""

    template: bytes
    stream: BinaryIO
    counter: list[int] | None


class _Background:
    """Endless quiet-day records, in the order of time."""

    def __init__(self, spec: EstateSpec, hosts: list[Host], streams: _Streams, rng: random.Random, *, total: int, quiet: Quiet) -> None:
        self._spec, self._hosts, self._streams, self._rng, self._quiet = spec, hosts, streams, rng, quiet
        self._step = spec.hours * 3_600_000_000 // max(total, 1)
        self._peers = [(host.address.encode(), host.name.upper().encode()) for host in hosts]
        self._lines: dict[int, list[_Line]] = {}
        self.done = 0

    def write(self, count: int) -> None:
        """Write the next ``count`` records."""
        draw, hosts, peers = self._rng.random, self._hosts, self._peers
        for serial in range(self.done, self.done + count):
            place = int(draw() * len(hosts))
            host = hosts[place]
            lines = self._lines.get(place) or self._prepare(place)
            line = lines[int(draw() * len(lines))]
            moment = self._spec.start + serial * self._step + int(draw() * 2_000_000)
            peer, peer_name = peers[(place + 1 + int(draw() * (len(peers) - 1))) % len(peers)]
            values: Values = {
                **time_values(moment, host.zone_hours),
                b"peer": peer,
                b"peername": peer_name,
                b"serial": serial,
                b"pid": 1000 + serial * 4 % 60_000,
                b"port": 49_152 + serial % 16_000,
            }
            if line.counter is not None:
                line.counter[0] += 1
                values[b"number"] = line.counter[0]
            line.stream.write(line.template % values)
        self.done += max(count, 0)

    def _prepare(self, place: int) -> list[_Line]:
        """The host's templates, each as often as its weight: drawing one is then a single index."""
        host = self._hosts[place]
        windows = [(weight, self._windows_line(host, record)) for weight, record in self._quiet(host)]
        rows = [(weight, self._zeek_line(row)) for weight, row in background_rows(host)] if self._streams.zeek else []
        share = _ZEEK_SHARE if rows else 0.0
        lines = _spread(windows, round(200 * (1 - share))) + _spread(rows, round(200 * share))
        self._lines[place] = lines
        return lines

    def _windows_line(self, host: Host, record: WindowsRecord) -> _Line:
        return _Line(
            render_windows(host, record) + b"\n",
            self._streams.collectors[host.collector],
            self._streams.counters[host.name, record.channel],
        )

    def _zeek_line(self, row: ZeekRow) -> _Line:
        return _Line(render_zeek(row) + b"\n", self._streams.zeek[row.log], None)


def _spread(weighted: list[tuple[int, _Line]], size: int) -> list[_Line]:
    """``size`` entries in proportion to the weights, each at least once."""
    if not weighted:
        return []
    total = sum(weight for weight, _ in weighted)
    ends = [round(size * done / total) for done in accumulate(weight for weight, _ in weighted)]
    spread: list[_Line] = []
    for (_, line), end in zip(weighted, ends, strict=True):
        spread += [line] * max(end - len(spread), 1)
    return spread
