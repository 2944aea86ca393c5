"""Windows event logs (.evtx), group of chunks by group of chunks, so that a damaged record loses only itself.

The header's count of chunks is a lower bound: a log that was copied while it was written states too few, one that states
more than there are was cut off. What whole records a chunk holds is told by its bytes (:mod:`graphcorr.sources.evtx_chunks`); what
the parser does not give of them is a skip, and so is what stands between them.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec
from evtx import PyEvtxParser

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.base import BATCH_SIZE, Batch, Context, Stream
from graphcorr.sources.evtx_chunks import (
    CHUNK_MAGIC,
    CHUNK_SIZE,
    FILE_MAGIC,
    FILLER,
    HEADER_SIZE,
    UNUSED,
    Chunk,
    Gap,
    read_chunks,
    read_exactly,
    stated_numbers,
)
from graphcorr.sources.json_text import decoder_of
from graphcorr.sources.outcomes import read_outcome
from graphcorr.sources.windows import PROCESS_ID, attribute, event_fields, read_event, to_text, with_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

GROUP_SIZE: Final = 16
"""Chunks given to the parser at once: a parser per chunk is slower by a tenth, a whole file at once is not flat."""
_MOST_ERRORS: Final = 2048
"""The parser goes on after a bad record, but a hostile file must not have it complain forever."""
_LOOK: Final = 512
"""Bytes of a chunk's header."""
_COUNT: Final = struct.Struct("<H")
_COUNT_OFFSET: Final = 42
_SUM: Final = struct.Struct("<I")
_SUM_OFFSET: Final = 124
_SUMMED: Final = 120
_HEADER: Final = FILE_MAGIC + bytes(HEADER_SIZE - len(FILE_MAGIC))
"""In the place of one that is missing or damaged; the parser looks no further."""
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


class _System(msgspec.Struct, gc=False):
    EventID: int | _Qualified
    EventRecordID: int
    Channel: str | None = None
    Computer: str | None = None
    Keywords: str | None = None
    Provider: _Element | None = _NO_ELEMENT
    TimeCreated: _Element | None = _NO_ELEMENT
    Security: _Element | None = _NO_ELEMENT
    Execution: msgspec.Raw = _NOTHING


class _Event(msgspec.Struct, gc=False):
    System: _System
    EventData: msgspec.Raw = _NOTHING
    UserData: msgspec.Raw = _NOTHING


class _Text(msgspec.Struct, gc=False):
    """A record's text as the parser writes nearly every one; what is written otherwise is decoded without types.

    Its data is not decoded, because most records are dismissed by their header, and the header's types spare a dozen objects.
    """

    Event: _Event


