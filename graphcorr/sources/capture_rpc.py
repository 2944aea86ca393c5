"""Remote procedure calls in a packet capture: which operation of which interface, and what the service manager and the scheduler are told.

The numbers of operations stand in the open also where the arguments are encrypted. Of interfaces that are not listed here nothing is
told. A call is told when it was answered, or when nothing more can come; one that the server refused says so.

Source: MS-RPCE 2.2.2 (messages); MS-SCMR 3.1.4, MS-TSCH 3.2.5, MS-WMI 3.1.4, MS-DCOM 3.1.2.5.2.3 (operations, and their arguments).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.sources.capture_frames import Call, keep, whole
from graphcorr.syntax.procedures import ATSVC, INTERFACES, OPERATIONS, SVCCTL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.sources.capture_frames import Connection, Frame, Row

_REQUEST, _RESPONSE, _FAULT, _BIND, _ALTER = 0, 2, 3, 11, 14

_OF_PIPE: Final = {"svcctl": SVCCTL, "ntsvcs": SVCCTL}
"""What speaks through a pipe whose binding was not seen, where that is one thing only."""

_CREATE_SERVICE: Final = {12: True, 45: True, 60: True, 24: False, 44: False}
_CHANGE_SERVICE: Final = {11: True, 23: False}
_OPEN_SERVICE: Final = {16: True, 28: False}
"""Operation → whether its text is of two bytes a letter."""
_ON_SERVICE: Final = frozenset({1, 2, 11, 19, 23, 31, 36, 37})
"""Operations whose first argument is the handle of a service."""
_HANDLE: Final = 20
_UNBOUND: Final = "calls of an interface that was bound before the capture began"


def read_rpc(frame: Frame, connection: Connection, pipe: str | None) -> Iterator[Row]:
    """The rows of the messages of DCE/RPC in one packet, through ``pipe`` where it is one."""
    kinds = [whole(kind) for kind in frame.all("dcerpc.pkt_type")]
    ids = [whole(one) or 0 for one in frame.all("dcerpc.cn_call_id")]
    channel = connection.channel
    contexts = [whole(one) or 0 for one in frame.all("dcerpc.cn_ctx_id")]
    if _BIND in kinds or _ALTER in kinds:
        for context, uuid in zip(contexts, frame.all("dcerpc.cn_bind_to_uuid"), strict=False):
            keep(connection.contexts, (channel, context), uuid.lower())
        return
    opnums = [whole(one) or 0 for one in frame.all("dcerpc.opnum")]
    stubs = frame.all("dcerpc.stub_data")
    for kind, id_ in zip(kinds, ids, strict=False):
        key = (channel, id_)
        if kind == _REQUEST and opnums and contexts:
            stub = stubs[0] if len(kinds) == 1 and stubs else ""
            yield from _ask(frame, connection, _Asked(key, contexts.pop(0), opnums.pop(0), pipe, stub))
        elif kind in (_RESPONSE, _FAULT) and (call := connection.calls.pop(key, None)) is not None:
            stub = stubs[0] if stubs else ""
            code = None if kind == _FAULT else _code(frame, call, stub)
            yield _tell(connection, call, code, fault=kind == _FAULT)
            if kind == _RESPONSE and not code:  # what was refused has changed nothing
                _learn(frame, connection, call, stub)


class _Asked(NamedTuple):
    """A request: its channel and number, the context of its interface, the operation, the pipe, and its arguments in hexadecimal."""

    key: tuple[str, int]
    context: int
    opnum: int
    pipe: str | None
    stub: str


def _ask(frame: Frame, connection: Connection, asked: _Asked) -> Iterator[Row]:
    key, opnum, pipe = asked.key, asked.opnum, asked.pipe
    uuid = connection.contexts.get((key[0], asked.context))
    interface = INTERFACES.get(uuid) if uuid is not None else _OF_PIPE.get((pipe or "").lower())
    if uuid is None and interface is None:
        yield from connection.blind_spot(frame, "DCE/RPC", _UNBOUND)
    operation = OPERATIONS.get(interface or "", {}).get(opnum)
    if interface is None or operation is None or key in connection.calls:  # a further piece of one call, perhaps
        return
    call = Call(frame.time, interface, operation, pipe)
    if interface == SVCCTL:
        _read_manager(frame, connection, call, opnum, asked.stub)
    elif interface == ATSVC:
        call.path = frame.one("atsvc.atsvc_JobInfo.command")
    if (forgotten := keep(connection.calls, key, call)) is not None:
        yield _tell(connection, forgotten, None)


def _read_manager(frame: Frame, connection: Connection, call: Call, opnum: int, stub: str) -> None:
    """The service of a call to the service manager, and the command line that it is given."""
    data = bytes.fromhex(stub) if stub else b""
    call.service, call.path = frame.one("svcctl.servicename"), frame.one("svcctl.binarypathname")
    if opnum in _CREATE_SERVICE and data:
        call.service, call.path = _read_create(data, wide=_CREATE_SERVICE[opnum])
    elif opnum in _CHANGE_SERVICE and data:
        call.path = _read_change(data, wide=_CHANGE_SERVICE[opnum])
    elif opnum in _OPEN_SERVICE and data and call.service is None:
        call.service, _ = _text(data, _HANDLE, wide=_OPEN_SERVICE[opnum])
    if opnum in _ON_SERVICE:
        known = connection.handles.get(data[:_HANDLE].hex() if data else (frame.one("svcctl.hnd") or ""))
        if known is not None:
            call.service = call.service or known[0]
            call.path = call.path or known[1]


def _learn(frame: Frame, connection: Connection, call: Call, stub: str) -> None:
    """The handle that the answer gives for a service."""
    if call.operation.startswith(("CreateService", "OpenService")):
        # The service's handle is followed by the result; a tag may stand before it.
        handle = stub[-8 - 2 * _HANDLE : -8] if len(stub) >= 8 + 2 * _HANDLE else frame.last("svcctl.hnd")
        if handle and handle.strip("0"):
            path = call.path or _path_of(connection, call.service)
            keep(connection.handles, handle, (call.service, path))
    elif call.operation.startswith("ChangeServiceConfig") and call.path is not None:
        for handle, (service, _) in list(connection.handles.items()):
            if service is not None and service == call.service:
                connection.handles[handle] = (service, call.path)


def _path_of(connection: Connection, service: str | None) -> str | None:
    """The command line of a service that was created in this connection before."""
    known = (path for name, path in connection.handles.values() if name and service and name.lower() == service.lower())
    return next(filter(None, known), None)


def _code(frame: Frame, call: Call, stub: str) -> int | None:
    """The result that a call came to: the last four bytes of the answer, where the dissector leaves it as it is."""
    if call.interface == SVCCTL:
        code = frame.number_of("svcctl.rc")
    else:
        code = frame.number_of("atsvc.status") if call.interface == ATSVC else None
    if code is None and call.interface in (SVCCTL, ATSVC) and len(stub) >= 8:
        code = int.from_bytes(bytes.fromhex(stub[-8:]), "little")
    return code


def end(connection: Connection) -> Iterator[Row]:
    """Calls whose answers were not seen."""
    for call in connection.calls.values():
        yield _tell(connection, call, None)


def _tell(connection: Connection, call: Call, code: int | None, *, fault: bool = False) -> Row:
    told: dict[str, object] = {"interface": call.interface, "operation": call.operation, "pipe": call.pipe, "service": call.service}
    # A program that is no service does not answer the manager: it was started all the same.
    return connection.row("dce_rpc", call.time, **told, path=call.path, code=code, fault=fault or None)


def _read_create(data: bytes, *, wide: bool) -> tuple[str | None, str | None]:
    """Service and command line of RCreateServiceW and its relatives (MS-SCMR 3.1.4.12): handle, name, display name, four numbers, path."""
    service, at = _text(data, _HANDLE, wide=wide)
    at = _align(at)
    display, at = at, at + 4
    if data[display : display + 4] != bytes(4):
        _, at = _text(data, at, wide=wide)
    path, _ = _text(data, _align(at) + 16, wide=wide)
    return service, path


def _read_change(data: bytes, *, wide: bool) -> str | None:
    """The command line of RChangeServiceConfigW (MS-SCMR 3.1.4.11): handle, three numbers, and a path that may be none."""
    at = _HANDLE + 12
    if data[at : at + 4] in (b"", bytes(4)):
        return None
    path, _ = _text(data, at + 4, wide=wide)
    return path


def _text(data: bytes, at: int, *, wide: bool) -> tuple[str | None, int]:
    """A conformant and varying string of NDR at ``at``, and where it ends; None where none is there."""
    if len(data) < at + 12:
        return None, at
    _, offset, length = struct.unpack_from("<III", data, at)
    size = length * (2 if wide else 1)
    if offset or size > len(data) - at - 12:
        return None, at
    text = data[at + 12 : at + 12 + size].decode("utf-16-le" if wide else "cp1252", "replace").partition("\0")[0]
    return text or None, at + 12 + size


def _align(at: int) -> int:
    return at + -at % 4
