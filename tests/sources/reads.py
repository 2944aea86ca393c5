"""What the tests of this room read with: the events they want, and everything that one pass over an input says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from graphcorr.model.records import Record
from graphcorr.sources.base import Wanted
from graphcorr.sources.inputs import Input, discover
from graphcorr.sources.reading import read

_SYSMON: Final = "microsoft-windows-sysmon"
_SECURITY: Final = "microsoft-windows-security-auditing"

WANTED: Final = Wanted(
    windows={(_SYSMON, number): f"sysmon-{number}" for number in (1, 11)}
    | {(_SECURITY, number): f"security-{number}" for number in (4624, 4688, 5145)}
    | {("service control manager", 7045): "system-7045", ("microsoft-windows-eventlog", 1102): "security-1102"},
    channels={("microsoft-windows-sysmon/operational", 1): "sysmon-1", ("security", 4688): "security-4688"},
    zeek={"conn": "zeek-conn", "smb_files": "zeek-smb-files", "dns": "zeek-dns"},
    signatures={
        "conn": frozenset({"uid", "id.orig_h", "conn_state"}),
        "smb_files": frozenset({"uid", "id.orig_h", "action", "name"}),
        "dns": frozenset({"uid", "id.orig_h", "query"}),
    },
)


@dataclass(slots=True)
class Pass:
    """One pass over one input."""

    records: list[Record]
    skips: list[tuple[int | None, str]]
    format: str | None
    status: str
    reason: str | None
    count: int
    digest: str | None
    plain: bool = True

    @property
    def numbers(self) -> list[int]:
        return [record.number for record in self.records]


def ignore(number: int | None, reason: str) -> None:
    """An ``on_skip`` for tests that look at something else."""


def read_input(source: Input, wanted: Wanted = WANTED) -> Pass:
    skips: list[tuple[int | None, str]] = []
    reading = read(source, wanted, lambda number, reason: skips.append((number, reason)))
    records = [record for batch in reading for record in batch]
    assert reading.skipped == len(skips)
    return Pass(records, skips, reading.format, reading.status, reading.reason, reading.records, reading.digest, reading.is_plain)


def read_path(path: Path, wanted: Wanted = WANTED) -> Pass:
    (source,) = discover([str(path)])
    return read_input(source, wanted)


def read_bytes(folder: Path, content: bytes, name: str = "input.log", wanted: Wanted = WANTED) -> Pass:
    path = folder / name
    path.write_bytes(content)
    return read_path(path, wanted)


def read_one(folder: Path, row: dict[str, object], name: str = "input.log") -> Record:
    result = read_bytes(folder, orjson.dumps(row), name)
    assert (result.skips, len(result.records)) == ([], 1)
    return result.records[0]


def flat(event_id: int = 1, **fields: object) -> bytes:
    """One flat Windows event as a line without its newline."""
    source = "Microsoft-Windows-Sysmon" if event_id < 100 else "Microsoft-Windows-Security-Auditing"
    return orjson.dumps({"EventID": event_id, "SourceName": source, "Hostname": "ws5.example.org", **fields})
