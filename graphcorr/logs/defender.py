"""Readers for what only Defender's logs have: names with blanks, and resources of every kind in one text."""

from __future__ import annotations

import re
from typing import Final

from graphcorr.logs import readers
from graphcorr.logs.fields import Field, Fit
from graphcorr.syntax.fitting import may_be_program
from graphcorr.syntax.values import present

_FILE: Final = re.compile(r"(?:^|;\s*)(?:container)?(?:web)?file:_?([^;|]+)", re.IGNORECASE)
_INNER: Final = "->"
"""Before what was found inside of an archive."""
_PROGRAM: Final = Fit("a program", may_be_program)


def words(name: str) -> Field:
    """Text under a name of several words, however an export spells it."""
    return readers.text(*_spellings(name))


def whose(name: str) -> Field:
    r"""The user of a field that holds ``DOMAIN\user``."""
    return readers.own_account(*_spellings(name))


def of_domain(name: str) -> Field:
    """Its domain."""
    return readers.domain(*_spellings(name))


def acting_program(name: str) -> Field:
    """The path of a program; where none is known, a word for that stands in the language of the machine."""
    return Field(_spellings(name), _program, _PROGRAM)


def first_file(name: str) -> Field:
    r"""The first file of ``containerfile:_C:\a.zip; file:_C:\a.zip->x.exe; process:_pid:7``, of an archive the archive itself."""
    return Field(_spellings(name), _first_file)


def _spellings(name: str) -> tuple[str, ...]:
    return (name, name.replace(" ", "_"), name.replace(" ", ""))


def _program(value: object) -> str | None:
    text = present(value)
    return text if text is not None and "\\" in text else None


def _first_file(value: object) -> str | None:
    match = _FILE.search(value) if isinstance(value, str) else None
    return present(match[1].partition(_INNER)[0]) if match else None
