"""The words used everywhere: where a statement comes from, what a log record is, what a finding says.

Times are integers, microseconds since 1970-01-01T00:00:00Z, unless a name says otherwise.
Absence is ``None``: ``-``, ``N/A`` and empty strings never get this far.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

Microseconds = int
"""A moment: microseconds since the Unix epoch, UTC."""


class Origin(msgspec.Struct, frozen=True, order=True):
    """Where a statement comes from: it travels from the log line to the last finding."""

    file: str
    """The argument as given, with ``/``; below a folder, the folder as given plus the path in it."""
    member: str | None
    """The name inside an archive."""
    record: int
    """From 1: non-empty lines of a text file, or records in the order of an EVTX file."""

    def __str__(self) -> str:
        return f"{self.file}!{self.member}:{self.record}" if self.member else f"{self.file}:{self.record}"


COLLECTOR: Final = (100_000, 20, 50)
"""``gc.set_threshold`` of every process that reads records: they come and go by the ten thousand and hold no cycles, and looking
for cycles among them every 700 objects finds nothing."""


class Record(msgspec.Struct, gc=False):
    """One log record as its file format gives it, before anybody says what it means.

    ``fields`` holds the event's own data under its logged names (``EventData`` of a Windows event, the columns of
    a Zeek row), values as logged. The header fields are what every format states in its own way.
    """

    log: str
    """Name of the log type that will read it (a file in ``graphcorr/normalize``), as ``sysmon-11``, ``zeek-conn``."""
    number: int
    """Position in the file, see :class:`Origin`."""
    raw: bytes
    """The record's text as it stood in the file (UTF-8; for EVTX the record as JSON)."""
    fields: dict[str, object]
    computer: str | None = None
    """Windows: the machine that wrote the event. Never the collector."""
    channel: str | None = None
    record_id: int | None = None
    """Windows: EventRecordID."""
    collector: str | None = None
    """The machine or agent that forwarded the record, where the format names one."""
    created: str | float | None = None
    """Windows ``TimeCreated`` (UTC by contract), Zeek ``ts`` (seconds since the epoch, as text or number)."""
    event_time: str | None = None
    """NXLog ``EventTime``: the machine's local time, usually without a zone and in whole seconds."""
    ingested: str | None = None
    """``@timestamp`` of a collector where it is not the event's own time."""
    input: int = 0
    """Number of its input in the case; formats do not know it."""


class Kind(StrEnum):
    """What a log type lets one see: the event kinds that a pattern may ``need`` and that coverage counts."""

    WRITE = "Write"
    PROCESS_START = "ProcessStart"
    PROCESS_END = "ProcessEnd"
    MODULE_LOAD = "ModuleLoad"
    LOGON = "Logon"
    SERVICE_INSTALL = "ServiceInstall"
    SHARE_ACCESS = "ShareAccess"
    PIPE_OPEN = "PipeOpen"
    CONNECTION = "Connection"
    REMOVAL = "Removal"
    TRANSFER = "Transfer"
    CALL = "Call"
    NAME = "Name"
    """A statement that binds a name to an address (DHCP, DNS, NTLM, Kerberos)."""
    LOG_CLEARED = "LogCleared"
    AUDIT_CHANGED = "AuditChanged"


class Level(StrEnum):
    """How much a finding matters if it is true, in Sigma's words."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Confidence(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Basis(StrEnum):
    """*observed*: logged; *inferred*: concluded from other records; *assumed*: a default took the place of knowledge."""

    OBSERVED = "observed"
    INFERRED = "inferred"
    ASSUMED = "assumed"


class Movement(StrEnum):
    REMOTE = "remote"
    LOOPBACK = "loopback"
    LOCAL = "local"
    UNKNOWN_SOURCE = "unknown_source"


class Endpoint(msgspec.Struct, frozen=True, order=True):
    """A machine in a report: ``host`` is the lower-case FQDN as known, None when only the address is."""

    host: str | None
    address: str | None


class Execution(msgspec.Struct, frozen=True):
    """One run of a written file: ``kind`` is image, command_line, module_load, service, task, wmi, winrm or dcom."""

    kind: str
    time: str
    image: str | None
    command_line: str | None
    user: str | None = None
    """Whose process it is, as the record of its start says; 4688 names who started it."""
    parent: str | None = None
    """Path of the program that started it."""


class Suppressed(msgspec.Struct, frozen=True):
    rule: str
    owner: str
    reason: str
    expires: str | None


class Evidence(msgspec.Struct, frozen=True):
    """One log record that a statement rests on. ``time`` is aligned, ``original_time`` is what the log said."""

    role: str
    file: str
    member: str | None
    record: int
    host: str | None
    channel: str | None
    record_id: int | None
    time: str
    original_time: str
    summary: str
    kind: str | None = None
    """The label of the graph's node that stands for the record, and its id; None for a record that has none."""
    event: str | None = None


