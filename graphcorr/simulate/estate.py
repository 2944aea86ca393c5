"""What a made-up network is: its machines, what is planted in it, and the truth that a detector is held to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    import random

SECOND: Final = 1_000_000
HOUR: Final = 3600 * SECOND
DEFAULT_START: Final = 1_710_144_000 * SECOND
"""2024-03-11T08:00:00Z: a Monday, and in the week in which only North America has changed its clocks."""

DOMAIN: Final = "CORP"
DNS_DOMAIN: Final = "corp.example"
_ZONES: Final = (-4, 0, 1, 5)
"""Hours from UTC of the machines' local time, in turn: NXLog's ``EventTime`` says nothing of it."""


class Format(StrEnum):
    """How records are written down."""

    NXLOG = "nxlog"
    WINLOGBEAT = "winlogbeat"
    ZEEK = "zeek"


class ChainKind(StrEnum):
    """How a file that came over the network is run, in the report's words."""

    IMAGE = "image"
    COMMAND_LINE = "command_line"
    MODULE_LOAD = "module_load"


class WriteEvidence(StrEnum):
    """Which records show the write."""

    FULL = "full"  # 4624, 5140, 5145 and Sysmon 11
    SHARE = "share"  # 4624 and 5145: Sysmon does not report file creation
    SYSMON = "sysmon"  # Sysmon 11 by System and a logon near it: the source is a conclusion
    WIRE = "wire"  # only Zeek saw it


class DecoyKind(StrEnum):
    """What looks like a chain and is none; each is a way in which detectors go wrong."""

    WRONG_HOST = "wrong_host"  # written on one host, the same path run on another
    WRONG_ORDER = "wrong_order"  # run before it was written
    SUPERSEDED = "superseded"  # written over by a local program before it ran
    REMOVED = "removed"  # deleted before a file of that path ran
    SAME_NAME = "same_name"  # a file of that name ran in another folder
    REDIRECT = "redirect"  # only the output of a command, as wmiexec leaves it
    READ_MASK = "read_mask"  # opened for reading, then run
    BLOCKED = "blocked"  # Sysmon refused the file; something still named it
    PIPE = "pipe"  # write access to a pipe, not to a file
    OPERAND = "operand"  # copied or deleted by a command line, not run
    OPENED_ELSEWHERE = "opened_elsewhere"  # a document opened over the share by another host's program
    LOOPBACK = "loopback"  # written by the host itself through its own share: no movement between hosts


@dataclass(frozen=True, slots=True)
class EstateSpec:
    """What to make. Equal specs give equal bytes."""

    seed: int = 1
    hosts: int = 20
    events: int = 10_000
    """Records in all files together, the planted ones included."""
    chains: int = 10
    decoys: int = 12
    formats: tuple[Format, ...] = (Format.NXLOG, Format.WINLOGBEAT, Format.ZEEK)
    start: int = DEFAULT_START
    """Microseconds since the epoch."""
    hours: int = 24
    hot_runs: int = 0
    """One file is written and run so many times on one host: as many chains more."""
    decoy_kinds: tuple[DecoyKind, ...] = field(default=tuple(DecoyKind))

    @property
    def end(self) -> int:
        return self.start + self.hours * HOUR


@dataclass(frozen=True, slots=True)
class Host:
    """A machine. Its logs go to the collector ``collector``, which writes one file in one format."""

    name: str
    address: str
    user: str
    user_sid: str
    format: Format
    collector: int
    zone_hours: int
    """Local time minus UTC: only NXLog's ``EventTime`` shows it."""

    @property
    def fqdn(self) -> str:
        return f"{self.name}.{DNS_DOMAIN}"


class Chain(msgspec.Struct, frozen=True):
    """A file written over the network and then run. Times are microseconds since the epoch, as the logs have them."""

    file: str
    kind: ChainKind
    source: str
    source_address: str
    target: str
    target_address: str
    account: str
    write_time: int
    execution_time: int
    evidence: WriteEvidence


class Decoy(msgspec.Struct, frozen=True):
    """A file that no finding may call written and run; for ``loopback`` a finding may, if it says loopback."""

    file: str
    kind: DecoyKind
    target: str


class Truth(msgspec.Struct, frozen=True):
    """What was planted, and how much was written."""

    chains: list[Chain]
    decoys: list[Decoy]
    events: int
    files: list[str]


def build_hosts(spec: EstateSpec, rng: random.Random) -> list[Host]:
    """Domain controller, servers and workstations in the proportions of a small company; names and addresses are unique."""
    windows = [entry for entry in spec.formats if entry is not Format.ZEEK]
    if not windows:
        msg = "an estate needs a format for its hosts' own logs: nxlog or winlogbeat"
        raise ValueError(msg)
    hosts = []
    for index in range(spec.hosts):
        if index == 0:
            name = "dc01"
        elif index % 5 == 1:
            name = f"srv{index // 5 + 1:03d}"
        else:
            name = f"ws{index:04d}"
        collector = index % 4
        hosts.append(
            Host(
                name=name,
                address=f"10.{20 + index // 62500}.{index // 250 % 250}.{index % 250 + 2}",
                user=f"{rng.choice('abcdefghjklmnprstw')}.{rng.choice(_SURNAMES)}{index}",
                user_sid=f"S-1-5-21-1085031214-1563985344-725345543-{1100 + index}",
                format=windows[collector % len(windows)],
                collector=collector,
                zone_hours=_ZONES[index // 4 % len(_ZONES)],
            )
        )
    return hosts


_SURNAMES: Final = ("adler", "baker", "castro", "dietz", "eriksen", "farrow", "gomez", "huber", "ito", "jansen", "klein", "lopez", "meyer")
