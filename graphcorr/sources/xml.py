"""Windows events as XML: ``wevtutil qe /f:xml``, Event Viewer's XML export, Splunk's XmlWinEventLog, ``evtx_dump``.

The text is cut at ``<Event …>`` and ``</Event>`` and each event is parsed alone: a missing root, several roots or one
broken event are no problem, and no document type can stand before it.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.sources.base import Batch, Context, Stream, read_each
from graphcorr.sources.code_pages import as_utf8
from graphcorr.sources.streams import CHUNK_SIZE, LINE_LIMIT
from graphcorr.sources.windows import parse_event_xml, read_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.model.records import Record

RECORD_LINE: Final = re.compile(rb"\ARecord \d+\s+")
"""``evtx_dump`` puts such a line before every event unless it is told not to."""
_START: Final = re.compile(rb"<Event[\s>]")
_END: Final = b"</Event>"
_TAGS: Final = re.compile(rb"<Event[\s>]|</Event>|<System|<EventID|<EventData")
"""Where events begin and end, and what stands in one that lost its beginning."""
_TAIL: Final = 64
"""Bytes that are kept because a tag may begin in them; in UTF-16 it has two for each letter."""
_EVENT_ID: Final = re.compile(rb"<EventID(?:\s[^<>]*)?>\s*(\d{1,9})\s*</EventID>")


class XmlFormat:
    """Record numbers count the events in the file."""

    name = "xml"
    is_binary = False

    def recognizes(self, head: bytes) -> bool:
        text = RECORD_LINE.sub(b"", head.lstrip(b" \t\r\n\0"))
        return text.startswith(b"<") and _START.search(text) is not None

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        return read_each(cut_events(stream), lambda piece, number: read_piece(piece, number, context), context)


def read_piece(piece: bytes | None, number: int, context: Context) -> Record | None:
    """The record of one event's text, None when nobody wants it."""
    if piece is None:
        raise RecordError(f"the event is cut off or longer than {LINE_LIMIT >> 20} MiB")
    if is_unwanted(piece, context.wanted.event_ids):
        return None
    return read_event(parse_event_xml(text := as_utf8(piece, context)), text, number, context.wanted)


def is_unwanted(piece: bytes, event_ids: frozenset[int]) -> bool:
    """Whether the event's id is certainly none of these, told without parsing.

    Certain is the only ``<EventID`` of a piece without comments and CDATA: markup cannot stand inside text or
    attributes, so the one element of that name is System's; a prefixed or missing one goes to the parser.
    """
    if piece.count(b"<EventID") != 1 or b"<!" in piece:
        return False
    match = _EVENT_ID.search(piece)
    return match is not None and int(match[1]) not in event_ids


class _Lost:
    """Events that cannot be read, told by what is left of them: nothing is passed over in silence."""

    def __init__(self) -> None:
        self._open = False
        """One began, or a part of one was there, and no end yet."""

    def pass_over(self, text: bytes) -> int:
        """How many are over with it; in UTF-16 amid UTF-8 they are events, too."""
        count = 0
        for tag in _TAGS.findall(text.replace(b"\0", b"")):
            if tag == _END:
                count, self._open = count + 1, False
            elif _START.match(tag):
                count, self._open = count + self._open, True
            else:
                self._open = True
        return count

    def close(self) -> int:
        """How many there are that nothing more is to come of."""
        was_open, self._open = self._open, False
        return int(was_open)


def cut_events(stream: Stream) -> Iterator[bytes | None]:
    """Each event's text; None for one that has no beginning, no end before the next begins, or is too long."""
    buffer = bytearray()
    lost = _Lost()
    ended = False
    no_start, no_end = 1, 0  # there is none before: nothing is searched twice, however long an event or broken a file is
    while True:
        start = _START.search(buffer)
        passed = start.start() if start else len(buffer) if ended else _whole_tags(buffer)
        yield from repeat(None, lost.pass_over(bytes(buffer[:passed])))
        del buffer[:passed]
        if start is not None:
            end = buffer.find(_END, no_end)
            following = _START.search(buffer, no_start, end if end >= 0 else len(buffer))
            no_end = end if end >= 0 else max(0, len(buffer) - len(_END))
            if following is not None:
                yield from repeat(None, lost.pass_over(bytes(buffer[: following.start()])))
                del buffer[: following.start()]
                no_start, no_end = 1, max(0, no_end - following.start())
                continue
            if end >= 0:
                piece = bytes(buffer[: end + len(_END)])
                yield from _whole(piece, lost)
                del buffer[: len(piece)]
                no_start, no_end = 1, 0
                continue
            no_start = max(1, len(buffer) - len(b"<Event"))
            if ended or len(buffer) > LINE_LIMIT:
                passed = len(buffer) if ended else _whole_tags(buffer)
                yield from repeat(None, lost.pass_over(bytes(buffer[:passed])))
                del buffer[:passed]
                no_start, no_end = 1, 0
        if ended:
            yield from repeat(None, lost.close())
            return
        data = stream.read(CHUNK_SIZE)
        ended = not data
        buffer += data


def _whole(piece: bytes, lost: _Lost) -> Iterator[bytes | None]:
    """An event that begins and ends, behind what lies open; where others in UTF-16 lie within it, its end is not its own."""
    yield from repeat(None, lost.close())
    count = lost.pass_over(piece) if b"\0" in piece else 1
    yield from [piece] if count == 1 and len(piece) <= LINE_LIMIT else repeat(None, count)


def _whole_tags(buffer: bytearray) -> int:
    """Up to where no tag may begin that ends only in what is read next."""
    last = buffer.find(b"<", max(0, len(buffer) - _TAIL))
    return len(buffer) if last < 0 else last


FORMAT = XmlFormat()
