"""Case folding as NTFS and SMB servers do it: character by character, so that two files never become one.

A letter and its mark may be one character or two: macOS takes names apart, and what carries a name from one system to another puts
them together. NTFS keeps both apart, logs do not tell which it was: they are one name here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNFOLDED: Final = frozenset("\u0131\u017f\u00b5\u1e9e\u2126\u212a\u212b")
"""Characters that Unicode folds onto a letter, but Windows' upcase table leaves alone (dotless i, long s, Kelvin sign …)."""


_APART: Final = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+|[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]+")
"""A letter with marks behind it, and Korean syllables in parts. Whole strings are not normalized: that would make a ``k`` of the
Kelvin sign."""


class _Fold(dict[int, int]):
    """Code point to folded code point, filled as characters come up."""

    def __missing__(self, point: int) -> int:
        character = chr(point)
        folded = point
        # The upcase table has 65,536 entries: surrogates, and so everything beyond, stay as they are.
        if point < 0x10000 and character not in _UNFOLDED:
            upper = character.upper()
            lower = upper.lower() if len(upper) == 1 else character
            if len(lower) == 1 and lower.upper() == upper:
                folded = ord(lower)
        self[point] = folded
        return folded


_FOLD: Final = _Fold()


def fold(text: str) -> str:
    """The text in lower case, with marks on their letters: ``ß`` stays ``ß``, ``ς`` is ``σ``, the Kelvin sign is no ``k``.

    ``str.casefold`` would make one file of ``Maße`` and ``Masse``, ``str.lower`` of ``K`` (Kelvin) and ``k``.
    """
    return text.lower() if text.isascii() else compose(compose(text).translate(_FOLD))


def compose(text: str) -> str:
    """The text with each mark on its letter, as most systems write it (NFC)."""
    return text if text.isascii() else _APART.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
