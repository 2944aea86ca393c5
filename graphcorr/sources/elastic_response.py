"""Answers: one object around a list of events, also several one after another.

Those to Elasticsearch searches as ``curl`` or Kibana's console saves them, those to Defender's advanced hunting, what Azure's
streams carry (``{"records": […]}``), and what OpenTelemetry's collector writes to files (``{"resourceLogs": […]}``).
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.sources.json_array import decode_at, read_values
from graphcorr.sources.json_text import ENVELOPE, RESPONSE
from graphcorr.sources.streams import CHUNK_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.sources.base import Batch, Context, Stream

_HITS: Final = re.compile(r'"(?:hits|[Rr]ecords|[Rr]esults|logRecords)"\s*:\s*\[')
"""Inside of a text its quotes would be escaped."""
_NEXT_HIT: Final = re.compile(r'\{\s*"_index"\s*:')
"""Every hit begins so: where one goes on behind a broken one."""
_NEXT_EVENT: Final = re.compile(r"\}\s*,\s*\{")
"""The same of other lists, whose events begin with anything; one may be found within the broken one, and is told then."""
_BETWEEN: Final = re.compile(r"[\s,]*")
_INCOMPLETE: Final = re.compile(r'"timed_out"\s*:\s*true|"failed"\s*:\s*[1-9]|"error"\s*:\s*[{"]')
_TAIL: Final = 256
"""Characters kept while looking for one of these: none is longer."""


class ElasticResponseFormat:
    """``{"took":…, "hits": {"hits": [{"_index":…, "_source": {…}}, …]}}``; record numbers count the hits.

    So are ``{"Stats":…, "Schema":…, "Results": […]}``, ``{"records": […]}`` and the lists ``logRecords`` of OTLP.
    """

    name = "elastic_response"
    is_binary = False

    def recognizes(self, head: bytes) -> bool:
        return (RESPONSE.match(head) or ENVELOPE.match(head)) is not None

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        answers = _Answers(stream)
        yield from read_values(answers.scan(), context)
        if not answers.lists:
            context.notes.append("there is no list of events in it")
        if answers.incomplete:
            context.cut("the search itself timed out or failed in part, so hits are missing")


class _Answers:
    """The elements of every list of hits, whatever they are; what stands around the lists is looked at for what it says of them."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._buffer = ""
        self._position = 0
        self._ended = False
        self._is_elastic = True
        self.lists = 0
        self.incomplete = False

    def scan(self) -> Iterator[tuple[object, str]]:
        """Each hit and its text; a ``RecordError`` in the place of one that cannot be decoded."""
        while self._find(_HITS):
            self.lists += 1
            yield from self._scan_list()

    def _scan_list(self) -> Iterator[tuple[object, str]]:
        while True:
            match = _BETWEEN.match(self._buffer, self._position)
            self._position = match.end() if match is not None else self._position
            if self._buffer.startswith("]", self._position):
                return
            result = decode_at(self._buffer, self._position, self._ended) if self._position < len(self._buffer) else None
            if isinstance(result, RecordError):
                yield result, ""
                self._position += 1
                if not self._find(_NEXT_HIT if self._is_elastic else _NEXT_EVENT):
                    return
                self._position = self._buffer.rindex("{", 0, self._position)
            elif result is not None:
                value, end = result
                yield value, self._buffer[self._position : end]
                self._position = end
            elif self._ended:
                yield RecordError("the list of events is cut off"), ""
                return
            else:
                self._read_on()

    def _find(self, pattern: re.Pattern[str]) -> bool:
        """Go behind the next match of ``pattern``; False at the end."""
        while True:
            found = pattern.search(self._buffer, self._position)
            end = found.end() if found is not None else len(self._buffer)
            if pattern is _HITS and _INCOMPLETE.search(self._buffer, self._position, end):
                self.incomplete = True
            if found is not None or self._ended:
                self._position = end
                if pattern is _HITS and found is not None:
                    self._is_elastic = found[0].startswith('"hits')
                return found is not None
            self._position = max(self._position, end - _TAIL)
            self._read_on()

    def _read_on(self) -> None:
        self._buffer = self._buffer[self._position :]
        self._position = 0
        # As much again: the work on one large value stays linear.
        data = self._stream.read(max(CHUNK_SIZE, len(self._buffer)))
        self._ended = not data
        self._buffer += self._decoder.decode(data, final=self._ended)


FORMAT = ElasticResponseFormat()
