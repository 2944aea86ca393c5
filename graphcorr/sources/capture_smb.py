"""SMB in a packet capture: the requests and answers of each packet, told apart and put together.

A packet may hold several requests, of which the dissector gives the values of each field together. Which command has which field is
known; where that does not add up, it is said.

Source: MS-SMB2 2.2 (commands and flags), 3.2.4.1.4 (several requests in one message); MS-CIFS 2.2.4 and MS-SMB 2.2.4 for SMB 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.sources.capture_files import answer, forget
from graphcorr.sources.capture_frames import Act, Open, Pending, is_set, keep, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.sources.capture_frames import Connection, Frame, Row

_TREE, _CREATE, _CLOSE, _WRITE, _IOCTL, _SET = 3, 5, 6, 9, 11, 17
_ON_HANDLE: Final = frozenset({_CLOSE, 7, 8, _WRITE, 10, _IOCTL, 14, 15, 16, _SET})
"""Requests of SMB 2 that name an open file."""
_RELATED: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
"""The file that the request before in the same message opens."""
_GRANTED: Final = (0, 0x8000_0005)
"""Done, or done in part: there is more to read."""
_LATER: Final = 0x103
"""The answer is still to come."""
_MIXED: Final = "several requests in one packet that cannot be told apart"

_CREATE_1, _OPEN_1, _CLOSE_1, _TREE_1, _RENAME_1, _DELETE_1 = 0xA2, 0x2D, 0x04, 0x75, 0x07, 0x06
_WRITES_1: Final = frozenset({0x0B, 0x0C, 0x14, 0x1D, 0x2F})
"""Commands of SMB 1."""


def read_smb2(frame: Frame, connection: Connection) -> Iterator[Row]:
    """The rows of the messages of SMB 2 and 3 in one packet; the last request's handle is left for what it carries."""
    parts = _Parts(frame)
    if not parts.add_up:
        yield from connection.blind_spot(frame, "SMB2", _MIXED)
        return
    before: Open | None = None
    connection.handle = None
    for command, is_answer, message in parts.messages:
        if not is_answer:
            request = parts.request(command, connection, before)
            before = request.file if command == _CREATE else before
            connection.handle = request.handle
            yield from forget(connection, keep(connection.pending, (message, 0), request))
            continue
        status = parts.status()
        key = parts.key(command, granted=status in _GRANTED)
        if status == _LATER or (asked := connection.pending.pop((message, 0), None)) is None:
            continue
        connection.handle = asked.handle
        yield from answer(connection, asked, granted=status in _GRANTED, key=key, size=frame.number_of("smb2.eof") if parts.alone else None)


