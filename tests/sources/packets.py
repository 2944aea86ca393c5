"""Packet captures for tests: segments of TCP with messages of SMB and DCE/RPC in them, made up, in the formats of libpcap."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final
from uuid import UUID

CLIENT: Final = ("10.1.2.3", 50_001)
SERVER: Final = ("10.1.2.9", 445)
START: Final = 1_600_000_000_000_000
"""Microseconds: the time of the first packet."""
GRANTED: Final = 0
DENIED: Final = 0xC000_0022
SVCCTL: Final = "367abb81-9844-35f1-ad32-98f038001003"
SCHEDULER: Final = "86d35949-83c9-4044-b424-db363231fd0c"
_NDR: Final = "8a885d04-1ceb-11c9-9fe8-08002b104860"
_HANDLE: Final = bytes(4) + bytes(range(1, 17))


def text(value: str, *, wide: bool = True) -> bytes:
    """A conformant and varying string of NDR."""
    data = (value + "\0").encode("utf-16-le" if wide else "cp1252")
    count = len(value) + 1
    return struct.pack("<III", count, 0, count) + data + bytes(-len(data) % 4)


def smb2(
    command: int, body: bytes, message: int, *, answer: bool = False, status: int = GRANTED, tree: int = 5, related: bool = False
) -> bytes:
    """One message of SMB 2; ``status`` stands in answers alone."""
    flags = (1 if answer else 0) | (4 if related else 0)
    head = struct.pack("<4sHHIHHIIQIIQ", b"\xfeSMB", 64, 1, status if answer else 0, command, 1, flags, 0, message, 0xFEFF, tree, 0x77)
    return head + bytes(16) + body


def chain(*messages: bytes) -> bytes:
    """Several messages in one: each but the last says where the next begins."""
    made = b""
    for one in messages[:-1]:
        padded = one + bytes(-len(one) % 8)
        made += padded[:20] + struct.pack("<I", len(padded)) + padded[24:]
    return made + messages[-1]


def file_id(number: int) -> bytes:
    return struct.pack("<QQ", number, number)


RELATED: Final = b"\xff" * 16


def connect(path: str) -> bytes:
    name = path.encode("utf-16-le")
    return struct.pack("<HHHH", 9, 0, 72, len(name)) + name


def connected(kind: int = 1) -> bytes:
    return struct.pack("<HBBIII", 16, kind, 0, 0, 0, 0x001F01FF)


def create(name: str, mask: int = 0x0012_0196, options: int = 0) -> bytes:
    data = name.encode("utf-16-le")
    return struct.pack("<HBBIQQIIIIIHHII", 57, 0, 0, 2, 0, 0, mask, 0, 7, 5, options, 120, len(data), 0, 0) + (data or b"\0")


def created(handle: bytes, size: int = 0) -> bytes:
    return struct.pack("<HBBIQQQQQQII", 89, 0, 0, 2, 0, 0, 0, 0, 0, size, 0x20, 0) + handle + struct.pack("<II", 0, 0)


def write(handle: bytes, data: bytes) -> bytes:
    return struct.pack("<HHIQ", 49, 112, len(data), 0) + handle + struct.pack("<IIHHI", 0, 0, 0, 0, 0) + data


def written(length: int) -> bytes:
    return struct.pack("<HHIIHH", 17, 0, length, 0, 0, 0)


def close(handle: bytes) -> bytes:
    return struct.pack("<HHI", 24, 0, 0) + handle


def closed(size: int = 0) -> bytes:
    return struct.pack("<HHIQQQQQQI", 60, 0, 0, 0, 0, 0, 0, 0, size, 0)


def rename(handle: bytes, name: str) -> bytes:
    data = name.encode("utf-16-le")
    inside = struct.pack("<B7sQI", 1, bytes(7), 0, len(data)) + data
    return struct.pack("<HBBIHHI", 33, 1, 10, len(inside), 96, 0, 0) + handle + inside


def dispose(handle: bytes) -> bytes:
    return struct.pack("<HBBIHHI", 33, 1, 13, 1, 96, 0, 0) + handle + b"\1"


SET: Final = struct.pack("<H", 2)
ERROR: Final = struct.pack("<HBBI", 9, 0, 0, 0) + b"\0"


def transact(handle: bytes, data: bytes) -> bytes:
    """A request through a pipe, FSCTL_PIPE_TRANSCEIVE."""
    head = struct.pack("<HHI", 57, 0, 0x0011_C017) + handle
    return head + struct.pack("<IIIIIIII", 120, len(data), 0, 120, 0, 1024, 1, 0) + data


def transacted(handle: bytes, data: bytes) -> bytes:
    head = struct.pack("<HHI", 49, 0, 0x0011_C017) + handle
    return head + struct.pack("<IIIIII", 112, 0, 112, len(data), 0, 0) + data


def rpc(kind: int, call: int, body: bytes) -> bytes:
    return struct.pack("<BBBB4sHHI", 5, 0, kind, 3, b"\x10\0\0\0", 16 + len(body), 0, call) + body


def bind(interface: str, call: int = 1) -> bytes:
    item = struct.pack("<HBB", 0, 1, 0) + UUID(interface).bytes_le + struct.pack("<I", 2) + UUID(_NDR).bytes_le + struct.pack("<I", 2)
    return rpc(11, call, struct.pack("<HHIBBH", 4280, 4280, 0, 1, 0, 0) + item)


def ask(opnum: int, stub: bytes, call: int) -> bytes:
    return rpc(0, call, struct.pack("<IHH", len(stub), 0, opnum) + stub)


def reply(stub: bytes, call: int) -> bytes:
    return rpc(2, call, struct.pack("<IHBB", len(stub), 0, 0, 0) + stub)


def fault(call: int, code: int = 5) -> bytes:
    return rpc(3, call, struct.pack("<IHBBII", 0, 0, 0, 0, code, 0))


def create_service(name: str, path: str, *, wide: bool = True) -> bytes:
    """The arguments of RCreateServiceW and its relatives."""
    numbers = struct.pack("<IIII", 0xF01FF, 0x10, 3, 0)
    display = struct.pack("<I", 2) + text(name, wide=wide)
    return _HANDLE + text(name, wide=wide) + display + numbers + text(path, wide=wide) + bytes(28)


def service_created(code: int = 0, handle: bytes = _HANDLE) -> bytes:
    return bytes(4) + handle + struct.pack("<I", code)


def start_service(handle: bytes = _HANDLE) -> bytes:
    return handle + bytes(8)


def done(code: int = 0) -> bytes:
    return struct.pack("<I", code)


@dataclass
class Capture:
    """A capture in the making: each message is one segment, a millisecond after the one before."""

    client: tuple[str, int] = CLIENT
    server: tuple[str, int] = SERVER
    start: int = START
    packets: list[tuple[int, bytes]] = field(default_factory=list)
    _sent: dict[bool, int] = field(default_factory=lambda: {True: 1000, False: 9000})

    def open(self) -> Capture:
        """The beginning of a connection."""
        self._segment(b"", True, 0x02)
        self._segment(b"", False, 0x12)
        self._segment(b"", True, 0x10)
        return self

    def ask(self, *messages: bytes) -> Capture:
        return self.say(chain(*messages), from_client=True)

    def reply(self, *messages: bytes) -> Capture:
        return self.say(chain(*messages), from_client=False)

    def say(self, message: bytes, *, from_client: bool, framed: bool = True) -> Capture:
        self._segment((struct.pack(">I", len(message)) if framed else b"") + message, from_client, 0x18)
        return self

    def lose(self, length: int, *, from_client: bool) -> Capture:
        """Bytes that went over the wire and are not in the capture."""
        self._sent[from_client] += length
        return self

    def _segment(self, data: bytes, from_client: bool, flags: int) -> None:
        sender, receiver = (self.client, self.server) if from_client else (self.server, self.client)
        tcp = struct.pack(
            ">HHIIBBHHH", sender[1], receiver[1], self._sent[from_client], self._sent[not from_client], 0x50, flags, 64_000, 0, 0
        )
        self._sent[from_client] += len(data) + (flags & 2 > 0)
        size = 20 + len(tcp) + len(data)
        ends = IPv4Address(sender[0]).packed + IPv4Address(receiver[0]).packed
        ip = struct.pack(">BBHHHBBH", 0x45, 0, size, 0, 0, 64, 6, 0) + ends
        self.packets.append((self.start + 1000 * len(self.packets), bytes(12) + b"\x08\0" + ip + tcp + data))

    def pcap(self, snap: int = 65_535) -> bytes:
        head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap, 1)
        return head + b"".join(
            struct.pack("<IIII", *divmod(time, 1_000_000), min(len(data), snap), len(data)) + data[:snap] for time, data in self.packets
        )

    def pcapng(self) -> bytes:
        made = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28) + struct.pack("<IIHHII", 1, 20, 1, 0, 0, 20)
        for time, data in self.packets:
            padded = data + bytes(-len(data) % 4)
            size = 32 + len(padded)
            made += (
                struct.pack("<IIIIIII", 6, size, 0, time >> 32, time & 0xFFFF_FFFF, len(data), len(data)) + padded + struct.pack("<I", size)
            )
        return made


def copy_in(capture: Capture, name: str = r"tools\up.exe", share: str = r"\\srv9\C$", data: bytes = b"MZ" + bytes(98)) -> Capture:
    """A file copied to a share."""
    one = file_id(7)
    capture.ask(smb2(3, connect(share), 3, tree=0)).reply(smb2(3, connected(), 3, answer=True))
    capture.ask(smb2(5, create(name), 4)).reply(smb2(5, created(one), 4, answer=True))
    capture.ask(smb2(9, write(one, data), 5)).reply(smb2(9, written(len(data)), 5, answer=True))
    return capture.ask(smb2(6, close(one), 6)).reply(smb2(6, closed(len(data)), 6, answer=True))


def run_service(capture: Capture, path: str, *, name: str = "Upd", opnum: int = 45, code: int = 0, wide: bool = True) -> Capture:
    """A service created and started through its pipe, of the tree 6."""
    pipe = file_id(8)
    capture.ask(smb2(3, connect(r"\\srv9\IPC$"), 10, tree=0)).reply(smb2(3, connected(2), 10, answer=True, tree=6))
    capture.ask(smb2(5, create("svcctl"), 11, tree=6)).reply(smb2(5, created(pipe), 11, answer=True, tree=6))
    capture.ask(smb2(9, write(pipe, bind(SVCCTL)), 12, tree=6)).reply(smb2(9, written(72), 12, answer=True, tree=6))
    calls = ((opnum, create_service(name, path, wide=wide), service_created(code)), (19, start_service(), done(code)))
    for number, (operation, stub, answer) in enumerate(calls):
        message, call = 13 + number, 2 + number
        capture.ask(smb2(11, transact(pipe, ask(operation, stub, call)), message, tree=6))
        capture.reply(smb2(11, transacted(pipe, reply(answer, call)), message, answer=True, tree=6))
    return capture
