"""Windows event logs (.evtx), group of chunks by group of chunks, so that a damaged chunk loses only itself.

A file is a header of 4 KiB and chunks of 64 KiB, each complete in itself. The header's count of chunks is a lower bound:
a log that was copied while it was written states too few, one that states more than there are was cut off. Each chunk
states which record numbers it holds; what is stated and not found is a skip, because the parser passes over a chunk full
of zeros without a word.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from evtx import PyEvtxParser

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.base import BATCH_SIZE, Batch, Context, Stream
from graphcorr.sources.json_text import decoder_of
from graphcorr.sources.outcomes import read_outcome
from graphcorr.sources.windows import event_fields, read_event, to_text, with_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

FILE_MAGIC: Final = b"ElfFile\0"
CHUNK_MAGIC: Final = b"ElfChnk\0"
HEADER_SIZE: Final = 4096
CHUNK_SIZE: Final = 64 * 1024
_UNUSED: Final = bytes(CHUNK_SIZE)
"""A chunk that was reserved and never written. Comparing is many times faster than stripping NULs."""
GROUP_SIZE: Final = 16
"""Chunks given to the parser at once: a parser per chunk is slower by a tenth, a whole file at once is not flat."""
_MOST_PER_CHUNK: Final = 2048
"""More records than 64 KiB can hold; a header that states more is not believed."""
_LOOK: Final = 512
"""Bytes of a chunk's header."""
_NUMBERS: Final = struct.Struct("<QQ")
_COUNT: Final = struct.Struct("<H")
_COUNT_OFFSET: Final = 42
_SUM: Final = struct.Struct("<I")
_SUM_OFFSET: Final = 124
_SUMMED: Final = 120
_NOTHING: Final = msgspec.Raw(b"null")
_DECODE: Final = msgspec.json.Decoder().decode
_UNNAMED: Final = "Data"
"""Where data has no names, and where it has them in another way."""


class _Attributes(msgspec.Struct, gc=False, frozen=True):
    """The attributes of a header's elements, as far as they are read."""

    Name: str | None = None
    SystemTime: str | None = None
    UserID: str | None = None


_NO_ATTRIBUTES: Final = _Attributes()


class _Element(msgspec.Struct, gc=False, frozen=True):
    attributes: _Attributes = msgspec.field(default=_NO_ATTRIBUTES, name="#attributes")


_NO_ELEMENT: Final = _Element()


class _Qualified(msgspec.Struct, gc=False):
    """The number of a classic event, which has qualifiers beside it."""

    number: int = msgspec.field(name="#text")


class _Header(msgspec.Struct, gc=False):
    EventID: int | _Qualified
    EventRecordID: int
    Channel: str | None = None
    Computer: str | None = None
    Keywords: str | None = None
    Provider: _Element | None = _NO_ELEMENT
    TimeCreated: _Element | None = _NO_ELEMENT
    Security: _Element | None = _NO_ELEMENT


class _Event(msgspec.Struct, gc=False):
    System: _Header
    EventData: msgspec.Raw = _NOTHING
    UserData: msgspec.Raw = _NOTHING


class _Text(msgspec.Struct, gc=False):
    """A record's text as the parser writes nearly every one; what is written otherwise is decoded without types.

    Its data is not decoded, because most records are dismissed by their header, and the header's types spare a dozen objects.
    """

    Event: _Event


@dataclass(slots=True)
class _Chunk:
    index: int
    data: bytes

    def stated(self) -> tuple[int, int] | None:
        """First and last record number as the chunk's header has them, None when it states nothing credible."""
        first, last = _NUMBERS.unpack_from(self.data, 8)
        return (first, last) if first <= last < first + _MOST_PER_CHUNK else None

    def expected(self) -> int:
        stated = self.stated()
        return stated[1] - stated[0] + 1 if stated is not None else 0


