"""What a finding says: one statement about one target, with the evidence that it rests on. Times are RFC 3339 UTC text."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from graphcorr.model.judgments import Note, Verdict


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


class Role(StrEnum):
    """What a step of a finding was. What is only registered, attempted, refused or blocked is no execution."""

    CONNECTED = "connected"
    CALLED = "called"
    WROTE = "wrote"
    MOVED = "moved"
    """A command gave a file another name, or made a copy of it."""
    REGISTERED = "registered"
    """A service or a task was set up; that it started is a step of its own."""
    ATTEMPTED = "attempted"
    REFUSED = "refused"
    BLOCKED = "blocked"
    FETCHED = "fetched"
    """A client asked a web server for it."""
    RAN = "ran"
    REPLACED = "replaced"
    """Other content was put in the place of a file."""
    STARTED = "started"
    """The program that ran started another one."""
    REACHED = "reached"
    """The program that ran opened a connection."""
    REMOVED = "removed"
    RECORDED = "recorded"
    """Anything else that a record tells."""


class Step(msgspec.Struct, frozen=True):
    """One thing that happened, in the order of which a finding tells it."""

    role: Role
    time: str
    actor: Endpoint | None
    """The machine that did it: the client of a write, the target where a program ran. None where no record says."""
    account: str | None
    object: str | None
    """What it was done to: the file, the share, the service, the program with its command line."""
    evidence: list[int]
    """Positions in the finding's ``evidence``, from 0; never empty."""
    command: str | None = None
    """What a service or task that is registered is to run, where the record says that beside its name."""


class Trait(msgspec.Struct, frozen=True):
    """What records say of a finding's file: ``what`` is md5, sha1, sha256, imphash, size (bytes), signer, signed or original_name."""

    what: str
    value: str
    evidence: list[int]
    """As of a step."""


class ToldAlert(msgspec.Struct, frozen=True):
    """What a guard says, or a tool that read the same logs: a word on the finding's records, file or ends, and no witness of it."""

    name: str
    by: str
    """Log type of the tool's results, as hayabusa-timeline."""
    severity: str | None
    techniques: list[str]
    evidence: list[int]
    """As of a step: the record that it is about, where it names one, then its own."""


class ToldBehavior(msgspec.Struct, frozen=True):
    """What was done on the finding's machine once somebody had come, and is somebody's daily work elsewhere."""

    technique: str
    """ATT&CK's id."""
    way: str
    """As of an observation: asked for services, made an archive …"""
    joined: str
    """By what it belongs to the finding: ``process`` (what ran there, and what that started), ``session`` of it, or its ``account``
    within the hour."""
    account: str | None
    count: int
    """Records."""
    first: str
    last: str
    evidence: list[int]
    """As of a step: the first records."""


AFTERWARDS: Final = frozenset({"child", "connection"})
"""Roles of evidence that tell what a program did once it ran: not what the finding is about."""


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
    time: str
    """Of the execution, else of the write, else of the registration or attempt: the earliest record's of a finding without a file."""
    started_by: str | None
    """How the other side had it run, or set it up to run: service, task, wmi, winrm, dcom, rdp or share; ``execution`` says what ran."""
    steps: list[Step]
    """In the order of time."""
    suppressed: Suppressed | None
    limits: list[str]
    evidence: list[Evidence]
    traits: list[Trait] = []
    aftermath: list[Step] = []
    """What the program did afterwards, in the order of time: what it started, and what it connected to within the next minutes."""
    alerts: list[ToldAlert] = []
    behaviors: list[ToldBehavior] = []
    """In the order of time; each record of a behavior is told beside one finding alone."""
    verdict: Verdict | None = None
    """What somebody said who looked into it; like ``suppressed`` and ``notes`` it is kept in the case, and no detection changes it."""
    notes: list[Note] = []


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
    way: str | None = None
    """In which way, where a pattern counts several: network logon, remote desktop, port 5985 …"""
    machines: int | None = None
    """How many machines there are at the end that is not named, or at both, where they are too many to be told one by one."""
    technique: str | None = None
    """ATT&CK's id, where a pattern counts behaviors of several."""
    local: bool = False
    """It was seen of the target itself: there is no other end to know."""
    history: str | None = None
    """Of what is new or rare: in what history it is that, and how much of what was looked at is."""