class _Parts:
    """The fields of the messages of SMB 2 in one packet, each handed out once, in order."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        commands, answers, numbers = (frame.all(f"smb2.{name}") for name in ("cmd", "flags.response", "msg_id"))
        self.messages = [(whole(a) or 0, is_set(b), whole(c) or 0) for a, b, c in zip(commands, answers, numbers, strict=False)]
        self.alone = len(self.messages) == 1
        self._handles, self._names, self._masks = frame.all("smb2.fid"), frame.all("smb2.filename"), frame.all("smb.access_mask")
        self._lengths, self._statuses = frame.all("smb2.write_length"), frame.all("smb2.nt_status")
        self._sessions, self._trees = frame.all("smb2.sesid"), frame.all("smb2.tid")
        self.add_up = len(commands) == len(answers) == len(numbers) and (self.alone or self._is_complete())

    def _is_complete(self) -> bool:
        asked = [command for command, is_answer, _ in self.messages if not is_answer]
        if not asked:
            return len(self._statuses) == len(self.messages)
        return (
            len(asked) == len(self.messages) == len(self._sessions) == len(self._trees)
            and len(self._handles) == sum(command in _ON_HANDLE for command in asked)
            and len(self._lengths) == asked.count(_WRITE)
            and len(self._masks) == asked.count(_CREATE)
        )

    def request(self, command: int, connection: Connection, before: Open | None) -> Pending:
        frame = self.frame
        session, tree = _next(self._sessions), _next(self._trees)
        request = Pending(Act.OTHER, frame.time, session=session)
        if command == _TREE:
            request.act, request.share = Act.CONNECT, frame.last("smb2.tree")
        elif command == _CREATE:
            share = connection.trees.get((session or "", tree or ""))
            request.act, request.file = Act.OPEN, Open(share, _next(self._names), whole(_next(self._masks)), session)
            request.file.removes = bool(frame.flag("smb.nt.create_options.delete_on_close"))
        elif command in _ON_HANDLE:
            request.handle = _next(self._handles)
            request.file = before if request.handle == _RELATED else connection.files.get(request.handle or "")
            request.act = {_CLOSE: Act.CLOSE, _WRITE: Act.WRITE}.get(command, Act.OTHER)
        if command == _WRITE:
            _begin_write(request, whole(_next(self._lengths)) or 0)
        elif command == _SET and frame.has("smb2.file_rename_info"):
            request.act, request.target = Act.RENAME, _next(self._names)
        elif command == _SET and frame.flag("smb2.disposition.delete_on_close"):
            request.act = Act.DELETE
        return request

    def status(self) -> int | None:
        return whole(_next(self._statuses))

    def key(self, command: int, *, granted: bool) -> str | None:
        """What an answer gives the client to ask on with: a handle, or a tree."""
        handle = _next(self._handles) if granted and command in (_CREATE, _IOCTL) else None
        return _next(self._trees) if command == _TREE else handle


def read_smb1(frame: Frame, connection: Connection) -> Iterator[Row]:
    """The rows of a message of SMB 1."""
    message = (frame.number_of("smb.mid") or 0, 1 + (frame.number_of("smb.pid") or 0))
    handle, tree = frame.one("smb.fid"), frame.one("smb.tid")
    if not frame.flag("smb.flags.response"):
        request = _request_1(frame, connection)
        connection.handle = handle
        yield from forget(connection, keep(connection.pending, message, request))
        return
    asked = connection.pending.pop(message, None)
    connection.handle = asked.handle if asked is not None and asked.handle else handle
    if asked is not None:
        asked.session = frame.one("smb.uid") or asked.session  # a session that the same message began has its number only now
        status = frame.number_of("smb.nt_status")
        granted = status in _GRANTED if status is not None else not frame.number_of("smb.error_class")
        key = tree if asked.act is Act.CONNECT else handle
        yield from answer(connection, asked, granted=granted, key=key, size=frame.number_of("smb.end_of_file"))


def _request_1(frame: Frame, connection: Connection) -> Pending:
    # Of a chain, as a session that is begun and a share connected at once, the last command is the one that tells.
    commands = [whole(command) or 0 for command in frame.all("smb.cmd")]
    session = frame.one("smb.uid")
    share = connection.trees.get((session or "", frame.one("smb.tid") or ""))
    handle = frame.one("smb.fid")
    request = Pending(Act.OTHER, frame.time, session=session, handle=handle, file=connection.files.get(handle or ""))
    if _TREE_1 in commands:
        request.act, request.share, request.handle = Act.CONNECT, frame.last("smb.path"), None
    elif _CREATE_1 in commands or _OPEN_1 in commands:
        request.act = Act.OPEN
        request.file = Open(share, frame.last("smb.file"), frame.number_of("smb.access_mask"), session)
        request.file.removes = bool(frame.flag("smb.nt.create_options.delete_on_close"))
    elif _WRITES_1.intersection(commands):
        request.act = Act.WRITE
        low, high = frame.number_of("smb.data_len_low"), frame.number_of("smb.data_len_high")
        _begin_write(request, (frame.number_of("smb.count") or 0) if low is None else low + ((high or 0) << 16))
    elif _CLOSE_1 in commands:
        request.act = Act.CLOSE
    elif _RENAME_1 in commands:
        request.act, request.target = Act.RENAME, frame.last("smb.file")
        request.file = Open(share, frame.last("smb.old_file"), None, session)
    elif _DELETE_1 in commands:
        request.act, request.handle, request.file = Act.DELETE, None, Open(share, frame.last("smb.file"), None, session)
    return request


def _begin_write(request: Pending, length: int) -> None:
    request.length = length
    if request.file is not None and length:
        request.file.first_write = request.file.first_write or request.time
        request.file.unanswered += length


def _next(values: list[str]) -> str | None:
    return values.pop(0) if values else None