class Finding(msgspec.Struct, frozen=True):
    """One statement about one target. Times are RFC 3339 UTC text."""

    id: str
    pattern: str
    patterns: list[str]
    title: str
    level: Level
    confidence: Confidence
    basis: Basis
    why: list[str]
    techniques: list[str]
    detection_strategies: list[str]
    software: list[str]
    source: Endpoint | None
    target: Endpoint
    account: str | None
    movement: Movement
    execution: str | None
    execution_time: str | None
    executions: list[Execution]
    file: str | None
    write_time: str | None
    suppressed: Suppressed | None
    limits: list[str]
    evidence: list[Evidence]


class Observation(msgspec.Struct, frozen=True):
    """A low signal, aggregated: so many events of one pattern between one source and one target."""

    pattern: str
    source: Endpoint | None
    target: Endpoint
    account: str | None
    count: int
    first: str
    last: str
    examples: list[Evidence]


class SightedIndicator(msgspec.Struct, frozen=True):
    """An indicator whose pattern holds in the case, with one value that it asks for and the events that have it."""

    indicator: str
    name: str | None
    observable: str
    value: str
    count: int
    first: str
    last: str
    examples: list[Evidence]


class OutdatedIndicator(SightedIndicator, frozen=True):
    """An indicator that would have been seen, in events that lie outside the time for which it is valid: no sighting."""

    valid_from: str | None
    valid_until: str | None


class Unevaluated(msgspec.Struct, frozen=True, order=True):
    """An indicator whose pattern cannot be evaluated: neither seen nor not seen."""

    indicator: str
    reason: str


class Attribution(msgspec.Struct, frozen=True):
    """What a path says about software and actors; ``verdict`` is none, possible or likely."""

    verdict: str
    probability: float | None
    software: list[dict[str, object]]
    actors: list[dict[str, object]]


class HopPath(msgspec.Struct, frozen=True):
    """Hops joined in time order: ``hops`` are finding ids, ``hosts`` one more than hops."""

    id: str
    hosts: list[str]
    hops: list[str]
    first: str
    last: str
    score: float
    why: list[str]
    attribution: Attribution


class InputFile(msgspec.Struct):
    """What became of one file or archive member."""

    path: str
    member: str | None
    format: str | None
    status: str
    """``read``, ``partly`` or ``not_understood``"""
    reason: str | None
    records: int
    events: int
    skipped: int
    duplicates: int
    first: str | None
    last: str | None
    hostless: int = 0
    """Events of a machine's log that name no machine, or what can be none: kept, and not judged."""


class Skip(msgspec.Struct, frozen=True):
    file: str
    member: str | None
    record: int | None
    reason: str


class Inputs(msgspec.Struct):
    files: list[InputFile]
    records: int
    events: int
    skipped: int
    duplicates: int
    skips: list[Skip]
    hostless: int = 0
    """Of all files, see :class:`InputFile`."""


class KindCoverage(msgspec.Struct, frozen=True):
    kind: str
    first: str
    last: str
    count: int


class Gap(msgspec.Struct, frozen=True):
    """A span in which a host's log is known to be incomplete."""

    from_: str = msgspec.field(name="from")
    to: str = msgspec.field()
    reason: str = msgspec.field()


NETWORK: Final = "(network)"
"""Stands in a list of hosts for the network monitor, whose logs belong to no host."""


class HostCoverage(msgspec.Struct, frozen=True):
    host: str
    kinds: list[KindCoverage]
    gaps: list[Gap]


class HostMissing(msgspec.Struct, frozen=True):
    host: str
    missing: list[str]


class PatternCoverage(msgspec.Struct, frozen=True):
    """``status`` is evaluated, partly or not_evaluated: a missing log is never a clean result."""

    pattern: str
    status: str
    hosts_missing: list[HostMissing]


class Coverage(msgspec.Struct, frozen=True):
    hosts: list[HostCoverage]
    patterns: list[PatternCoverage]


class Clock(msgspec.Struct, frozen=True):
    """``offset_seconds`` is what was added to the logged times of ``source`` on ``host`` to reach UTC."""

    host: str
    source: str
    offset_seconds: float
    from_: str = msgspec.field(name="from")
    to: str = msgspec.field()
    pairs: int = msgspec.field()
    borrowed_from: str | None = msgspec.field()


class Window(msgspec.Struct, frozen=True):
    """What a person asked for: only what ran, or was written and not run, from ``since`` to ``until``, both included."""

    since: str | None
    until: str | None


class Report(msgspec.Struct, kw_only=True):
    """``graphcorr hunt --json``; fields are only ever added."""

    schema: str = "graphcorr.report/1"
    version: str
    engine: str
    attack: str | None
    case: str | None
    window: Window | None = None
    inputs: Inputs
    coverage: Coverage
    clocks: list[Clock]
    findings: list[Finding]
    observations: list[Observation]
    sightings: list[SightedIndicator] = []
    indicators_outdated: list[OutdatedIndicator] = []
    indicators_not_evaluated: list[Unevaluated] = []
    paths: list[HopPath]
