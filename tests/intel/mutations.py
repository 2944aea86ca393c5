"""Damage to STIX as it happens: cut, bits flipped, nested too deep, wrong types, duplicate keys, huge numbers, surrogates."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

_VALUE: Final = re.compile(rb'"[a-z_]+":("(?:[^"\\]|\\.)*"|true|false|\[[^\[\]]*\])')


def cut(text: bytes, chance: random.Random) -> bytes:
    return text[: chance.randrange(1, len(text))]


def flip(text: bytes, chance: random.Random) -> bytes:
    changed = bytearray(text)
    for _ in range(chance.randrange(1, 6)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def nest(text: bytes, chance: random.Random) -> bytes:
    depth = chance.choice([100, 2_000, 60_000])
    mark, end = chance.choice([(b"[", b"]"), (b'{"a":', b"}")])
    return _replace(text, chance, mark * depth + b"1" + end * depth)


def mistype(text: bytes, chance: random.Random) -> bytes:
    return _replace(text, chance, chance.choice([b"17", b"null", b"[]", b"{}", b"[[1]]", b'{"a":{}}', b"true", b"1.5", b'""']))


def repeat_key(text: bytes, chance: random.Random) -> bytes:
    found = list(_VALUE.finditer(text))
    return b"{" + chance.choice(found).group() + b"," + text[1:] if found else text


def enlarge(text: bytes, chance: random.Random) -> bytes:
    return _replace(text, chance, chance.choice([b"9" * 400, b"-1e9999", b"1" + b"0" * 5_000, b"NaN", b"Infinity", b"1e-9999"]))


def spoil_text(text: bytes, chance: random.Random) -> bytes:
    spoiled = chance.choice([b'"\\ud800"', b'"\\udfff\\ud800"', b'"\xff\xfe"', b'"\xed\xa0\x80"', b'"\\u0000"', b'"\x00"', b'"a\nb"'])
    return _replace(text, chance, spoiled)


def _replace(text: bytes, chance: random.Random, value: bytes) -> bytes:
    found = list(_VALUE.finditer(text))
    if not found:
        return value
    where = chance.choice(found)
    return text[: where.start(1)] + value + text[where.end(1) :]


MUTATIONS: Final[tuple[Callable[[bytes, random.Random], bytes], ...]] = (cut, flip, nest, mistype, repeat_key, enlarge, spoil_text)


def mutate(text: bytes, chance: random.Random) -> bytes:
    """One object's text, damaged in one way or two."""
    for mutation in chance.sample(MUTATIONS, chance.choice([1, 1, 2])):
        text = mutation(text, chance) or b"{"
    return text
