"""The 128-bit keys of events: the same record has the same key wherever it was found, zipped, unpacked or archived twice.

A Windows event with an EventRecordID is told by computer, channel, record id, event id and time. Everything else is told
by its content, to which the projection adds the ordinal among equals. A file's path never enters.

The time is the one that the record states best, to the microsecond (``time`` of the event). So the same Sysmon event has
one key in NXLog JSON and in EVTX (both have UtcTime), while a Security event has two, because one has EventTime in whole
local seconds and the other TimeCreated: without the time a cleared log, which counts its record ids from 1 again, would
lose events in silence, and a lost event is worse than a doubled one. Those two are joined once clocks are known, see
:mod:`graphcorr.resolve.copies`.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from xxhash import xxh3_128_hexdigest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.model.records import Microseconds

Key = str
"""32 hexadecimal digits: the graph's keys are text on every engine, and making them of bytes for each question would cost more than
most questions do."""


def keys_of(
    raws: Sequence[bytes],
    times: Sequence[Microseconds],
    *,
    computers: Sequence[str | None] | None,
    channels: Sequence[str | None] | None,
    record_ids: Sequence[int | None] | None,
    event: tuple[int, str] | None,
) -> list[Key]:
    """The keys of records of one log type, from parallel columns.

    ``event`` are a Windows event's id and channel: its log type's own, for formats that leave the channel out.
    """
    # A record id without its computer counts events of any machine: only the content tells those apart.
    if event is None or computers is None or record_ids is None:
        return list(map(xxh3_128_hexdigest, raws))
    event_id, channel = event
    keys: list[Key] = []
    heads: dict[tuple[str, str | None], bytes] = {}
    for raw, time, computer, logged, number in zip(raws, times, computers, channels or repeat(None), record_ids, strict=False):
        if number is None or computer is None:
            keys.append(xxh3_128_hexdigest(raw))
            continue
        place = (computer, logged)
        head = heads.get(place)
        if head is None:
            spelled = f"{computer.casefold()}\0{(logged or channel).casefold()}\0{event_id}\0"
            head = heads[place] = spelled.encode("utf-8", "replace")
        keys.append(xxh3_128_hexdigest(head + b"%d\0%d" % (number, time)))
    return keys
