r"""Text of old code pages as UTF-8: what ``wevtutil`` prints in a console, and ANSI exports.

A page is what the document declares, or what its letters suggest: ``M\x84rz`` is ``März`` in page 850, and in no other page a
word. Where no page gives words, the text is refused: a wrong guess would invent file names. Pages in which a character has
several bytes are read where they are declared.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError

if TYPE_CHECKING:
    from graphcorr.sources.base import Context

PAGES: Final = ("cp1252", "cp850", "cp437", "cp1251", "cp866", "cp1250", "cp852", "cp1253", "cp737")
"""In the order in which they are preferred where several fit alike."""
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_MARK: Final = re.compile(rb"[\x80-\xff]")
_MOST_WORDS: Final = 2_000
"""Words that decide; more say the same."""
_DECLARED: Final = re.compile(rb"""\A\s*<\?xml[^>]{0,80}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_RUSSIAN: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
_GREEK: Final = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ"
_USUAL: Final = frozenset("äöüßéèêàâçñáíóúøåæôûîëïãõœòùìÄÖÜÉÅØÆÇÑ" + _RUSSIAN + _RUSSIAN.upper() + _GREEK + _GREEK.upper())
"""Letters that are not rare."""
_UNUSUAL: Final = re.compile("[aoäöü]á")
"""Where page 850 has ``Straße``."""
_QUOTES: Final = "„“”‚‘’«»–—…€§°·№\xa0"
"""What stands between words."""
_SIGNS: Final = "®™"
"""What stands behind words."""
_MARKED: Final = re.compile(r"[^\x00-\x7f]{3}")
"""More letters with marks in a row than languages have."""


def declared_page(head: bytes) -> str | None:
    """The code page that an XML document says it is written in, None where that is UTF-8, UTF-16 or nothing."""
    match = _DECLARED.match(head)
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode()).name
        fits = "<".encode(name) == b"<"
    except (LookupError, UnicodeError):
        return None
    return name if fits and not name.startswith("utf") and name != "ascii" else None


def guess_page(text: bytes) -> str | None:
    """The page of :data:`PAGES` in which every word of the text is one; None where there is none.

    One byte alone is as well a damaged one, and says nothing.
    """
    if len(_MARK.findall(text)) < 2:
        return None
    words = list(dict.fromkeys(_WORD.findall(text)))[:_MOST_WORDS]
    scores = [(score, page) for page in PAGES if (score := _score(words, page)) is not None] if words else []
    return max(scores, key=lambda found: found[0])[1] if scores else None


def as_utf8(piece: bytes, context: Context) -> bytes:
    """One record's text as UTF-8; ``RecordError`` where it is in no encoding that can be told."""
    if piece.isascii():
        return piece
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError as error:
        refused = RecordError(f"byte {error.start} (0x{piece[error.start]:02x}) is not UTF-8")
    else:
        return piece
    if context.code_page is None:
        page = guess_page(piece)
        if page is None:
            raise refused
        take_page(page, context)
    elif context.is_page_guessed and _score(_WORD.findall(piece), context.code_page) is None:
        raise refused
    assert context.code_page is not None
    try:
        return piece.decode(context.code_page).encode()
    except UnicodeDecodeError:
        raise refused from None


def take_page(page: str, context: Context) -> None:
    """Read all that is not UTF-8 by this page, and say that it was guessed."""
    context.code_page, context.is_page_guessed = page, True
    context.notes.append(f"text that is not UTF-8 was read as code page {page.removeprefix('cp')}, as its letters suggest")


def _score(words: list[bytes], page: str) -> int | None:
    """How usual the words are, None where one of them is no word."""
    total = marked = 0
    for word in words:
        try:
            text = word.decode(page)
        except UnicodeDecodeError:
            return None
        core = text.strip(_QUOTES).rstrip(_SIGNS)
        letters = core.strip("".join(character for character in core if not character.isalpha()))
        scripts = {_script(character) for character in letters} | {None for character in core if "─" <= character <= "▟"}
        if len(scripts) > 1 or None in scripts or ("LATIN" in scripts and _MARKED.search(letters)):
            return None
        marked += not letters.isascii()
        total += sum(1 + (character in _USUAL) for character in letters if not character.isascii())
        total -= 2 * (len(core) - len(letters) + sum(map(_is_odd, letters, letters[1:])))
        total -= len(_UNUSUAL.findall(letters))
    return total if total > 0 or (total == 0 and not marked) else None


def _is_odd(before: str, character: str) -> bool:
    """A capital letter behind a small one, of which one has a mark."""
    return before.islower() and character.isupper() and not (before + character).isascii()


@cache
def _script(character: str) -> str | None:
    """The script of a letter, None for anything else."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else None
