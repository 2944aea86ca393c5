"""Marks that stand in a record's text for what differs from one record to the next.

A record is serialized once, with marks, and written many times with ``template % values``: a hundred times faster
than serializing each, which is what lets a laptop make an estate of millions of events in a minute.
"""

from __future__ import annotations

from datetime import UTC as UTC_ZONE
from datetime import datetime
from functools import cache
from typing import Final

Values = dict[bytes, bytes | int]
"""Mark (without ``@``) to what stands there."""

LOCAL: Final = "@local@"
"""Local time, whole seconds: ``2024-03-11 04:00:00``"""
UTC: Final = "@utc@"
"""UTC, milliseconds: ``2024-03-11 08:00:00.123``"""
STAMP: Final = "@stamp@"
"""UTC, milliseconds, ISO: ``2024-03-11T08:00:00.123Z``"""
RECEIVED: Final = "@received@"
"""When the collector got it: two seconds after :data:`STAMP`."""
RECEIVED_LOCAL: Final = "@receivedlocal@"
EPOCH: Final = "@epoch@"
"""Seconds since the epoch with six digits, as Zeek writes them."""
NUMBER: Final = "@number@"
"""Record number; stands in quotes for a number in JSON, which lose their quotes."""
SERIAL: Final = "@serial@"
"""A number that is different in every record of the background."""
SERIAL_HEX: Final = "@hex@"
PID: Final = "@pid@"
PID_HEX: Final = "@pidhex@"
PORT: Final = "@port@"
PEER: Final = "@peer@"
"""Address of another host."""
PEER_NAME: Final = "@peername@"

GUID: Final = f"{{5a6f0c1e-2f75-65ee-0000-{SERIAL_HEX}}}"
"""A process identifier that is different in every record of the background."""

_FORMATS: Final = {
    LOCAL: b"%(local)b",
    UTC: b"%(utc)b",
    STAMP: b"%(stamp)b",
    RECEIVED: b"%(received)b",
    RECEIVED_LOCAL: b"%(receivedlocal)b",
    EPOCH: b"%(epoch)b",
    f'"{NUMBER}"': b"%(number)d",
    SERIAL: b"%(serial)d",
    SERIAL_HEX: b"%(serial)012x",
    PID: b"%(pid)d",
    PID_HEX: b"0x%(pid)x",
    PORT: b"%(port)d",
    PEER: b"%(peer)b",
    PEER_NAME: b"%(peername)b",
}


def to_template(text: bytes) -> bytes:
    """Text with marks to a ``%`` template."""
    text = text.replace(b"%", b"%%")
    for mark, form in _FORMATS.items():
        text = text.replace(mark.encode(), form)
    return text


_MILLISECONDS: Final = tuple(b"%03d" % number for number in range(1000))
_REST: Final = tuple(b"%02d:%02d" % divmod(second, 60) for second in range(3600))


@cache
def _hour(hour: int) -> tuple[bytes, bytes]:
    """``2024-03-11 08:`` with a blank and with a ``T``."""
    text = datetime.fromtimestamp(hour * 3600, UTC_ZONE).strftime("%Y-%m-%d %H:").encode()
    return text, text.replace(b" ", b"T")


def time_values(moment: int, zone_hours: int) -> dict[bytes, bytes]:
    """Every spelling of ``moment`` (microseconds since the epoch) that a record may have.

    Put together from tables: ``strftime`` for each record took more than half of an estate's time.
    """
    second, micro = divmod(moment, 1_000_000)
    milli = _MILLISECONDS[micro // 1000]
    hour, rest = divmod(second, 3600)
    received_hour, received_rest = divmod(second + 2, 3600)
    spaced, joined = _hour(hour)
    return {
        b"local": _hour(hour + zone_hours)[0] + _REST[rest],
        b"receivedlocal": _hour(received_hour + zone_hours)[0] + _REST[received_rest],
        b"utc": b"%b%b.%b" % (spaced, _REST[rest], milli),
        b"stamp": b"%b%b.%bZ" % (joined, _REST[rest], milli),
        b"received": b"%b%b.%bZ" % (_hour(received_hour)[1], _REST[received_rest], milli),
        b"epoch": b"%d.%06d" % (second, micro),
    }
