"""JSON that is no line format: one array of events, possibly pretty-printed and of any size, or objects one after another.

Objects may have ``Record 1`` and so on between them, as ``evtx_dump -o json`` writes them.

Decoded element by element with the standard library's scanner, which alone tells where a value ends; only the element
being read and one chunk are in memory.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.sources.base import Batch, Context, Stream, read_each
from graphcorr.sources.bundles import open_bundles
from graphcorr.sources.code_pages import as_utf8
from graphcorr.sources.json_text import DECODER, ENVELOPE, RESPONSE, decode_json, replace_surrogates
from graphcorr.sources.ndjson import FORMAT as NDJSON
from graphcorr.sources.rows import read_row
from graphcorr.sources.streams import CHUNK_SIZE, LINE_LIMIT
from graphcorr.sources.xml import RECORD_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.model.records import Record

_BETWEEN: Final = re.compile(r"(?:[\s,\[\]\0\ufeff]+|Record \d+\s)*")
"""A byte order mark stands where files with one were put together."""
_NEXT: Final = re.compile(r"\}\s*(?:,|Record \d+\s)?\s*(?=\{)")
_TAIL: Final = 1024
"""Characters kept while looking for the next element: the gap before one is no longer than that."""
_LOOK_AHEAD: Final = 1 << 20
"""Characters behind an error that prove that it is one, and no value whose end has not been read yet."""


class JsonArrayFormat:
    """Record numbers count the elements."""

    name = "json_array"
    is_binary = False

    def recognizes(self, head: bytes) -> bool:
        text = head.lstrip(b" \t\r\n\0")
        if (line := RECORD_LINE.match(text)) is not None:
            return text[line.end() :].startswith(b"{")
        if RESPONSE.match(text) or ENVELOPE.match(text):
            return False
        if text.startswith(b"["):
            return text[1:].lstrip()[:1] in (b"{", b"]", b"")
        return text.startswith(b"{") and not NDJSON.recognizes(head) and b":" in text

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        return read_values(open_bundles(scan_values(stream)), context)


def read_values(values: Iterator[tuple[object, str]], context: Context) -> Iterator[Batch]:
    """The records of what :func:`scan_values` finds."""
    return read_each(values, lambda found, number: _read_value(*found, number, context), context)


def _read_value(value: object, text: str, number: int, context: Context) -> Record | None:
    if isinstance(value, RecordError):
        raise value
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        raw = as_utf8(text.encode("utf-8", "surrogateescape"), context)
        value = decode_json(raw)
    return read_row(replace_surrogates(value), raw, number, context)


def scan_values(stream: Stream) -> Iterator[tuple[object, str]]:
    """Each value and its text; a ``RecordError`` in the value's place for what cannot be decoded.

    Bytes that are no UTF-8 are carried as lone surrogates, which the caller finds in the text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    buffer = ""
    position = 0
    ended = lost = False
    while True:
        if lost:
            found = _NEXT.search(buffer, position)
            lost = found is None
            position = found.end() if found is not None else max(position, len(buffer) - _TAIL)
        if not lost:
            position = _skip(buffer, position)
        if not lost and position < len(buffer):
            result = decode_at(buffer, position, ended)
            if isinstance(result, RecordError):
                yield result, ""
                lost = True
                continue
            if result is not None:
                value, end = result
                yield value, buffer[position:end]
                position = end
                continue
        if ended:
            return
        buffer = buffer[position:]
        position = 0
        # As much again: the work on one large value stays linear.
        data = stream.read(max(CHUNK_SIZE, len(buffer)))
        ended = not data
        buffer += decoder.decode(data, final=ended)


def decode_at(buffer: str, position: int, ended: bool) -> tuple[object, int] | RecordError | None:
    """The value that begins here and its end, why there is none, or None when more text has to be read first."""
    try:
        value, end = DECODER.raw_decode(buffer, position)
    except json.JSONDecodeError as error:
        certain = ended or _is_certain(error, len(buffer), position)
        return RecordError(f"not JSON: {error.msg}") if certain else None
    except RecursionError:
        return RecordError("JSON nested too deeply")
    except ValueError:
        return RecordError("a number has too many digits")
    # A bare number may go on in the next chunk; objects, arrays and strings end where they end.
    return (value, end) if isinstance(value, dict | list | str) or end < len(buffer) or ended else None


def _skip(buffer: str, position: int) -> int:
    match = _BETWEEN.match(buffer, position)
    return match.end() if match is not None else position


def _is_certain(error: json.JSONDecodeError, length: int, position: int) -> bool:
    """Whether more text could not mend it. An open string or value is given up only at the limit for one record."""
    if length - position > LINE_LIMIT:
        return True
    return not error.msg.startswith("Unterminated string") and error.pos < length - _LOOK_AHEAD


FORMAT = JsonArrayFormat()