class EvtxFormat:
    """Record numbers are ordinals of what could be read; the raw record is its JSON text."""

    name = "evtx"
    is_binary = True

    def recognizes(self, head: bytes) -> bool:
        return head.startswith(FILE_MAGIC) or head.startswith(CHUNK_MAGIC, HEADER_SIZE)

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        header = _read_exactly(stream, HEADER_SIZE)
        if len(header) < HEADER_SIZE:
            context.notes.append("the file is cut off inside its header")
            return
        if not header.startswith(FILE_MAGIC):
            context.notes.append("the file header is damaged; the chunks behind it were read")
            header = FILE_MAGIC + bytes(HEADER_SIZE - len(FILE_MAGIC))
        yield from _File(header, context, 0).read(_chunks(stream, context, _stated_chunks(header)))

    def divide(self, file: BinaryIO, size: int, count: int) -> list[int]:
        """None of a file in which anything is not as it should be: then only what was read tells the numbers."""
        header = file.read(HEADER_SIZE) if file.seek(0) == 0 else b""
        chunks, rest = divmod(size - HEADER_SIZE, CHUNK_SIZE)
        if rest or not header.startswith(FILE_MAGIC):
            return []
        found = 0
        for index in range(chunks):
            file.seek(HEADER_SIZE + index * CHUNK_SIZE)
            chunk = _Chunk(index, file.read(_LOOK))
            if not chunk.data.startswith(CHUNK_MAGIC):
                if chunk.data != _UNUSED[:_LOOK]:
                    return []
                continue
            if chunk.stated() is None:
                return []
            found += 1
        if found < _stated_chunks(header):
            return []
        return sorted({HEADER_SIZE + chunks * number // count * CHUNK_SIZE for number in range(count)})

    def resume(self, before: Stream, stream: Stream, context: Context) -> Iterator[Batch]:
        header = _read_exactly(before, HEADER_SIZE)
        number = 0
        while data := _read_exactly(before, CHUNK_SIZE):
            number += _Chunk(0, data).expected() if data.startswith(CHUNK_MAGIC) else 0
        return _File(header, context, number).read(_chunks(stream, context, 0))


def _stated_chunks(header: bytes) -> int:
    """How many chunks hold records, as a header says whose checksum is right; 0 says nothing."""
    [stated] = _COUNT.unpack_from(header, _COUNT_OFFSET)
    [checksum] = _SUM.unpack_from(header, _SUM_OFFSET)
    return int(stated) if zlib.crc32(header[:_SUMMED]) == checksum else 0


def _chunks(stream: Stream, context: Context, stated: int) -> Iterator[_Chunk]:
    """Chunks that hold records. Space that was reserved and never written is all zeros and no loss; ``stated`` says how much is one."""
    index = found = 0
    while data := _read_exactly(stream, CHUNK_SIZE):
        index += 1
        if len(data) < CHUNK_SIZE:
            context.notes.append(f"the file is cut off inside chunk {index}")
            data += bytes(CHUNK_SIZE - len(data))
        if data.startswith(CHUNK_MAGIC):
            found += 1
            yield _Chunk(index, data)
        elif data != _UNUSED:
            found += 1
            context.skip(None, f"chunk {index} is damaged: it does not begin as a chunk does")
    if stated > found:
        context.notes.append(f"{stated - found} of the {stated} chunks that the file header counts are missing or empty")


def _read_exactly(stream: Stream, size: int) -> bytes:
    pieces: list[bytes] = []
    while size and (data := stream.read(size)):
        pieces.append(data)
        size -= len(data)
    return b"".join(pieces)


class _File:
    """The records of one file, numbered through all its chunks."""

    def __init__(self, header: bytes, context: Context, number: int) -> None:
        """``number`` is that of the last record before what is read."""
        self._header = header
        self._context = context
        self._decode = msgspec.json.Decoder(_Text).decode
        self._number = self._first = number
        self._logs: dict[tuple[str | None, str | None, int], str | None] = {}
        self._data_decoders = {event_id: decoder_of(names | {_UNNAMED}) for event_id, names in context.wanted.names.items()}

    def read(self, chunks: Iterable[_Chunk]) -> Iterator[Batch]:
        group: list[_Chunk] = []
        for chunk in chunks:
            group.append(chunk)
            if len(group) == GROUP_SIZE:
                yield from self.read_group(group)
                group = []
        yield from self.read_group(group)

    def read_group(self, group: list[_Chunk]) -> Iterator[Batch]:
        """Parsed together when every chunk gives what it states, one by one otherwise, to know which one does not."""
        if not group:
            return
        texts, errors = self._parse(group)
        expected = sum(chunk.expected() for chunk in group)
        if not errors and len(texts) >= expected:
            self._context.is_unstated |= len(texts) > expected
            yield from self._batches(texts)
            return
        for chunk in group:
            texts, errors = self._parse([chunk])
            yield from self._batches(texts)
            self._explain(chunk, len(texts), errors)

    def _parse(self, group: list[_Chunk]) -> tuple[list[str], list[str]]:
        """The records of some chunks as JSON, and what the parser complained about."""
        texts: list[str] = []
        errors: list[str] = []
        content = io.BytesIO(self._header + b"".join(chunk.data for chunk in group))
        try:
            records = PyEvtxParser(content, number_of_threads=1).records_json()
        except (RuntimeError, ValueError, OSError) as error:
            return texts, [str(error)]
        # The parser goes on after a bad record, but a limit keeps a hostile file from complaining forever.
        while len(errors) < _MOST_PER_CHUNK:
            try:
                record = next(records)
            except StopIteration:
                break
            except (RuntimeError, ValueError, OSError) as error:
                errors.append(str(error))
                continue
            if record is not None:  # the stub says it may be; it is not
                texts.append(record["data"])
        return texts, errors

    def _explain(self, chunk: _Chunk, found: int, errors: list[str]) -> None:
        missing = chunk.expected() - found
        if missing <= 0 and not errors:
            return
        stated = chunk.stated()
        numbers = f" of its records {stated[0]}-{stated[1]}" if stated is not None else ""
        cause = f" ({errors[0]})" if errors else ""
        lost = f"{missing}{numbers} could not be read" if missing > 0 else "some of it could not be read"
        self._context.skip(None, f"chunk {chunk.index} is damaged: {lost}{cause}")

    def _batches(self, texts: list[str]) -> Iterator[Batch]:
        """In pieces of ``BATCH_SIZE`` records read, wanted or not."""
        for start in range(0, len(texts), BATCH_SIZE):
            batch: Batch = []
            for text in texts[start : start + BATCH_SIZE]:
                self._number += 1
                record = self._record(text)
                if record is not None:
                    batch.append(record)
            self._context.records = self._number - self._first
            yield batch

    def _record(self, text: str) -> Record | None:
        raw = text.encode("utf-8", "replace")
        try:
            try:
                event = self._decode(raw).Event
            except msgspec.ValidationError:
                return self._read_unusual(raw)
            header = event.System
            event_id = header.EventID if isinstance(header.EventID, int) else header.EventID.number
            if event_id not in self._context.wanted.event_ids:
                return None
            log = self._log((header.Provider or _NO_ELEMENT).attributes.Name, header.Channel, event_id)
            if log is None:
                return None
            return Record(
                log=log,
                number=self._number,
                raw=raw,
                fields=with_user(self._fields(event, event_id), (header.Security or _NO_ELEMENT).attributes.UserID),
                computer=to_text(header.Computer),
                channel=to_text(header.Channel),
                record_id=header.EventRecordID,
                created=to_text((header.TimeCreated or _NO_ELEMENT).attributes.SystemTime),
                outcome=read_outcome(header.Keywords),
            )
        except msgspec.DecodeError as error:
            self._context.skip(self._number, f"the record cannot be decoded ({error})")
        except RecordError as error:
            self._context.skip(self._number, error.reason)
        return None

    def _fields(self, event: _Event, event_id: int) -> dict[str, object]:
        """Of an event's data only what somebody reads, half the work of decoding all of it."""
        decode: Callable[[msgspec.Raw], object] = self._data_decoders.get(event_id, _DECODE)
        try:
            data = decode(event.EventData)
        except msgspec.ValidationError:
            data = None
        if not isinstance(data, dict):
            return event_fields({"UserData": _DECODE(event.UserData)})
        return event_fields({"EventData": _DECODE(event.EventData)}) if _UNNAMED in data else data

    def _log(self, provider: str | None, channel: str | None, event_id: int) -> str | None:
        key = (provider, channel, event_id)
        try:
            return self._logs[key]
        except KeyError:
            log = self._logs[key] = self._context.wanted.windows_log(to_text(provider), to_text(channel), event_id)
            return log

    def _read_unusual(self, raw: bytes) -> Record | None:
        value = _DECODE(raw)
        event = value.get("Event") if isinstance(value, dict) else None
        if not isinstance(event, dict):
            raise RecordError("the record is no event")
        return read_event(event, raw, self._number, self._context.wanted)


FORMAT = EvtxFormat()
