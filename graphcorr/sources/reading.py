"""Reading one input: its content is told, read to the end, counted, and what could not be read is explained."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from graphcorr.errors import InputError
from graphcorr.sources.base import Batch, Context, Format, OnSkip, Stream, Wanted
from graphcorr.sources.code_pages import declared_page, guess_page, take_page
from graphcorr.sources.formats import choose_format, is_binary
from graphcorr.sources.inputs import GONE, GREW
from graphcorr.sources.parts import read_part
from graphcorr.sources.streams import Content, Transcoded, detect_encoding
from graphcorr.sources.unreadable import explain, explain_note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.model.blocks import Block
    from graphcorr.sources.compression import Source
    from graphcorr.sources.inputs import Input

GONE_BEFORE: Final = "the file went away before it was read"
READ: Final = "read"
PARTLY: Final = "partly"
NOT_UNDERSTOOD: Final = "not_understood"


class Reading:
    """One pass over one input. Iterate for batches (an empty one only moves progress); the rest is known afterwards.

    ``InputError`` is raised only when two formats claim the content, which is a fault of graphcorr, not of the input.
    """

    def __init__(self, source: Input, wanted: Wanted, on_skip: OnSkip, formats: Sequence[Format] | None = None) -> None:
        self._input = source
        self._formats = formats
        self._content: Content | None = None
        name = (source.member or source.file).replace("\\", "/").rpartition("/")[2]
        self._context = Context(wanted, name, on_skip)
        self._unusable = 0
        self._notes: list[str] = []
        self.format: str | None = None
        self.status = READ
        self.reason: str | None = None
        """Why ``status`` is not ``read``."""
        self.is_short = False
        """A log or an archive that was not read to its end, or not at all: what it says was not judged."""

    @property
    def records(self) -> int:
        """Records in the input as far as it was read, the unwanted and the skipped included."""
        return self._context.records

    @property
    def skipped(self) -> int:
        return self._context.skipped

    def refuse(self, count: int) -> None:
        """Count records that were read and then turned out to be of no use; said after the last batch, it stands in the reason."""
        self._unusable += count
        if self.status != NOT_UNDERSTOOD:
            self._conclude()

    @property
    def is_plain(self) -> bool:
        """Nothing but single records was skipped, and none was there that is not stated: only of plain parts the whole can be told.

        Also of a file that went away behind its reader: it was read, and nobody can read it again.
        """
        clear = not self._context.regions and not self._context.strangers and not self._context.is_unstated
        return clear and {GONE}.issuperset(self._notes) and self.status != NOT_UNDERSTOOD

    @property
    def is_gone(self) -> bool:
        """The file went away while it was read."""
        return GONE in self._notes

    @property
    def bytes_done(self) -> int:
        """Bytes of decompressed content read so far."""
        return self._content.bytes_read if self._content is not None else 0

    bytes_read = bytes_done

    @property
    def digest(self) -> str | None:
        """xxh3-128 of the decompressed content; None for an input that was not understood, which is not read to the end.

        Of a part of a file it is the digest of that part.
        """
        return self._content.digest if self._content is not None and self.format is not None else None

    def __iter__(self) -> Iterator[Batch | Block]:
        if self._input.problem is not None:
            self._end(PARTLY if self._input.is_archive else NOT_UNDERSTOOD, self._input.problem, short=self._input.is_short)
            return
        try:
            source = self._input.open()
        except InputError as error:
            self._end(NOT_UNDERSTOOD, error.reason, short=True)
            return
        except FileNotFoundError:
            self._end(NOT_UNDERSTOOD, GONE_BEFORE, short=True)
            return
        except OSError as error:
            self._end(NOT_UNDERSTOOD, f"cannot be opened: {error.strerror or error}", short=True)
            return
        try:
            yield from self._read(source)
        finally:
            source.close()

    def _read(self, source: Source) -> Iterator[Batch | Block]:
        content = self._content = Content(source)
        if self._input.part is not None:
            self.format = self._input.part.format
            try:
                yield from read_part(self._input, content, self._context)
            except OSError as error:  # what stands before the part: its own content ends without one
                self._context.cut(f"reading failed: {error.strerror or error}")
            self._finish(content)
            return
        head = content.peek()
        binary = is_binary(head, self._formats)
        encoding, mark = (None, 0) if binary else detect_encoding(head)
        stream: Stream = content
        content.read(mark)
        if encoding is not None:
            stream = Transcoded(content, encoding)
            # A character that is cut off at the end is no fault.
            head = codecs.getincrementaldecoder(encoding)("replace").decode(head[mark:]).encode()
        else:
            head = self._decode_head(head[mark:])
        if not binary and (note := explain_note(head)) is not None:
            self._end(NOT_UNDERSTOOD, note)
            return
        chosen = choose_format(head, self._formats)
        if chosen is None:
            if content.problem and not head:
                self._end(NOT_UNDERSTOOD, content.problem, short=True)
            else:
                unread = explain(head, self._context.name)
                self._end(NOT_UNDERSTOOD, unread.reason, short=unread.is_log)
            return
        self.format = chosen.name
        yield from chosen.read(stream, self._context)
        self._finish(content)

    def _decode_head(self, head: bytes) -> bytes:
        """The beginning of text in a code page as UTF-8, which is then known for the rest."""
        if b"\0" in head or head.isascii():
            return head
        declared = declared_page(head)
        self._context.code_page = declared
        end = max(head.rfind(b"\n"), head.rfind(b">")) + 1
        whole = head[:end] if end else head  # a character that is cut off at the end is no fault
        try:
            whole.decode()
        except UnicodeDecodeError:
            if declared is None and (page := guess_page(whole)) is not None:
                take_page(page, self._context)
            return whole.decode(self._context.code_page, "replace").encode() if self._context.code_page is not None else head
        return head

    def _finish(self, content: Content) -> None:
        content.drain()
        change = self._input.growth()
        self._notes = [note for note in (content.problem, change, *self._context.notes) if note]
        # What a file gained since it was found was not there to be read; what it lost was.
        lost = change is not None and not change.startswith(GREW)
        self.is_short = self._context.is_short or content.problem is not None or lost
        if self._context.unread is not None:
            self._end(NOT_UNDERSTOOD, self._context.unread)
            return
        # Text with a line of braces in it is no damaged log, however many lines of it are no JSON.
        if self._context.strangers and self._context.skipped == self._context.records:
            self._end(NOT_UNDERSTOOD, "no record has a known shape")
            return
        self._conclude()

    def _conclude(self) -> None:
        notes = list(self._notes)
        regions = self._context.regions
        if regions:
            notes.append(f"{regions} damaged region{'s' if regions > 1 else ''} skipped")
        if lost := self._context.skipped - regions + self._unusable:
            notes.append(say_lost(lost, self._context.records))
        if notes:
            self._end(PARTLY, "; ".join(dict.fromkeys(notes)))

    def _end(self, status: str, reason: str, *, short: bool = False) -> None:
        self.status, self.reason = status, reason
        self.is_short |= short


def say_lost(lost: int, records: int) -> str:
    return f"{lost} of {records} records skipped"


def read(source: Input, wanted: Wanted, on_skip: OnSkip, formats: Sequence[Format] | None = None) -> Reading:
    """Read one input; nothing is opened before the first batch is asked for.

    ``on_skip(number, reason)`` is called for each record that cannot be used. ``formats`` replaces those of the folder.
    """
    return Reading(source, wanted, on_skip, formats)
