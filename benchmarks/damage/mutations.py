"""What happens to records on their way: bits, cuts, names, types, shifts, encodings. All of it follows from the seed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from benchmarks.damage.world import Event, Values

_ODD: Final[tuple[object, ...]] = (
    *(None, True, False, 0, -1, 2**70, 1.5, "", "-", "N/A", [], {}, [1, "x"], {"a": {"b": 1}}),
    *("\x00", "\ud800", "x" * 70_000, "{", "<Event>", "\\", "C:\\Windows\\", "{b3a2c1d0-e2e7-65e6-1c05-000000001a00}", "0x3e7"),
    *("2024-03-05 09:14:31.500", "9999-99-99", "10.1.1.9", "%%1842", "S-1-5-18"),
)
_ENCODINGS: Final = (
    *("utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-7", "utf-8-sig"),
    *("cp437", "cp850", "cp1252", "cp1251", "cp866", "latin-1"),
)


def swap_names(random: Random, data: Values) -> Values:
    names = list(data)
    one, other = random.sample(range(len(names)), 2) if len(names) > 1 else (0, 0)
    names[one], names[other] = names[other], names[one]
    return dict(zip(names, data.values(), strict=True))


def shift_values(random: Random, data: Values) -> Values:
    """From one field on each name has its neighbor's value, as where an empty one was left out or one was too many."""
    names, values = list(data), list(data.values())
    place = random.randrange(len(names))
    moved = [*values[:place], *values[place + 1 :], "-"] if random.random() < 0.5 else [*values[:place], "-", *values[place:]]
    return dict(zip(names, moved, strict=False))


def odd_value(random: Random, data: Values) -> Values:
    return {**data, random.choice(list(data)): random.choice(_ODD)}


def drop_field(random: Random, data: Values) -> Values:
    gone = random.choice(list(data))
    return {name: value for name, value in data.items() if name != gone}


def rename_field(random: Random, data: Values) -> Values:
    old = random.choice(list(data))
    new = random.choice((old.lower(), old.upper(), old + "_", old[1:], f"data.{old}", "EventID", ""))
    return {(new if name == old else name): value for name, value in data.items()}


def flip_bits(random: Random, line: bytes) -> bytes:
    text = bytearray(line)
    for _ in range(random.choice((1, 1, 1, 2, 8))):
        text[random.randrange(len(text))] ^= 1 << random.randrange(8)
    return bytes(text)


def cut(random: Random, line: bytes) -> bytes:
    start = random.randrange(len(line))
    return random.choice((line[:start], line[start:], line[:start] + line[start + random.randrange(1, 60) :]))


def insert(random: Random, line: bytes) -> bytes:
    place = random.randrange(len(line))
    more = random.choice((random.randbytes(5), bytes(9), line[place : place + 40], b'"', b"{", b"<Event>", b"\\", b"\r"))
    return line[:place] + more + line[place:]


def recode(random: Random, line: bytes) -> bytes:
    return line.decode("utf-8", "replace").encode(random.choice(_ENCODINGS), "replace")


def join(random: Random, line: bytes) -> bytes:
    """A line that lost its end, and goes on with itself."""
    return line + line[random.randrange(len(line)) :]


FIELDS: Final[tuple[Callable[[Random, Values], Values], ...]] = (swap_names, shift_values, odd_value, drop_field, rename_field)
BYTES: Final[tuple[Callable[[Random, bytes], bytes], ...]] = (flip_bits, cut, insert, recode, join)


def damage(random: Random, event: Event, write: Callable[[Event], str]) -> tuple[str, bytes]:
    """What was done to a record, and the line that came of it."""
    if random.random() < 0.5:
        change = random.choice(FIELDS)
        return change.__name__, write(replace(event, data=change(random, event.data))).encode("utf-8", "surrogatepass")
    spoil = random.choice(BYTES)
    return spoil.__name__, spoil(random, write(event).encode())
