r"""Names as Zeek's releases spell them, back to what they were: bytes as ``\xNN``, as ``\u00NN``, doubled backslashes.

Nothing in a log says which release wrote it. Up to 3.0 every byte beyond ASCII is escaped, in JSON as in text; later only bytes
that are no UTF-8 together. Text logs double a backslash since 2.3, JSON never did before it could be asked to (9.0), and JSON
of 2.5 and before wrote each byte as the character of its number. So each value tells by itself how it was written.

Source: Zeek's ``src/Desc.cc``, ``src/util.cc`` (``get_escaped_string``, ``json_escape_utf8``), ``src/threading/formatters``.
"""

from __future__ import annotations

import re
from typing import Final

_ESCAPED: Final = re.compile(r"(?:[^\\]|\\\\|\\x(?:[0189a-fA-F][0-9a-fA-F]|2[0-9a-fA-F]|3[a-fA-F]|40|5[b-fB-F]|60|7[b-fB-F]))*", re.DOTALL)
r"""Text in which every backslash is part of an escape. Of ASCII, Zeek escapes controls and separators and no letter or digit:
``C:\x64`` is a folder."""
_ESCAPE: Final = re.compile(rb"\\(\\|x[0-9a-fA-F]{2})")
_TAIL: Final = r"\\x[89abAB][0-9a-fA-F]"
_SPELLED: Final = re.compile(rf"\\x[cdCD][0-9a-fA-F]{_TAIL}|\\x[eE][0-9a-fA-F](?:{_TAIL}){{2}}|\\x[fF][0-4](?:{_TAIL}){{3}}")
"""What can be one character of UTF-8. Alone such a byte is none: ``\\x86`` is a folder, too."""
_PRIVATE: Final = re.compile("[\U000f0000-\U000f00ff]+")
"""How Zeek 9 can be asked to write bytes: as characters for private use."""
_MARKS: Final = (b"\\\\x", b"\\u00", b"\\\\\\\\", b"\\ud", b"\\uD", b"\xc2", b"\xc3", b"\xf3\xb0")
"""One of which a JSON text has whose values are to be looked at."""


def unescape(text: str) -> str:
    r"""A value of a text log without Zeek's escapes: ``\xNN`` bytes and ``\\``.

    Releases before 2.3 write backslashes as they are. A value in which any backslash is no part of an escape, or that would not
    be UTF-8 with all of them undone, is read as theirs: ``\\HOST\C$`` is a path, and in ``Temp\\xc3\xbcbung`` the name begins
    with ``ü``. Bytes that are no UTF-8 together stay spelled ``\xNN``.
    """
    if "\\" not in text:
        return text
    if not _ESCAPED.fullmatch(text):
        return _SPELLED.sub(_decode, text)
    data = _ESCAPE.sub(lambda match: b"\\" if match[1] == b"\\" else bytes((int(match[1][1:], 16),)), text.encode())
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return restored if (restored := _SPELLED.sub(_decode, text)) != text else data.decode("utf-8", "backslashreplace")


def restore(text: str) -> str:
    r"""A value of a JSON log with its bytes in place. Its backslashes are those of the name, except where all of them are doubled."""
    if "\\" in text:
        if "\\\\" in text[1:] and (text.startswith("\\" * 4) or not text.startswith("\\")):
            return unescape(text)
        text = _SPELLED.sub(_decode, text)
    if text.isascii():
        return text
    text = _PRIVATE.sub(_decode_private, text)
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def restore_row(row: dict[str, object], raw: bytes) -> dict[str, object]:
    """The row of a JSON log with :func:`restore` done to each text; the same object where its text ``raw`` has nothing to undo."""
    if not any(mark in raw for mark in _MARKS):
        return row
    return {name: _restore_any(value) for name, value in row.items()}


def _restore_any(value: object) -> object:
    if type(value) is str:
        return restore(value)
    return [_restore_any(element) for element in value] if isinstance(value, list) else value


def _decode(match: re.Match[str]) -> str:
    try:
        return bytes.fromhex(match[0].replace("\\x", "")).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _decode_private(match: re.Match[str]) -> str:
    return bytes(ord(character) & 0xFF for character in match[0]).decode("utf-8", "backslashreplace")
