"""Packets as the dissector tells them, and the connections that they are of: who is who, what is under way, what was told already.

What is kept of a connection is bounded, and so is the number of connections: the one that was quiet for longest goes first.
"""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from graphcorr.sources.tshark import AGGREGATOR, FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONNECTIONS: Final = 20_000
"""Connections that are known at a time."""
PENDING: Final = 4_096
"""Requests of one connection that wait for their answers, files that are open in it, and calls."""

_PLACE: Final = {name: place for place, name in enumerate(FIELDS)}
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
Row = dict[str, object]


class Frame:
    """One packet: its fields by the dissector's names. A field that occurs several times has several values."""

    __slots__ = ("_values", "time")

    def __init__(self, values: list[str]) -> None:
        self._values = values
        self.time = values[0]
        """Seconds since 1970, as text with all its digits."""

    def has(self, name: str) -> bool:
        return self._values[_PLACE[name]] != ""

    def one(self, name: str) -> str | None:
        """The first value of a field."""
        value = self._values[_PLACE[name]]
        return value.partition(AGGREGATOR)[0] or None if value else None

    def last(self, name: str) -> str | None:
        """The last one: of an address in a tunnel it is the one inside."""
        value = self._values[_PLACE[name]]
        return value.rpartition(AGGREGATOR)[2] or None if value else None

    def all(self, name: str) -> list[str]:
        value = self._values[_PLACE[name]]
        return value.split(AGGREGATOR) if value else []

    def number_of(self, name: str) -> int | None:
        return whole(self.one(name))

    def flag(self, name: str) -> bool | None:
        value = self.one(name)
        return None if value is None else is_set(value)

    @property
    def is_cut(self) -> bool:
        """Less was kept of it than went over the wire."""
        return (self.number_of("frame.cap_len") or 0) < (self.number_of("frame.len") or 0)

    @property
    def ends(self) -> tuple[str, int, str, int] | None:
        """Sender and receiver of a segment of TCP, the innermost of a tunnel's."""
        sender, receiver = (self.last(f"ipv6.{end}") or self.last(f"ip.{end}") for end in ("src", "dst"))
        ports = [whole(self.last(f"tcp.{end}port")) for end in ("src", "dst")]
        if sender is None or receiver is None or ports[0] is None or ports[1] is None:
            return None
        return sender, ports[0], receiver, ports[1]


def whole(value: str | None) -> int | None:
    """A number as any release of the dissector writes it, decimal or ``0x…``."""
    try:
        return None if value is None else int(value, 0)
    except ValueError:
        return None


def is_set(value: str) -> bool:
    """A flag: ``1`` or, from version 4.2 on, ``True``."""
    return value in ("1", "True")


class Act(Enum):
    """What a request to a file server asks for."""

    CONNECT = "connect"
    OPEN = "open"
    WRITE = "write"
    CLOSE = "close"
    RENAME = "rename"
    DELETE = "delete"
    OTHER = "other"


class Open(msgspec.Struct):
    """A file or a pipe that a client has open, or asks for."""

    share: str | None
    name: str | None
    mask: int | None
    session: str | None
    removes: bool = False
    """It is deleted when it is closed."""
    granted: bool | None = None
    size: int | None = None
    """As the server states it when it is opened."""
    written: int = 0
    unanswered: int = 0
    """Bytes of writes whose answers are not seen yet."""
    first_write: str | None = None


class Pending(msgspec.Struct):
    """A request that waits for its answer."""

    act: Act
    time: str
    session: str | None = None
    file: Open | None = None
    handle: str | None = None
    share: str | None = None
    length: int = 0
    target: str | None = None
    """The new name of what is renamed."""


class Call(msgspec.Struct):
    """A remote procedure call under way."""

    time: str
    interface: str
    operation: str
    pipe: str | None
    service: str | None = None
    path: str | None = None


class Session(msgspec.Struct):
    """Whose session it is, as the client states it by NTLM."""

    user: str | None = None
    domain: str | None = None
    host: str | None = None


