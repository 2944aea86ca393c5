r"""The chunks of an event log: where whole records stand in them, whatever their headers say, and chunks made readable again.

A file is a header of 4 KiB and chunks of 64 KiB, each complete in itself. A record begins with ``**\0\0`` and its size and ends
with its size once more: what has all three is whole. A chunk's header states the numbers of its records and where free space
begins. Behind that stand remains of records that were there before, or records that a running system had not counted yet.

Source: Microsoft, MS-EVEN6; J. Metz, "Windows XML Event Log (EVTX) format" (libevtx).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.sources.base import Context, Stream

FILE_MAGIC: Final = b"ElfFile\0"
CHUNK_MAGIC: Final = b"ElfChnk\0"
RECORD_MAGIC: Final = b"**\0\0"
HEADER_SIZE: Final = 4096
CHUNK_SIZE: Final = 64 * 1024
RECORDS: Final = 512
"""Where a chunk's records begin."""
UNUSED: Final = bytes(CHUNK_SIZE)
"""A chunk that was reserved and never written. Comparing is many times faster than stripping NULs."""
FILLER: Final = 2**64 - 2
"""The number of a record that stands for what is none."""
_LEAST_RECORD: Final = 28
"""Bytes of a record's frame."""
_LEAST_EVENT: Final = 128
"""Fewer bytes than any event has: so much room a lost one must have had."""
_MOST_PER_CHUNK: Final = 2048
"""More records than 64 KiB can hold; a header that states more is not believed."""
_NUMBERS: Final = struct.Struct("<QQQQ")
_SIZE: Final = struct.Struct("<I")
_NUMBER: Final = struct.Struct("<Q")
_START: Final = struct.Struct("<4sIQ")
_FRAME: Final = struct.Struct("<4sIQQx")
_HEADER: Final = struct.Struct("<8sQQQQIII")
_HEADER_LENGTH: Final = 128
_LENGTH_AT, _FREE_AT, _RECORD_SUM_AT, _SUM_AT = 40, 48, 52, 124
_SUMMED: Final = 120


class Place(NamedTuple):
    """A whole record in a chunk."""

    start: int
    end: int
    number: int
    """As its frame has it; where a log was exported it is not the EventRecordID."""


class Gap(NamedTuple):
    """Bytes of a chunk where records should be and none is whole."""

    start: int
    end: int
    first: int | None
    """The number of the first record that is missing, None where nobody knows."""
    lost: int | None
    """How many are missing; 0 where only rubbish stands between two records."""


