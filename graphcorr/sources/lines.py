"""Places in a large text: where lines begin near a given byte, and how many stand before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphcorr.sources.streams import LINE_LIMIT

if TYPE_CHECKING:
    from typing import BinaryIO

_BLANK: Final = re.compile(rb"\n[ \t\r\v\f]*(?=\n)")


def line_starts(file: BinaryIO, size: int, count: int) -> list[int]:
    """Beginnings of lines near the places that divide a text into ``count`` equal parts, fewer where lines are too long."""
    starts = [0]
    for number in range(1, count):
        file.seek(size * number // count)
        ends = file.readline(LINE_LIMIT).endswith(b"\n")
        start = file.tell()
        if ends and starts[-1] < start < size:
            starts.append(start)
    return starts


def count_lines(block: bytes | None) -> int:
    """Lines with more than blanks in a block of whole lines. Counting is many times faster than reading them."""
    if block is None:
        return 1
    return block.count(b"\n") - len(_BLANK.findall(b"\n" + block)) + (not block.endswith(b"\n"))
