"""Makes hostile text harmless: what a log says is shown, never obeyed by a terminal or a reader's eye."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Categories that a terminal obeys or that hide: controls, format characters (bidi, zero width), surrogates, private use,
# unassigned, line and paragraph separators. A space other than U+0020 is among them: `cmd.exe<U+00A0>` is another file.
_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANKS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols by category, yet drawn as nothing."""
_PRINTABLE: Final = re.compile(r"[ -~]*")
_JSON_ACTIVE: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def is_active(character: str) -> bool:
    """Whether a character would be obeyed or would not be seen."""
    if " " <= character <= "~":
        return False
    category = unicodedata.category(character)
    return category in _REFUSED or category == "Zs" or character in _BLANKS


def escape(text: str) -> str:
    """``text`` with every character that acts or hides written as ``<U+202E>``.

    Not ``\\u202e``: a Windows path is full of backslashes, and a folder may really be called ``u202e``. Neither ``<``
    nor ``>`` can stand in a Windows file name.
    """
    if _PRINTABLE.fullmatch(text):
        return text
    return "".join(f"<U+{ord(character):04X}>" if is_active(character) else character for character in text)


def escape_json(encoded: bytes) -> bytes:
    """Valid JSON with the same meaning in which nothing acts on a terminal: C1, bidi and zero-width go as ``\\uXXXX``."""
    if encoded.isascii() and b"\x7f" not in encoded:
        return encoded
    return _JSON_ACTIVE.sub(_as_json_escape, encoded.decode()).encode()


def _as_json_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be")
    return "".join(f"\\u{units[index] << 8 | units[index + 1]:04x}" for index in range(0, len(units), 2))
