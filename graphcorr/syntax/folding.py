"""Case folding as NTFS and SMB servers do it: character by character, so that two files never become one."""

from __future__ import annotations

from typing import Final

_UNFOLDED: Final = frozenset("\u0131\u017f\u00b5\u1e9e\u2126\u212a\u212b")
"""Characters that Unicode folds onto a letter, but Windows' upcase table leaves alone (dotless i, long s, Kelvin sign …)."""


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
    """The text in lower case, one character for one: ``ß`` stays ``ß``, ``ς`` is ``σ``, the Kelvin sign is no ``k``.

    ``str.casefold`` would make one file of ``Maße`` and ``Masse``, ``str.lower`` of ``K`` (Kelvin) and ``k``.
    """
    return text.lower() if text.isascii() else text.translate(_FOLD)