class Connection:
    """One connection of TCP, with what its protocols have under way in it. ``client`` began it, or asks in it."""

    def __init__(self, client: tuple[str, int], server: tuple[str, int], isn: str | None) -> None:
        self.client = client
        self.server = server
        # Equal in every capture that saw its beginning; without that at least in those that did not.
        self.uid = f"{client[0]}:{client[1]}-{server[0]}:{server[1]}" + (f"-{isn}" if isn else "")
        self.is_told = False
        self.talks: set[str] = set()
        """``smb`` and ``rpc``, once it does."""
        self.blind: set[str] = set()
        """Reasons that were told."""
        self.trees: OrderedDict[tuple[str, str], str] = OrderedDict()
        self.files: OrderedDict[str, Open] = OrderedDict()
        self.pending: OrderedDict[tuple[int, int], Pending] = OrderedDict()
        self.sessions: OrderedDict[str, Session] = OrderedDict()
        self.contexts: OrderedDict[tuple[str, int], str] = OrderedDict()
        self.calls: OrderedDict[tuple[str, int], Call] = OrderedDict()
        self.handles: OrderedDict[str, tuple[str | None, str | None]] = OrderedDict()
        self.server_name: str | None = None
        """As it names itself when it challenges a client."""
        self.handle: str | None = None
        """The open pipe that what is carried in the packet at hand goes through."""

    @property
    def channel(self) -> str:
        """What a call goes through: the open pipe of the packet at hand, or the connection itself."""
        return self.handle or ""

    def row(self, kind: str, time: str, **fields: object) -> Row:
        """A row of ``kind`` with both ends; what is None stays out."""
        ends: Row = {"client": self.client[0], "client_port": self.client[1], "server": self.server[0], "server_port": self.server[1]}
        told = {name: value for name, value in fields.items() if value is not None}
        return {"row": kind, "ts": time, "uid": self.uid, **ends, **told}

    def blind_spot(self, frame: Frame, analyzer: str, reason: str) -> Iterator[Row]:
        """Something could not be followed here; told once a reason."""
        if reason not in self.blind:
            self.blind.add(reason)
            yield self.row("blind_spot", frame.time, analyzer=analyzer, reason=reason)


class Connections:
    """The connections of a capture that are known now."""

    def __init__(self, ended: Callable[[Connection], None], most: int = CONNECTIONS) -> None:
        self._known: OrderedDict[tuple[str, int, str, int], Connection] = OrderedDict()
        self._ended = ended
        self._most = most

    def find(self, frame: Frame, *, from_client: bool | None) -> Connection | None:
        """The connection of a packet; a new one where it begins, or where the packet says which end is the client's."""
        ends = frame.ends
        if ends is None:
            return None
        key = ends if ends[:2] <= ends[2:] else (*ends[2:], *ends[:2])
        begins = frame.has("tcp.connection.syn")
        known = self._known.get(key)
        if known is not None and not begins:
            self._known.move_to_end(key)
            return known
        if from_client is None and not begins:
            return None
        if known is not None:
            self._drop(key)
        client, server = (ends[:2], ends[2:]) if begins or from_client else (ends[2:], ends[:2])
        made = self._known[key] = Connection(client, server, frame.one("tcp.seq_raw") if begins else None)
        if len(self._known) > self._most:
            self._drop(next(iter(self._known)))
        return made

    def _drop(self, key: tuple[str, int, str, int]) -> None:
        self._ended(self._known.pop(key))

    def close(self) -> None:
        """The capture is at its end, and so is all that is under way."""
        while self._known:
            self._drop(next(iter(self._known)))


def keep(table: OrderedDict[_Key, _Value], key: _Key, value: _Value) -> _Value | None:
    """Remember ``value``; what is forgotten for it, if the table is full."""
    table[key] = value
    table.move_to_end(key)
    return table.popitem(last=False)[1] if len(table) > PENDING else None