@dataclass(slots=True)
class Chunk:
    """One chunk of a file; what the file does not hold of it is zeros."""

    index: int
    """From 1."""
    data: bytes
    length: int = CHUNK_SIZE
    """How many bytes of it the file has."""
    whole: list[Place] = field(init=False)
    """Its whole records, in order, without what older ones left behind."""
    gaps: list[Gap] = field(init=False)

    def __post_init__(self) -> None:
        plain = self._plain()
        self.whole = list(self._accepted()) if plain is None else plain
        self.gaps = list(self._gaps()) if plain is None else []

    def stated(self) -> tuple[int, int] | None:
        """First and last record number as the chunk's header has them, None when it states nothing credible."""
        return stated_numbers(self.data)

    @property
    def has_header(self) -> bool:
        return self.data.startswith(CHUNK_MAGIC)

    @property
    def _free(self) -> int | None:
        """Where free space begins, as the header says, None when that cannot be."""
        (free,) = _SIZE.unpack_from(self.data, _FREE_AT)
        return free if self.has_header and RECORDS <= free <= CHUNK_SIZE else None

    @property
    def _is_summed(self) -> bool:
        """The header's own checksum is right."""
        (stated,) = _SIZE.unpack_from(self.data, _SUM_AT)
        return self.has_header and zlib.crc32(self.data[128:RECORDS], zlib.crc32(self.data[:_SUMMED])) == stated

    def lies(self) -> list[str]:
        """What the header says and the records do not, in words."""
        if not self.has_header:
            return ["it does not begin as a chunk does"]
        found = []
        if not self._is_summed:
            found.append("its checksum is wrong")
        end = self.whole[-1].end if self.whole else RECORDS
        if self._free is None or self._free < end:
            found.append("records stand where it says that space is free")
        elif self._free > end and not self.gaps:
            found.append("nothing stands where it says that records are")
        numbers = self.stated()
        there = (self.whole[0].number, self.whole[-1].number) if self.whole else None
        if there and numbers is None:
            found.append("its record numbers cannot be")
        elif there and numbers and not self.gaps and numbers != there:
            found.append(f"it says records {numbers[0]}-{numbers[1]}, and {there[0]}-{there[1]} are there")
        if not found and not self.gaps and self.whole:
            (stated,) = _SIZE.unpack_from(self.data, _RECORD_SUM_AT)
            if zlib.crc32(self.data[RECORDS : self._free]) != stated:
                found.append("the checksum of its records is wrong")
        return found

    def rebuilt(self) -> bytes:
        """The chunk with a header that says what is there, and with fillers for what is no record.

        Its tables of names and templates are left empty: they only save looking, and may be damaged. Content of broken
        records stays, because whole ones may use a template that is defined there.
        """
        data = bytearray(self.data)
        end = self.whole[-1].end if self.whole else RECORDS
        _HEADER.pack_into(data, 0, CHUNK_MAGIC, 1, 1, 1, 2**64 - 1, _HEADER_LENGTH, 0, end)
        data[_HEADER_LENGTH:RECORDS] = bytes(RECORDS - _HEADER_LENGTH)
        before, last = RECORDS, None
        for place in self.whole:
            room = place.start - before
            if room >= _LEAST_RECORD:
                _FRAME.pack_into(data, before, RECORD_MAGIC, room, FILLER, 0)
            elif room and last is not None:  # the record before it takes the room, behind its own content
                _SIZE.pack_into(data, last.start + 4, place.start - last.start)
            elif room:  # the first record is given up
                _FRAME.pack_into(data, before, RECORD_MAGIC, place.end - before, FILLER, 0)
            before, last = place.end, place
        return bytes(data)

    def _plain(self) -> list[Place] | None:
        """The records of a chunk that has them as its header says, one behind the other; None of any other chunk."""
        numbers, free, data = self.stated(), self._free, self.data
        if numbers is None or free is None or not self._is_summed or data.startswith(RECORD_MAGIC, free):
            return None
        number, last = numbers
        whole: list[Place] = []
        start = RECORDS
        while start + _LEAST_RECORD <= free:
            magic, size, own = _START.unpack_from(data, start)
            end = start + size
            if (
                magic != RECORD_MAGIC
                or own != number
                or not _LEAST_RECORD <= size <= free - start
                or _SIZE.unpack_from(data, end - 4)[0] != size
            ):
                return None
            whole.append(Place(start, end, own))
            start, number = end, number + 1
        return whole if start == free and number == last + 1 else None

    def _accepted(self) -> Iterator[Place]:
        free = self._free or 0
        is_summed = self._is_summed and self._free is not None
        numbers = self.stated()
        last: Place | None = None
        for place in whole_records(self.data):
            if last is not None:
                ahead, room = place.number - last.number - 1, place.start - last.end
                is_next = not ahead and not room  # a running system wrote it and did not count it yet
                if is_summed:
                    is_told = numbers is not None and last.number < place.number <= numbers[1]
                    is_ours = is_next or place.start < free or is_told
                else:
                    # Remains of older records have other numbers, and a piece of one stands before them.
                    is_ours = 0 <= ahead * _LEAST_EVENT <= room or (ahead >= 0 and not room and place.start < free)
                if not is_ours:
                    continue
            elif is_summed and place.start >= free and not (numbers and numbers[0] <= place.number <= numbers[1]):
                return
            yield place
            last = place

    def _gaps(self) -> Iterator[Gap]:
        numbers = self.stated()
        before, following = RECORDS, numbers[0] if numbers is not None else None
        for place in self.whole:
            if place.start > before:
                yield _gap(before, place.start, following, None if following is None else place.number - following)
            before, following = place.end, place.number + 1
        free = self._free
        lost = None if numbers is None or following is None else numbers[1] - following + 1
        if free is not None and free > before and lost != 0:
            yield _gap(before, free, following, lost)
        elif free is None and self.data.startswith(RECORD_MAGIC, before):
            yield Gap(before, CHUNK_SIZE, following, None)


