"""A page of text for people: wrapped to a width, escaped without exception, styled only where a terminal wants it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import Enum

from graphcorr.outputs.escapes import escape

LEAST_WIDTH = 40
"""Narrower than this nothing can be read; the terminal wraps then."""
_STRANDED = 12
"""Cells: a last line that is shorter holds a word or two that came over from the line before."""
_JOINED = "\0"
"""A space that no line ends at, until the lines are made; nothing escaped has it."""
_WORDS = re.compile(r"\s*(?:\d[\d,.]* (?=(?:ms|s|min|h|d)\b))?\S+")
"""What is not torn apart: a word, and a number with its unit of time."""


class Style(Enum):
    """What a line is, and its ANSI code where color is wanted."""

    PLAIN = ""
    HEADING = "1"
    ALARM = "1;31"
    WARNING = "33"
    FAINT = "2"


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    style: Style = Style.PLAIN


@dataclass(slots=True)
class Page:
    """Lines in order. Every text that enters is escaped here, so that no caller can forget it."""

    width: int = 100
    lines: list[Line] = field(default_factory=list)

    def add(self, text: str, *, indent: int = 0, hang: int = 0, style: Style = Style.PLAIN, whole: str | None = None) -> None:
        """One paragraph; its further lines stand ``hang`` columns further in. ``whole`` is a part that no line ends in, as a command."""
        self._put(" " * indent, text, indent + hang, style, whole)

    def label(self, label: str, text: str, *, indent: int, column: int, style: Style = Style.PLAIN, whole: str | None = None) -> None:
        """A paragraph with a word in front; its text starts at ``column`` on every line."""
        self._put((" " * indent + label).ljust(column - 1) + " ", text, column, style, whole)

    def heading(self, text: str) -> None:
        self.blank()
        self.add(text, style=Style.HEADING)

    def blank(self) -> None:
        if self.lines and self.lines[-1].text:
            self.lines.append(Line(""))

    def plain(self) -> str:
        """The page as text, a newline at its end."""
        return "".join(f"{line.text}\n" for line in self.lines)

    def colored(self) -> str:
        """The page with ANSI styles; the only escape sequences in it are ours."""
        return "".join(_styled(line) for line in self.lines)

    def _put(self, first: str, text: str, further: int, style: Style, whole: str | None) -> None:
        width = max(self.width, LEAST_WIDTH)
        # A narrow page gives up the alignment before it gives up the text.
        further = further if further <= width // 2 else 4
        escaped = escape(text)
        if whole is not None:
            part = escape(whole)
            escaped = escaped.replace(part, part.replace(" ", _JOINED))
        for line in wrap(escaped, first, " " * further, width):
            self.lines.append(Line(line.replace(_JOINED, " "), style))


def _styled(line: Line) -> str:
    return f"\x1b[{line.style.value}m{line.text}\x1b[0m\n" if line.style.value and line.text else f"{line.text}\n"


def wrap(text: str, first: str, further: str, width: int) -> list[str]:
    """Lines of at most ``width`` cells; spaces inside a line stay as they are, a word longer than a line is cut.

    No word stands alone on the last line where a few cells less of width bring another one down to it.
    """
    lines = _fill(text, first, further, width)
    if len(lines) < 2 or cells(lines[-1]) - cells(further) >= _STRANDED:
        return lines
    # A word or two alone on the last line: a narrower paragraph of as many lines reads better, unless a word would be cut for it.
    longest = max(cells(match.group().strip()) for match in _WORDS.finditer(text))
    for less in range(1, min(width // 4, _STRANDED, width - cells(first + further) - longest) + 1):
        narrower = _fill(text, first, further, width - less)
        if len(narrower) > len(lines):
            break
        if cells(narrower[-1]) - cells(further) >= _STRANDED:
            return narrower
    return lines


def _fill(text: str, first: str, further: str, width: int) -> list[str]:
    if cells(first) + cells(text) <= width:
        return [(first + text).rstrip()]  # most do, and words need not be looked for
    lines: list[str] = []
    line, used, empty = first, cells(first), True
    for match in _WORDS.finditer(text):
        word = match.group()
        # A word longer than a line starts where it stands: a line of its own would not help it.
        fits_alone = cells(word.lstrip()) <= width - cells(further)
        if not empty and used + cells(word) > width and (fits_alone or used > width * 3 // 4):
            lines.append(line.rstrip())
            line, used, word = further, cells(further), word.lstrip()
        while used + cells(word) > width and _JOINED not in word:
            head, word = _cut(word, width - used)
            lines.append((line + head).rstrip())
            line, used = further, cells(further)
        line, used, empty = line + word, used + cells(word), False
    lines.append(line.rstrip())
    return lines


def cells(text: str) -> int:
    """How many columns a terminal takes for escaped text."""
    return len(text) if text.isascii() else sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(word: str, room: int) -> tuple[str, str]:
    """A head of at most ``room`` cells (at least one character, so that every cut advances), and the rest.

    It ends after a separator of a path where one is near, else it is as long as can be.
    """
    used = 0
    for index, character in enumerate(word):
        used += _cell(character)
        if used > room:
            end = max(index, 1)
            separator = max(word.rfind("/", 0, end), word.rfind("\\", 0, end)) + 1
            end = separator if separator > end // 2 else end
            return word[:end], word[end:]
    return word, ""
