"""How a log type is declared: which records it takes, what they testify to, and which logged field fills which column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from graphcorr.logs.testimony import Testimony, Vantage

if TYPE_CHECKING:
    from graphcorr.logs.sayings import Saying
    from graphcorr.model.kinds import Kind
    from graphcorr.sources.declared import Mark, Told

Fields = Mapping[str, object]
Read = Callable[[Fields], object]
"""Takes a record's logged fields, returns the value of one event column, None for absence."""


@dataclass(frozen=True, slots=True)
class WindowsEvent:
    """A Windows event: ``provider`` and ``channel`` are case-folded; a record that names no provider is told by channel."""

    provider: str
    channel: str
    event_id: int

    @property
    def keys(self) -> tuple[object, ...]:
        """What no two log types may share: of two both would be right, and the order of the folder would decide."""
        return (("provider", self.provider, self.event_id), ("channel", self.channel, self.event_id))

    @property
    def created(self) -> str:
        """The logged name of what ``Record.created`` holds."""
        return "TimeCreated"

    def __str__(self) -> str:
        return f"event {self.event_id} of `{self.provider}` in `{self.channel}`"


@dataclass(frozen=True, slots=True)
class ZeekLog:
    """A Zeek log: ``path`` as in ``#path``; ``signature`` are the fields that tell a JSON row without ``_path``."""

    path: str
    signature: frozenset[str]

    @property
    def keys(self) -> tuple[object, ...]:
        return (("zeek", self.path),)

    @property
    def created(self) -> str:
        return "ts"

    def __str__(self) -> str:
        return f"Zeek `{self.path}.log`"


@dataclass(frozen=True, slots=True)
class JsonLog:
    """Records of any other product that are JSON objects: lines, arrays, or the text that a shipper sends.

    The fields of nested objects have dots in their names, here and for the readers: ``flow.start``. Records with an
    ``EventID``, ``winlog``, ``Event``, ``_path`` or ``@stream`` of their own are taken for other logs' and cannot be told so.
    """

    marks: Mapping[str, Mark]
    """What tells the log's records from all others: field → the text that stands in each of them, one of several, or None for any."""
    time: str
    """The field of the event's own time: text, read as UTC where it states no offset, or seconds since 1970."""
    computer: str | None = None
    """The field that names the machine that speaks; a monitor (``Vantage.SENSOR``) has none."""
    collector: str | None = None
    """The field that names the sensor or the machine that forwarded the record."""
    holds: Told | None = None
    """What else tells its records from another log type's of the same marks, asked of the object as it stands. No lambda: it travels to
    other processes."""

    @property
    def keys(self) -> tuple[object, ...]:
        each = [[(name, text) for text in (mark if isinstance(mark, frozenset) else (mark,))] for name, mark in sorted(self.marks.items())]
        return tuple(("json", self.holds, *marks) for marks in product(*each))

    @property
    def created(self) -> str:
        return self.time

    def __str__(self) -> str:
        said = (value if isinstance(value, str) else " or ".join(sorted(value or ())) for value in self.marks.values())
        names = (mark.replace("|", "` or `") for mark in self.marks)
        return f"JSON with {', '.join(f'`{name}` {words}'.rstrip() for name, words in zip(names, said, strict=True))}"


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """What is read out of the packets of a capture: ``row`` is the kind, see :mod:`graphcorr.sources.captures`."""

    row: str

    @property
    def keys(self) -> tuple[object, ...]:
        return (("capture", self.row),)

    @property
    def created(self) -> str:
        return "ts"

    def __str__(self) -> str:
        return f"packets: `{self.row}`"


Source = WindowsEvent | ZeekLog | JsonLog | CaptureRow


@dataclass(frozen=True, slots=True)
class LogType:
    """One log type: a file in this folder defines exactly one, named ``LOG_TYPE``.

    ``utc_field`` names the event's own UTC time where it is better than the header's (Sysmon ``UtcTime``, but not on
    events 3 and 22, where it is seconds to months off).
    """

    name: str
    title: str
    source: Source
    columns: Mapping[str, Read]
    testifies: tuple[Testimony, ...]
    """What its records tell of, each claim about columns of the record alone."""
    says: Saying
    """What a record says in one line."""
    vantage: Vantage = Vantage.OWN
    """From where it saw; a testimony may have a vantage of its own."""
    identity: bool = False
    """True when a hunt reads it whatever its patterns need: it tells which name, address or folder was whose, what a file
    holds, what ended its version, or where a log breaks off."""
    utc_field: str | None = None
    needs: tuple[str, ...] = ()
    """Columns that an event must fill, each of them: without it nothing can be told of the record."""
    essential: tuple[str, ...] = ()
    """Columns of which an event must fill one. Without any it is of a shape whose names nobody here knows, and to take it
    would make its host look observed."""
    provides: str = ""
    """One sentence for the table in the docs: what an analyst gets, and what the log does not say."""
    absent: tuple[str, ...] = field(default=())
    """What readers of this log might expect and it does not have."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it testifies to."""
        return frozenset(testimony.kind for testimony in self.testifies)

    @property
    def covers(self) -> frozenset[Kind]:
        """What some of its records prove to be logged on their host."""
        return frozenset(testimony.kind for testimony in self.testifies if testimony.covers is not None)
