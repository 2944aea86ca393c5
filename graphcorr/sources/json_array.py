"""JSON that is no line format: one array of events, possibly pretty-printed and of any size, or objects one after another.

Decoded element by element with the standard library's scanner, which alone tells where a value ends; only the element
being read and one chunk are in memory.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.sources.base import BATCH_SIZE, Batch, Context, Stream
from graphcorr.sources.json_text import DECODER, replace_surrogates
from graphcorr.sources.ndjson import FORMAT as NDJSON
from graphcorr.sources.rows import read_row
from graphcorr.sources.streams import CHUNK_SIZE, LINE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

_BETWEEN: Final = re.compile(r"[\s,\[\]\0]*")
_NEXT: Final = re.compile(r"\}\s*,?\s*(?=\{)")
_LOOK_AHEAD: Final = 1 << 20
"""Characters behind an error that prove that it is one, and no value whose end has not been read yet."""


class JsonArrayFormat:
    """Record numbers count the elements."""

    name = "json_array"

    def recognizes(self, head: bytes) -> bool:
        text = head.lstrip(b" \t\r\n\0")
        if text.startswith(b"["):
            return text[1:].lstrip()[:1] in (b"{", b"]", b"")
        return text.startswith(b"{") and not NDJSON.recognizes(head) and b":" in text

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        batch: Batch = []
        for number, (value, text) in enumerate(scan_values(stream), 1):
            try:
                if isinstance(value, RecordError):
                    raise value
                try:
                    raw = text.encode()
                except UnicodeEncodeError:
                    raise RecordError("the element holds bytes that are not UTF-8") from None
                record = read_row(replace_surrogates(value), raw, number, context)
            except RecordError as error:
                context.skip(number, error.reason)
                record = None
            context.records = number
            if record is not None:
                batch.append(record)
            if len(batch) == BATCH_SIZE or number % BATCH_SIZE == 0:
                yield batch
                batch = []
        yield batch


def scan_values(stream: Stream) -> Iterator[tuple[object, str]]:
    """Each value and its text; a ``RecordError`` in the value's place for what cannot be decoded.

    Bytes that are no UTF-8 are carried as lone surrogates, which the caller finds in the text and refuses.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    buffer = ""
    position = 0
    ended = False
    while True:
        position = _skip(buffer, position)
        failure: RecordError | None = None
        complete = False
        if position < len(buffer):
            try:
                value, end = DECODER.raw_decode(buffer, position)
            except json.JSONDecodeError as error:
                failure = RecordError(f"not JSON: {error.msg}")
                complete = ended or _is_certain(error, len(buffer), position)
            except RecursionError:
                failure, complete = RecordError("JSON nested too deeply"), True
            except ValueError:
                failure, complete = RecordError("a number has too many digits"), True
            else:
                # A bare number may go on in the next chunk; objects and arrays end where they end.
                if isinstance(value, dict | list | str) or end < len(buffer) or ended:
                    yield value, buffer[position:end]
                    position = end
                    continue
            if failure is not None and complete:
                yield failure, ""
                found = _NEXT.search(buffer, position)
                position = found.end() if found is not None else len(buffer)
                continue
        if ended:
            return
        buffer = buffer[position:]
        position = 0
        # Doubling keeps the work on one large value linear.
        data = stream.read(max(CHUNK_SIZE, len(buffer)))
        ended = not data
        buffer += decoder.decode(data, final=ended)


def _skip(buffer: str, position: int) -> int:
    match = _BETWEEN.match(buffer, position)
    return match.end() if match is not None else position


def _is_certain(error: json.JSONDecodeError, length: int, position: int) -> bool:
    """Whether more text could not mend it. An open string or value is given up only at the limit for one record."""
    if length - position > LINE_LIMIT:
        return True
    return not error.msg.startswith("Unterminated string") and error.pos < length - _LOOK_AHEAD


FORMAT = JsonArrayFormat()
