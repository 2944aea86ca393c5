"""What encoded commands say, for people: PowerShell's ``-EncodedCommand`` wherever a text has one, in a command line or a whole record."""

from __future__ import annotations

from typing import Final

from graphcorr.syntax.scripts import find_encoded

MOST: Final = 4
"""Texts that are decoded; what a record has more of is in the record."""
LONGEST: Final = 10_000
"""Characters of one decoded text."""
_SCANNED: Final = 1 << 20
_DEEPEST: Final = 3
"""An encoded command may have another one in it."""
_READABLE: Final = 0.9
"""Least share of characters that people can read: what only looks like Base64 decodes to anything."""
_ESCAPES: Final = (("&quot;", '"'), ("&#34;", '"'), ('\\"', '"'), ("\\u0022", '"'), ("\\/", "/"), ("\\u002b", "+"), ("\\u002B", "+"))
"""How JSON and XML write what stands around and in an encoded command."""


def decode_commands(text: str) -> list[str]:
    """The encoded commands in a text, decoded, each once and those inside of others last; ``MOST`` of ``LONGEST`` characters."""
    text = text[:_SCANNED]
    for escaped, plain in _ESCAPES:
        text = text.replace(escaped, plain)
    found: list[str] = []
    layer = [text]
    for _ in range(_DEEPEST):
        layer = [inner for outer in layer for inner in find_encoded(outer) if inner not in found and _is_readable(inner)]
        found += dict.fromkeys(layer)
        if not layer or len(found) >= MOST:
            break
    return [each[:LONGEST] for each in found[:MOST]]


def _is_readable(text: str) -> bool:
    start = text[:LONGEST]
    return sum(character.isprintable() or character in "\r\n\t" for character in start) >= _READABLE * len(start) and any(
        "!" <= character <= "~" for character in start
    )
