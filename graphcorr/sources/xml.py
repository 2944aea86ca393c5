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
_TAIL: Final = 16
"""Bytes that are kept because a tag may begin in them."""
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


class _Between:
    """What stands between events, and whether it is an event that lost its beginning: nothing is passed over in silence."""

    def __init__(self) -> None:
        self._open = False
        """Part of one was there, and no end yet."""

    def pass_over(self, text: bytes) -> int:
        """How many events ended in it that never began."""
        *ended, rest = text.replace(b"\0", b"").split(_END)  # in UTF-16 behind UTF-8 it is one, too
        self._open = _is_part(rest) or (self._open and not ended)
        return len(ended)

    def close(self) -> int:
        """How many there are that neither began nor ended."""
        was_open, self._open = self._open, False
        return int(was_open)


def _is_part(text: bytes) -> bool:
    return b"<System" in text or b"<EventID" in text or b"<EventData" in text


def cut_events(stream: Stream) -> Iterator[bytes | None]:
    """Each event's text; None for one that has no beginning, no end before the next begins, or is too long."""
    buffer = bytearray()
    between = _Between()
    ended = False
    no_start, no_end = 1, 0  # there is none before: nothing is searched twice, however long an event or broken a file is
    while True:
        start = _START.search(buffer)
        if start is None:
            passed = len(buffer) if ended else max(0, len(buffer) - _TAIL)
            yield from repeat(None, between.pass_over(bytes(buffer[:passed])))
            del buffer[:passed]
        else:
            if start.start():
                yield from repeat(None, between.pass_over(bytes(buffer[: start.start()])))
                del buffer[: start.start()]
            yield from repeat(None, between.close())
            end = buffer.find(_END, no_end)
            following = _START.search(buffer, no_start, end if end >= 0 else len(buffer))
            no_end = end if end >= 0 else max(0, len(buffer) - len(_END))
            if following is not None:
                yield None
                del buffer[: following.start()]
                no_start, no_end = 1, max(0, no_end - following.start())
                continue
            if end >= 0:
                yield bytes(buffer[: end + len(_END)]) if end + len(_END) <= LINE_LIMIT else None
                del buffer[: end + len(_END)]
                no_start, no_end = 1, 0
                continue
            no_start = max(1, len(buffer) - len(b"<Event"))
            if len(buffer) > LINE_LIMIT:
                yield None
                buffer.clear()
                no_start, no_end = 1, 0
        if ended:
            if start is not None and buffer:
                yield None
            yield from repeat(None, between.close())
            return
        data = stream.read(CHUNK_SIZE)
        ended = not data
        buffer += data


FORMAT = XmlFormat()
