"""Why an input that no format recognizes is not read, in words that say what to do instead."""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Unread(NamedTuple):
    """Why an input is not read; ``is_log`` where it is known to be a log, or an archive of whatever, that nobody judged."""

    reason: str
    is_log: bool = False


_MAGICS: Final[tuple[tuple[int, bytes, str], ...]] = (
    (4, b"LfLe", "an event log of Windows XP or 2003 (.evt) is not read; only .evtx is"),
    (0, b"BZh", "bzip2 is not read; unpack it first"),
    (0, b"\xfd7zXZ\0", "xz is not read; unpack it first"),
    (0, b"7z\xbc\xaf\x27\x1c", "7-Zip's archives are read from files alone, not from a pipe"),
    (0, b"Rar!\x1a\x07", "rar archives are not read; unpack it first"),
    (0, b"\x04\x22\x4d\x18", "lz4 is not read; unpack it first"),
    (0, b"SQLite format 3\0", "an SQLite database, not a log"),
    (0, b"PAR1", "a Parquet file, not a log"),
    (0, b"%PDF", "a PDF document, not a log"),
    (0, b"\x89PNG", "an image, not a log"),
    (0, b"\xff\xd8\xff", "an image, not a log"),
    (0, b"MZ", "a Windows program, not a log"),
    (0, b"\x7fELF", "a program, not a log"),
    (0, b"regf", "a registry hive; its events are not read"),
    (0, b"version https://git-lfs.github.com/", "a pointer of Git LFS, not the file itself; fetch it with git lfs pull"),
    (0, b"\xd0\xcf\x11\xe0", "an Office or MSI document, not a log"),
)

_LOGS: Final = frozenset({b"LfLe", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x04\x22\x4d\x18"})
"""Beginnings of logs and of archives; what is compressed may be one."""
_PRIORITY: Final = re.compile(rb"<\d{1,3}>")
_CONTROL: Final = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27})


_NOTES: Final = (
    (frozenset({"client_id", "agent_information"}), "what Velociraptor knows of the machine, not a log"),
    (frozenset({"session_id", "total_uploaded_files", "artifacts_with_results"}), "what Velociraptor was asked to collect, not a log"),
    (frozenset({"vfs_path", "uploaded_size"}), "Velociraptor's list of what it collected, not a log"),
    (frozenset({"_ts", "client_time", "level", "message"}), "Velociraptor's own messages, not a log"),
    (frozenset({"CopiedOnTimestamp", "SourceFile", "DestinationFile"}), "Velociraptor's list of what it collected, not a log"),
    (frozenset({"CopiedTimestamp", "SourceFile", "DeferredCopy"}), "KAPE's list of what it copied, not a log"),
)
"""What collectors write about a collection, by names that no record of a log has together. Source: Velociraptor's offline containers
(collection_context.json, client_info.json, uploads.json, log.json, the uploads of Windows.KapeFiles.Targets) and KAPE's CopyLog.
"""
_WORD: Final = re.compile(rb'"([A-Za-z_]{2,40})"\s*:|(?:^|[,;\t])"?([A-Za-z]{2,40})"?(?=[,;\t\r\n]|$)')


def explain_note(head: bytes) -> str | None:
    """What a collector's own note is, by the names in its first line, or in its first object over several lines; None for all else."""
    text = head.lstrip()
    first, _, rest = text.partition(b"\n")
    shown = text[:20_000] if first.strip() in {b"{", b"["} and rest else first[:20_000]
    names = {(match[1] or match[2]).decode() for match in _WORD.finditer(shown)}
    return next((meaning for columns, meaning in _NOTES if columns <= names), None)


def explain(head: bytes, name: str) -> Unread:
    """Why content that begins so is not understood."""
    if not head:
        return Unread("the file is empty")
    for offset, magic, reason in _MAGICS:
        if head[offset : offset + len(magic)] == magic:
            return Unread(reason, magic in _LOGS)
    if not head.strip(b"\0"):
        return Unread("the file begins with nothing but NUL bytes")
    if name.casefold().endswith(".etl"):
        return Unread("event trace logs (.etl) are not read; convert it with tracerpt or wevtutil", is_log=True)
    if not head.strip():
        return Unread("the file holds only blank lines")
    control = len(head) - len(head.translate(None, _CONTROL))
    if control > len(head) // 100:
        return Unread("binary content of no known format")
    return _explain_text(head)


def _explain_text(head: bytes) -> Unread:
    first = next((line for line in head.splitlines() if line.strip()), b"").strip()
    if first.startswith((b"{", b"[")):
        return Unread("looks like JSON, but no complete object stands at its beginning")
    if _PRIORITY.match(first):
        return Unread("syslog messages are not read; export the events themselves as JSON, XML or EVTX", is_log=True)
    if first.startswith(b"<"):
        return Unread("XML without Windows events")
    if _is_table(head):
        return Unread("looks like CSV whose first row does not name its columns; export it with them")
    return Unread("text of no known format")


def _is_table(head: bytes) -> bool:
    lines = [line for line in head.splitlines()[:6] if line.strip()]
    return len(lines) > 1 and any((count := lines[0].count(mark)) > 1 and lines[1].count(mark) >= count for mark in (b",", b";", b"\t"))
