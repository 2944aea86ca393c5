"""What a logged value is worth: text, number, flag or identifier, or nothing at all.

Logs spell absence in many ways. A spelling that gets through becomes a key that joins every host, so it is refused
here, once. All functions take what a decoder gives (``object``) and never raise.
"""

from __future__ import annotations

import math
import re
from typing import Final

BLANK: Final = " \t\r\n\v\f\0"
"""What may stand around a value."""

ABSENT: Final = frozenset(
    {"", "-", "n/a", "(null)", "<null>", "null", "(empty)", "<unknown>", "<unknown process>", "&lt;unknown process&gt;"}
)
"""Spellings of nothing, lower case: Windows ``-``, Sysmon ``-``, Zeek ``-`` and ``(empty)``, exporters' ``N/A`` and ``null``, and Sysmon's
``<unknown process>``, by the hand of some exporters as XML.

``unknown`` and ``none`` are not among them: both are names that people give.
"""

_LONGEST_ABSENT: Final = max(map(len, ABSENT))
_ZERO_ID: Final = re.compile(r"(?:0x0*|0+|\{?0{8}-0{4}-0{4}-0{4}-0{12}\}?)\Z", re.IGNORECASE)
_INTEGER: Final = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]{1,32})|([0-9]{1,39}))\Z")
_GUID: Final = re.compile(r"\{?([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\}?\Z")
_ZERO_GUID: Final = "00000000-0000-0000-0000-000000000000"
_LARGEST: Final = 2**63 - 1
_FLAGS: Final[dict[str, bool]] = {
    "true": True,
    "t": True,
    "yes": True,
    "1": True,
    "false": False,
    "f": False,
    "no": False,
    "0": False,
}


def present(value: object) -> str | None:
    """The value as text without surrounding blanks and NULs; None when it says nothing.

    Numbers become their decimal text. Lists and objects are None: a caller that knows them reads them itself.
    """
    if type(value) is str:
        text = value.strip(BLANK)
        if len(text) <= _LONGEST_ABSENT and text.lower() in ABSENT:
            return None
        return text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value) if math.isfinite(value) else None
    return present(str(value)) if isinstance(value, str) else None


def fold(value: object) -> str | None:
    """As :func:`present`, case-folded."""
    text = present(value)
    return None if text is None else text.casefold()


def present_id(value: object) -> str | None:
    """As :func:`present`, and zero is nothing too: ``0x0``, ``0``, the zero GUID.

    For identifiers only (logon ids, process GUIDs): as a *value* zero is a fact, as an identifier it would join everything.
    """
    text = present(value)
    if text is None or _ZERO_ID.match(text):
        return None
    return text


def integer(value: object, minimum: int = 0) -> int | None:
    """A whole number from ``minimum`` to 2**63 - 1, from 12, ``"12"``, ``"0x1f"`` or 12.0; else None.

    A flag is not a number, and digits of other scripts or ``1_000``, which ``int()`` would take, are text.
    """
    if type(value) is int:
        number = value
    elif isinstance(value, str):
        if value.isascii() and value.isdigit() and len(value) < 19:
            number = int(value)
        else:
            match = _INTEGER.match(value.strip(BLANK))
            if match is None:
                return None
            sign, hexadecimal, decimal = match.groups()
            number = int(hexadecimal, 16) if hexadecimal else int(decimal)
            if sign == "-":
                number = -number
    elif isinstance(value, float) and value.is_integer():
        number = int(value)
    else:
        return None
    return number if minimum <= number <= _LARGEST else None


def flag(value: object) -> bool | None:
    """True or False from a bool, 1 and 0, ``true``/``T``/``yes``/``1`` and ``false``/``F``/``no``/``0`` in any case; else None."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return bool(value) if value in (0, 1) else None
    if isinstance(value, str):
        return _FLAGS.get(value.strip(BLANK).lower())
    return None


def guid(value: object) -> str | None:
    """A GUID in lower case without braces; None for the zero GUID and for anything else."""
    if not isinstance(value, str):
        return None
    match = _GUID.match(value.strip(BLANK))
    if match is None:
        return None
    text = match[1].lower()
    return None if text == _ZERO_GUID else text
