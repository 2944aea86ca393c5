"""What a file format is: it recognizes the beginning of an input and reads the rest into batches of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from graphcorr.errors import RecordError
from graphcorr.model.records import Record

if TYPE_CHECKING:
    from graphcorr.model.blocks import Block
    from graphcorr.sources.declared import DeclaredShape
    from graphcorr.sources.mapping import RowMapping

BATCH_SIZE: Final = 4096
"""Most records in one batch; also how often progress moves."""

HEAD_SIZE: Final = 64 * 1024
"""Bytes that a format sees to recognize an input."""

NO_SHAPE: Final = "no known shape"

Batch = list[Record]
_Piece = TypeVar("_Piece")
OnSkip = Callable[[int | None, str], None]
"""Told the number of the record (None where a damaged region hides how many there were) and why it was skipped."""


def _fits(_log: str, _fields: Mapping[str, object]) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are worth decoding, and the name of the log type that reads each.

    Providers, channels and Zeek paths are case-folded. A Windows record is told by its provider; only one that names
    no provider is told by its channel, because System and Application are shared by hundreds of providers.
    """

    windows: Mapping[tuple[str, int], str]
    """(provider, event id) to log type."""
    channels: Mapping[tuple[str, int], str]
    """(channel, event id) to log type."""
    zeek: Mapping[str, str]
    """Zeek path to log type."""
    signatures: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Zeek path to the fields that tell a JSON row without ``_path``."""
    declared: Sequence[DeclaredShape] = ()
    """JSON records of other products, the unwanted included: what is known is no stranger."""
    mappings: Sequence[RowMapping] = ()
    """Of products that nobody here knows, as the user describes them."""
    captured: Mapping[str, str] = field(default_factory=dict)
    """Kind of row that is read out of packets to log type."""
    asked: frozenset[str] = frozenset()
    """Log types of these that are wanted."""
    names: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Event id to every field name that its log types read: no other has to be decoded."""
    misfit: Callable[[str, Mapping[str, object]], str | None] = _fits
    """Why fields do not fit the names that a log type reads them by, None where they do: then other names can be tried."""
    read: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Log type to every field name that it reads; none of one that reads more than it can name."""
    event_ids: frozenset[int] = field(init=False)
    """Every wanted event id: an id that is not in here is unwanted whoever logged it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "event_ids", frozenset(number for _, number in (*self.windows, *self.channels)))

    @property
    def logs(self) -> frozenset[str]:
        """Every log type that is wanted."""
        return frozenset({*self.windows.values(), *self.channels.values(), *self.zeek.values(), *self.captured.values(), *self.asked})

    def windows_log(self, provider: str | None, channel: str | None, event_id: int) -> str | None:
        """Log type of a Windows event, None when nobody wants it; ``RecordError`` when that cannot be told."""
        if event_id not in self.event_ids:
            return None  # most events, and it spares folding the names
        if provider:
            return self.windows.get((provider.casefold(), event_id))
        if channel:
            return self.channels.get((channel.casefold(), event_id))
        # It may be one that a pattern needs: to drop it in silence would make its host look clean.
        raise RecordError("the event names neither its provider nor its channel")

    def asked_names(self, event_id: int) -> frozenset[str]:
        """Every field name that the log types of an event read."""
        return self.names.get(event_id, frozenset())

    def zeek_log(self, path: str) -> str | None:
        return self.zeek.get(path.casefold())


@dataclass(slots=True)
class Context:
    """What a format needs besides bytes, and where it counts. One per input."""

    wanted: Wanted
    name: str
    """Base name of the file or member: the last clue to the path of a Zeek JSON row."""
    on_skip: OnSkip
    records: int = 0
    """Records read so far, the unwanted and the skipped included."""
    skipped: int = 0
    regions: int = 0
    """How many of the skips are damaged regions, of which nobody knows how many records they were."""
    strangers: int = 0
    """Records skipped because they have no known shape: an input of nothing else is not a log."""
    is_unstated: bool = False
    """The input holds another number of records than it states: a part that begins behind them counts them wrong."""
    code_page: str | None = None
    """What text that is not UTF-8 is written in, as far as that is known."""
    is_page_guessed: bool = False
    """By its letters: then a record in which it gives no words is refused."""
    notes: list[str] = field(default_factory=list)
    """Reasons why the input was read only partly."""
    is_short: bool = False
    """A part of the content is missing: what it said was not judged."""
    mappings: Sequence[RowMapping] = field(init=False)
    """Of those that are wanted, which may be for rows of this file."""
    unread: str | None = None
    """Why no record of the input can be read: it has the form of a log and is none that is known, or what reads its format is missing."""

    def __post_init__(self) -> None:
        self.mappings = tuple(one for one in self.wanted.mappings if one.is_for(self.name))

    def cut(self, reason: str) -> None:
        """Note that content is missing that the input had, or should have."""
        self.notes.append(reason)
        self.is_short = True

    def skip(self, number: int | None, reason: str) -> None:
        self.skipped += 1
        self.regions += number is None
        self.strangers += reason.startswith(NO_SHAPE)
        self.on_skip(number, reason)


def read_each(pieces: Iterable[_Piece], read: Callable[[_Piece, int], Record | None], context: Context) -> Iterator[Batch]:
    """The records that ``read`` makes of numbered pieces, in batches; a ``RecordError`` is a skip of one piece."""
    batch: Batch = []
    for number, piece in enumerate(pieces, 1):
        try:
            record = read(piece, number)
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


class Stream(Protocol):
    """Decompressed content of one input. A broken source ends like a short one; the caller knows and says why."""

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes and never more, ``b""`` only at the end."""
        ...


class Format(Protocol):
    """A file format. One per file in this folder, module-level, named ``FORMAT``."""

    @property
    def name(self) -> str:
        """As shown in a report, for example ``evtx``."""
        ...

    @property
    def is_binary(self) -> bool:
        """Told by bytes at fixed places, which no text has there: it is asked first, and its yes is the answer."""
        ...

    def recognizes(self, head: bytes) -> bool:
        """Whether content that begins so is of this format. Text is UTF-8 without a byte order mark by now."""
        ...

    def read(self, stream: Stream, context: Context) -> Iterator[Batch | Block]:
        """Wanted records, at most ``BATCH_SIZE`` at a time or, by columns, about a mebibyte; an empty batch only moves progress.

        They come in order, but those of a block before what stood between them.
        """
        ...
