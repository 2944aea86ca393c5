"""Parts of one large file, which several processes read at the same time, with the record numbers of one pass over all of it.

Where a part turns out to be anything but plain, nobody can tell the numbers of the records behind it: then the file is
read again as a whole.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, Protocol, runtime_checkable

from graphcorr.sources.base import HEAD_SIZE, Batch, Context, Stream
from graphcorr.sources.compression import is_compressed
from graphcorr.sources.files import LimitedFile, Part
from graphcorr.sources.formats import choose_format, load_formats
from graphcorr.sources.streams import Content, detect_encoding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.model.blocks import Block
    from graphcorr.sources.inputs import Input


@runtime_checkable
class Divisible(Protocol):
    """A format of which one can begin to read in the middle of a file."""

    def divide(self, file: BinaryIO, size: int, count: int) -> list[int]:
        """Where up to ``count`` parts of about equal size begin, in order; fewer where the file is not sound."""
        ...

    def resume(self, before: Stream, stream: Stream, context: Context) -> Iterator[Batch | Block]:
        """The records of ``stream``, one part, after what stands ``before`` it; ``context`` counts the part's records alone."""
        ...


def divide(source: Input, count: int) -> list[Input]:
    """The parts of an input, in order; none for one that has to be read as a whole. ``OSError`` when it cannot be read."""
    path, size = source.path, source.size
    if count < 2 or path is None or not size or source.member is not None or source.opener is not None or source.problem is not None:
        return []
    with path.open("rb") as file:
        head = file.read(HEAD_SIZE)
        encoding, mark = detect_encoding(head)
        chosen = None if is_compressed(head) or encoding is not None or mark else choose_format(head)
        if chosen is None or not isinstance(chosen, Divisible):
            return []
        name = chosen.name
        starts = [*chosen.divide(file, size, count), size]
    spans = list(pairwise(starts))
    parts = [Part(name, start, end, index, len(spans)) for index, (start, end) in enumerate(spans)]
    return [replace(source, part=part) for part in parts] if len(parts) > 1 else []


def read_part(source: Input, stream: Stream, context: Context) -> Iterator[Batch | Block]:
    """The records of an input that is a part of a file; ``stream`` is its content. ``OSError`` when what is before it cannot be read."""
    assert source.part is not None
    assert source.path is not None
    chosen = next(known for known in load_formats() if known.name == source.part.format)
    assert isinstance(chosen, Divisible)
    with closing(LimitedFile(source.path, source.part.start)) as before:
        yield from chosen.resume(before, stream, context)


def digest_whole(source: Input) -> bytes | None:
    """The digest that one pass over the file of a part gives; None where the file cannot be read whole any more."""
    assert source.path is not None
    try:
        with closing(LimitedFile(source.path, source.size)) as file:
            content = Content(file)
            content.drain()
    except OSError:
        return None
    return bytes.fromhex(content.digest) if content.problem is None and content.bytes_read == source.size else None