def _gap(start: int, end: int, first: int | None, lost: int | None) -> Gap:
    believed = lost is not None and 0 <= lost * _LEAST_RECORD <= end - start
    return Gap(start, end, first if believed else None, lost if believed else None)


def whole_records(data: bytes, start: int = RECORDS) -> Iterator[Place]:
    """Every whole record from ``start`` on, looked for byte by byte where none begins."""
    end = len(data)
    while (start := data.find(RECORD_MAGIC, start)) >= 0 and start + _LEAST_RECORD <= end:
        (size,) = _SIZE.unpack_from(data, start + 4)
        if _LEAST_RECORD <= size <= end - start and _SIZE.unpack_from(data, start + size - 4)[0] == size:
            yield Place(start, start + size, _NUMBER.unpack_from(data, start + 8)[0])
            start += size
        else:
            start += 1


def stated_numbers(head: bytes) -> tuple[int, int] | None:
    """First and last record number of a chunk that begins so, None when it states nothing credible.

    They are the identifiers that the records' frames have, too. Beside them the records are counted from the file's first one.
    """
    first_counted, last_counted, first, last = _NUMBERS.unpack_from(head, 8)
    return (first, last) if first <= last < first + _MOST_PER_CHUNK and last_counted - first_counted == last - first else None


def read_chunks(stream: Stream, context: Context, stated: int, begun: bytes = b"") -> Iterator[Chunk]:
    """Chunks that hold records. Space that was reserved and never written is all zeros and no loss; ``stated`` says how much is one.

    Where bytes are missing or too many, the next chunk is looked for. ``begun`` are bytes that were read before.
    """
    index = found = 0
    while data := begun + read_exactly(stream, CHUNK_SIZE + RECORDS - len(begun)):
        index += 1
        length = min(len(data), CHUNK_SIZE)
        if (following := _find_chunk(data)) is not None:
            length = following
            context.is_unstated = True
            context.cut(f"chunk {index} is {CHUNK_SIZE - length} bytes too short")
        elif length < CHUNK_SIZE:
            context.cut(f"the file is cut off inside chunk {index}")
        begun = data[length:]
        data = data[:length] + UNUSED[length:]
        if data == UNUSED:
            continue
        found += 1
        chunk = Chunk(index, data, length)
        if not chunk.has_header and not chunk.whole:
            context.skip(None, f"chunk {index} is damaged: it does not begin as a chunk does")
        else:
            yield chunk
    if stated > found:
        context.cut(f"{stated - found} of the {stated} chunks that the file header counts are missing or empty")


def _find_chunk(data: bytes) -> int | None:
    """Where in a chunk another one begins; ``data`` goes on behind the chunk as far as a header is long."""
    place = 0
    while 0 <= (place := data.find(CHUNK_MAGIC, place + 1)) < CHUNK_SIZE:
        head = data[place : place + RECORDS]
        if len(head) == RECORDS and head.startswith(_SIZE.pack(_HEADER_LENGTH), _LENGTH_AT) and stated_numbers(head):
            return place
    return None


def read_exactly(stream: Stream, size: int) -> bytes:
    """As many bytes, fewer only at the end."""
    pieces: list[bytes] = []
    while size and (data := stream.read(size)):
        pieces.append(data)
        size -= len(data)
    return b"".join(pieces)
