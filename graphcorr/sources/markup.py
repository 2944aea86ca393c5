"""XML that logs hold, from whoever wrote it: nothing outside of it is read, and nothing in it is expanded."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from graphcorr.errors import RecordError
from graphcorr.sources.json_text import REPLACEMENT

_NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
"""Characters that XML cannot hold, and references that may be to one."""


def parse_markup(text: bytes, behind: bytes = b"") -> etree._Element:
    """The root element; ``RecordError`` when it is no well-formed XML.

    Windows writes control characters of a command line as they are, which no XML may hold: a program that is started with
    one must not vanish. Each becomes U+FFFD, if it stands ``behind`` this.
    """
    try:
        return etree.fromstring(text, _parser())
    except etree.XMLSyntaxError as error:
        before, mark, rest = text.partition(behind) if behind else (b"", b"", text)
        try:
            return etree.fromstring(before + mark + _NO_TEXT.sub(_mend, rest), _parser())
        except etree.XMLSyntaxError:
            raise RecordError(f"not XML: {error.msg}") from error


def local_name(element: etree._Element) -> str:
    """Its name without the namespace."""
    return etree.QName(element).localname


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True)


def _mend(match: re.Match[bytes]) -> bytes:
    number = int(match[1], 16) if match[1] else int(match[2] or b"0")
    lawful = number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
    return match[0] if lawful else REPLACEMENT.encode()
