"""8.3 names: which short name a long one may have, and whether two path keys can be one path in the two spellings.

Which number a name got depends on what was in the folder before it, so a match is a possibility, never a proof.
"""

from __future__ import annotations

import re
from typing import Final

_SHORT: Final = re.compile(r"([^~\\.]{1,6})~([1-9]\d{0,5})(?:\.([^\\.]{1,3}))?\Z")
_HASHED: Final = re.compile(r"[0-9a-f]{4}\Z")
_EIGHT_THREE: Final = re.compile(r"[^\\.+,;=\[\] ]{1,8}(?:\.[^\\.+,;=\[\] ]{1,3})?\Z")
_REPLACED: Final = str.maketrans(dict.fromkeys("+,;=[]", "_"))


def short_names(base: str) -> tuple[str, ...]:
    """The aliases ``name~1.ext`` to ``name~4.ext`` that a folded long base name may have; none for a name of 8.3 shape.

    From the fifth on Windows puts a checksum into the name, which cannot be foretold here; :func:`short_name_matches`
    accepts any.
    """
    if not base or _EIGHT_THREE.match(base):
        return ()
    stem, extension = _cut(base)
    if not stem:
        return ()
    suffix = f".{extension}" if extension else ""
    return tuple(f"{stem[:6]}~{number}{suffix}" for number in range(1, 5))


def short_name_matches(a: str, b: str) -> bool:
    r"""Whether two keys differ only in that one has 8.3 names where the other has long ones: ``c:\docume~1\x``."""
    if a == b:
        return True
    if "~" not in a and "~" not in b:
        return False
    left, right = a.split("\\"), b.split("\\")
    return len(left) == len(right) and all(x == y or _is_alias(x, y) or _is_alias(y, x) for x, y in zip(left, right, strict=True))


def _is_alias(short: str, long: str) -> bool:
    match = _SHORT.match(short)
    if match is None or len(match[1]) + 1 + len(match[2]) > 8 or _EIGHT_THREE.match(long):
        return False
    prefix, number, extension = match.groups()
    stem, long_extension = _cut(long)
    if long_extension != (extension or ""):
        return False
    # The number takes room from the name: ~10 leaves five characters.
    if prefix == stem[: 7 - len(number)]:
        return True
    return len(prefix) <= 6 and _HASHED.search(prefix) is not None and prefix[:-4] == stem[:2]


def _cut(base: str) -> tuple[str, str]:
    """Stem and extension as the file system takes them for an alias: no blanks, one dot, extension of three."""
    stem, dot, extension = base.lstrip(".").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    clean = stem.replace(" ", "").replace(".", "").translate(_REPLACED)
    return clean, extension.replace(" ", "").translate(_REPLACED)[:3]
