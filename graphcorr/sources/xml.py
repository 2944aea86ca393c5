"""Windows events as XML: ``wevtutil qe /f:xml``, Event Viewer's XML export, Splunk's XmlWinEventLog, ``evtx_dump``.

The text is cut at ``<Event …>`` and ``</Event>`` and each event is parsed alone: a missing root, several roots or one
broken event are no problem, and no document type can stand before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.sources.base import Batch, Context, Stream, read_each
from graphcorr.sources.streams import CHUNK_SIZE, LINE_LIMIT
from graphcorr.sources.windows import parse_event_xml, read_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.model.records import Record

RECORD_LINE: Final = re.compile(rb"\ARecord \d+\s+")
"""``evtx_dump`` puts such a line before every event unless it is told not to."""
_START: Final = re.compile(rb"<Event[\s>]")
_END: Final = b"</Event>"
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
    return read_event(parse_event_xml(check_text(piece)), piece, number, context.wanted)


def check_text(piece: bytes) -> bytes:
    """The piece, if it is UTF-8: an XML parser would take other bytes for whatever the document declares."""
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordError(f"byte {error.start} (0x{piece[error.start]:02x}) is not UTF-8") from error
    return piece


def is_unwanted(piece: bytes, event_ids: frozenset[int]) -> bool:
    """Whether the event's id is certainly none of these, told without parsing.

    Certain is the only ``<EventID`` of a piece without comments and CDATA: markup cannot stand inside text or
    attributes, so the one element of that name is System's; a prefixed or missing one goes to the parser.
    """
    if piece.count(b"<EventID") != 1 or b"<!" in piece:
        return False
    match = _EVENT_ID.search(piece)
    return match is not None and int(match[1]) not in event_ids


def cut_events(stream: Stream) -> Iterator[bytes | None]:
    """Each event's text; None for one that has no end before the next begins, or is too long."""
    buffer = bytearray()
    ended = False
    no_start, no_end = 1, 0  # there is none before: nothing is searched twice, however long an event or broken a file is
    while True:
        start = _START.search(buffer)
        if start is None:
            del buffer[: max(0, len(buffer) - len(b"<Event "))]
        else:
            del buffer[: start.start()]
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
            return
        data = stream.read(CHUNK_SIZE)
        ended = not data
        buffer += data


FORMAT = XmlFormat()
