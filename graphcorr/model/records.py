"""Where a statement comes from and what a log record is, before anybody says what it means.

Times are integers, microseconds since 1970-01-01T00:00:00Z, unless a name says otherwise.
Absence is ``None``: ``-``, ``N/A`` and empty strings never get this far.
"""

from __future__ import annotations

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


SUCCESS: Final = "success"
FAILURE: Final = "failure"
"""What an audit record says became of what it is about."""

COLLECTOR: Final = (100_000, 20, 50)
"""``gc.set_threshold`` of every process that reads records: they come and go by the ten thousand and hold no cycles, and looking
for cycles among them every 700 objects finds nothing."""


class Record(msgspec.Struct, gc=False):
    """One log record as its file format gives it, before anybody says what it means.

    ``fields`` holds the event's own data under its logged names (``EventData`` of a Windows event, the columns of
    a Zeek row), values as logged. The header fields are what every format states in its own way.
    """

    log: str
    """Name of the log type that will read it (a file in ``graphcorr/logs``), as ``sysmon-11``, ``zeek-conn``."""
    number: int
    """Position in the file, see :class:`Origin`."""
    raw: bytes
    """The record's text as it stood in the file (UTF-8; of EVTX and of a row of a table the record as JSON)."""
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
    outcome: str | None = None
    """Windows: :data:`SUCCESS` or :data:`FAILURE` of what was audited; None where the record or its format does not say."""
    input: int = 0
    """Number of its input in the case; formats do not know it."""