class EvtxFormat:
    """Record numbers are ordinals of what could be read; the raw record is its JSON text."""

    name = "evtx"
    is_binary = True

    def recognizes(self, head: bytes) -> bool:
        return head.startswith((FILE_MAGIC, CHUNK_MAGIC)) or head.startswith(CHUNK_MAGIC, HEADER_SIZE)

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        header, begun = read_exactly(stream, HEADER_SIZE), b""
        if header.startswith(CHUNK_MAGIC):
            context.notes.append("the file header is missing")
            header, begun = _HEADER, header
        elif len(header) < HEADER_SIZE:
            context.cut("the file is cut off inside its header")
            return
        elif not header.startswith(FILE_MAGIC):
            context.notes.append("the file header is damaged; the chunks behind it were read")
            header = _HEADER
        elif not _is_summed(header):
            context.notes.append("the file header is damaged: its checksum is wrong")
        yield from _File(header, context, 0).read(read_chunks(stream, context, _stated_chunks(header), begun))

    def divide(self, file: BinaryIO, size: int, count: int) -> list[int]:
        """None of a file in which anything is not as it should be: then only what was read tells the numbers."""
        header = file.read(HEADER_SIZE) if file.seek(0) == 0 else b""
        chunks, rest = divmod(size - HEADER_SIZE, CHUNK_SIZE)
        if rest or not header.startswith(FILE_MAGIC) or not _is_summed(header):
            return []
        found = 0
        for index in range(chunks):
            file.seek(HEADER_SIZE + index * CHUNK_SIZE)
            head = file.read(_LOOK)
            if not head.startswith(CHUNK_MAGIC):
                if head != UNUSED[:_LOOK]:
                    return []
                continue
            if stated_numbers(head) is None:
                return []
            found += 1
        if found < _stated_chunks(header):
            return []
        return sorted({HEADER_SIZE + chunks * number // count * CHUNK_SIZE for number in range(count)})

    def resume(self, before: Stream, stream: Stream, context: Context) -> Iterator[Batch]:
        header = read_exactly(before, HEADER_SIZE)
        number = 0
        while data := read_exactly(before, CHUNK_SIZE):
            number += _count(stated_numbers(data) if data.startswith(CHUNK_MAGIC) else None)
        return _File(header, context, number).read(read_chunks(stream, context, 0))


def _is_summed(header: bytes) -> bool:
    [checksum] = _SUM.unpack_from(header, _SUM_OFFSET)
    return int(checksum) == zlib.crc32(header[:_SUMMED])


def _stated_chunks(header: bytes) -> int:
    """How many chunks hold records, as a header says whose checksum is right; 0 says nothing."""
    [stated] = _COUNT.unpack_from(header, _COUNT_OFFSET)
    return int(stated) if _is_summed(header) else 0


def _count(numbers: tuple[int, int] | None) -> int:
    return 0 if numbers is None else numbers[1] - numbers[0] + 1


class _File:
    """The records of one file, numbered through all its chunks."""

    def __init__(self, header: bytes, context: Context, number: int) -> None:
        """``number`` is that of the last record before what is read."""
        self._header = header
        self._context = context
        self._decode = msgspec.json.Decoder(_Text).decode
        self._number = self._first = number
        self._logs: dict[tuple[str | None, str | None, int], str | None] = {}
        self._data_decoders: dict[int, Callable[[msgspec.Raw], object]] = {}

    def read(self, chunks: Iterable[Chunk]) -> Iterator[Batch]:
        group: list[Chunk] = []
        for chunk in chunks:
            group.append(chunk)
            if len(group) == GROUP_SIZE:
                yield from self.read_group(group)
                group = []
        yield from self.read_group(group)

    def read_group(self, group: list[Chunk]) -> Iterator[Batch]:
        """Parsed together when every chunk is as it should be, one by one otherwise, to know which one is not."""
        self._context.is_unstated |= any(len(chunk.whole) != _count(chunk.stated()) for chunk in group)
        lies = [(chunk, chunk.lies()) for chunk in group]
        if not any(said or chunk.gaps for chunk, said in lies):
            texts, errors = self._parse(b"".join(chunk.data for chunk in group))
            if not errors and len(texts) == sum(len(chunk.whole) for chunk in group):
                yield from self._batches([text for _, text in texts])
                return
        for chunk, said in lies:
            if said:
                self._context.notes.append(f"the header of chunk {chunk.index} is wrong ({', '.join(said)}); it was read by its records")
            texts, errors = self._parse(chunk.rebuilt() if chunk.whole else b"")
            yield from self._batches([text for number, text in texts if number != FILLER])
            self._explain(chunk, texts, errors)

    def _parse(self, chunks: bytes) -> tuple[list[tuple[int, str]], list[str]]:
        """The records of some chunks, numbered by their frames, as JSON, and what the parser complained about."""
        texts: list[tuple[int, str]] = []
        errors: list[str] = []
        if not chunks:
            return texts, errors
        try:
            records = PyEvtxParser(io.BytesIO(self._header + chunks), number_of_threads=1).records_json()
        except (RuntimeError, ValueError, OSError) as error:
            return texts, [str(error)]
        while len(errors) < _MOST_ERRORS:
            try:
                record = next(records)
            except StopIteration:
                break
            except (RuntimeError, ValueError, OSError) as error:
                errors.append(str(error))
                continue
            if record is not None:  # the stub says it may be; it is not
                texts.append((record["event_record_id"], record["data"]))
        return texts, errors

    def _explain(self, chunk: Chunk, texts: list[tuple[int, str]], errors: list[str]) -> None:
        """Each run of records that is lost, and each whole record that the parser does not give."""
        damaged = f"chunk {chunk.index} is damaged"
        if not chunk.whole and (numbers := chunk.stated()) is not None:
            self._context.skip(None, f"{damaged}: {_count(numbers)} of its records {numbers[0]}-{numbers[1]} could not be read")
            return
        for gap in chunk.gaps:
            if gap.lost == 0:
                self._context.notes.append(f"{damaged}: {gap.end - gap.start} bytes at byte {gap.start} are no record")
            else:
                self._context.skip(None, f"{damaged}: {_name(gap)} at byte {gap.start} could not be read")
        given = Counter(number for number, _ in texts)
        for place in chunk.whole:
            given[place.number] -= 1
            if given[place.number] < 0:
                error = next((said for said in errors if f"record number {place.number}:" in said), None)
                cause = f" ({error})" if error else ""
                self._context.skip(None, f"{damaged}: record {place.number} at byte {place.start} could not be read{cause}")

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
            fields = with_user(self._fields(event, event_id), (header.Security or _NO_ELEMENT).attributes.UserID)
            if PROCESS_ID in self._context.wanted.asked_names(event_id):
                fields.setdefault(PROCESS_ID, attribute(_DECODE(header.Execution), "ProcessID"))
            return Record(
                log=log,
                number=self._number,
                raw=raw,
                fields=fields,
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
        decode = self._data_decoders.get(event_id)
        if decode is None:
            names = self._context.wanted.names.get(event_id)
            decode = self._data_decoders[event_id] = _DECODE if names is None else decoder_of(names | {_UNNAMED})
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


def _name(gap: Gap) -> str:
    if gap.first is None or gap.lost is None:
        return "what stands"
    return f"record {gap.first}" if gap.lost == 1 else f"records {gap.first}-{gap.first + gap.lost - 1}"


FORMAT = EvtxFormat()
