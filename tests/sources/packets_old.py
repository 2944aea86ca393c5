"""Messages for captures of tests that few connections have: SMB 1, logons by NTLM, and a service that is given another program."""

from __future__ import annotations

import struct
from typing import Final

from tests.sources.packets import GRANTED, text

MORE: Final = 0xC000_0016
"""STATUS_MORE_PROCESSING_REQUIRED: the answer to the first message of a logon."""
SERVICE: Final = bytes(4) + bytes(range(17, 33))
"""A service's handle."""


def smb1(
    command: int, words: bytes, data: bytes = b"", *, message: int, answer: bool = False, status: int = GRANTED, tree: int = 5
) -> bytes:
    """One message of SMB 1 in ASCII, with statuses of NT."""
    head = struct.pack(
        "<4sBIBHHQHHHHH", b"\xffSMB", command, status if answer else 0, 0x80 if answer else 0, 0x4001, 0, 0, 0, tree, 7, 2, message
    )
    return head + bytes([len(words) // 2]) + words + struct.pack("<H", len(data)) + data


_ALONE: Final = struct.pack("<BBH", 0xFF, 0, 0)


def connect1(path: str, message: int) -> bytes:
    return smb1(0x75, _ALONE + struct.pack("<HH", 0, 1), b"\0" + path.encode() + b"\0?????\0", message=message, tree=0)


def connected1(message: int) -> bytes:
    return smb1(0x75, _ALONE + struct.pack("<H", 1), b"A:\0NTFS\0", message=message, answer=True)


def create1(name: str, message: int, mask: int = 0x0012_0196) -> bytes:
    data = name.encode() + b"\0"
    words = _ALONE + struct.pack("<BHIIIQIIIIIB", 0, len(data), 0, 0, mask, 0, 0x20, 7, 5, 0x40, 2, 0)
    return smb1(0xA2, words, data, message=message)


def created1(file: int, message: int, size: int = 0) -> bytes:
    words = _ALONE + struct.pack("<BHIQQQQIQQHHB", 0, file, 2, 0, 0, 0, 0, 0x20, size, size, 0, 7, 0)
    return smb1(0xA2, words, message=message, answer=True)


def write1(file: int, data: bytes, message: int) -> bytes:
    words = _ALONE + struct.pack("<HIIHHHHHI", file, 0, 0, 0, 0, 0, len(data), 64, 0)
    return smb1(0x2F, words, b"\0" + data, message=message)


def written1(length: int, message: int, status: int = GRANTED) -> bytes:
    words = _ALONE + struct.pack("<HHI", length, 0, 0) if status == GRANTED else b""
    return smb1(0x2F, words, message=message, answer=True, status=status)


def close1(file: int, message: int) -> bytes:
    return smb1(0x04, struct.pack("<HI", file, 0), message=message)


def closed1(message: int) -> bytes:
    return smb1(0x04, b"", message=message, answer=True)


def _pieces(start: int, *values: bytes) -> tuple[bytes, bytes]:
    """Length, room and place of each value, and the values behind one another from ``start`` on."""
    heads = b""
    for value in values:
        heads += struct.pack("<HHI", len(value), len(value), start)
        start += len(value)
    return heads, b"".join(values)


def challenge(name: str, dns: str) -> bytes:
    """MS-NLMP 2.2.1.2, with the server's names."""
    info = b"".join(
        struct.pack("<HH", kind, len(value)) + value
        for kind, value in ((1, name.encode("utf-16-le")), (3, dns.encode("utf-16-le")), (0, b""))
    )
    target = name.encode("utf-16-le")
    heads, data = _pieces(48, target, info)
    flags = struct.pack("<I", 0x0082_8201)
    return b"NTLMSSP\0" + struct.pack("<I", 2) + heads[:8] + flags + bytes(range(8)) + bytes(8) + heads[8:] + data


def authenticate(user: str, domain: str, host: str) -> bytes:
    """MS-NLMP 2.2.1.3."""
    values = [bytes(24), bytes(24), *(one.encode("utf-16-le") for one in (domain, user, host)), b""]
    heads, data = _pieces(64, *values)
    return b"NTLMSSP\0" + struct.pack("<I", 3) + heads + struct.pack("<I", 0x0000_8201) + data


def logon(token: bytes) -> bytes:
    """The body of a session's setup in SMB 2."""
    return struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, len(token), 0) + token


def logged_on(token: bytes = b"") -> bytes:
    return struct.pack("<HHHH", 9, 0, 72, len(token)) + token


def open_service(name: str) -> bytes:
    """The arguments of ROpenServiceW."""
    return bytes(4) + bytes(range(1, 17)) + text(name) + struct.pack("<I", 0xF01FF)


def service_opened(code: int = 0) -> bytes:
    return SERVICE + struct.pack("<I", code)


def change_service(path: str | None, *, wide: bool = True) -> bytes:
    """The arguments of RChangeServiceConfigW and its relative: what is not changed is none."""
    named = struct.pack("<I", 0 if path is None else 2) + (b"" if path is None else text(path, wide=wide))
    return SERVICE + struct.pack("<III", 0xFFFF_FFFF, 3, 0xFFFF_FFFF) + named + bytes(32)


def service_changed(code: int = 0) -> bytes:
    return bytes(4) + struct.pack("<I", code)
