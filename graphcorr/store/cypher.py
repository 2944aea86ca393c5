"""Cypher text cut into tokens: what a query names as parameters, and whether it would do more than read."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, NamedTuple


class TokenKind(Enum):
    COMMENT = "comment"
    TEXT = "text"
    """A string literal with its quotes."""
    QUOTED = "quoted"
    """A name in backticks."""
    PARAMETER = "parameter"
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"
    """An operator or a bracket."""
    BROKEN = "broken"
    """A literal or comment that never ends, or a character that no Cypher has."""


class Token(NamedTuple):
    kind: TokenKind
    text: str
    start: int
    """Offset of the first character."""

    @property
    def upper(self) -> str:
        """The word in capitals; empty for anything that is no word."""
        return self.text.upper() if self.kind is TokenKind.WORD else ""

    @property
    def name(self) -> str:
        """The name that a word, backticks or a parameter stand for."""
        if self.kind is TokenKind.PARAMETER:
            return self.text[1:].strip("`")
        return self.text[1:-1].replace("``", "`") if self.kind is TokenKind.QUOTED else self.text


_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<quoted>`(?:[^`]|``)+`)
  | (?P<parameter>\$(?:\w+|`(?:[^`]|``)+`))
  | (?P<number>0[xXoO][0-9a-fA-F]+|(?:\d+\.\d+|\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<sign>=~|<>|!=|<=|>=|==|\+=|\|\||\.\.|/(?!\*)|[()\[\]{}<>=+\-*%^.,:;|&!])
  | (?P<broken>['"`].*|/\*.*|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_MORE_THAN_READING: Final = frozenset(
    {
        *("ALTER", "ATTACH", "BEGIN", "CALL", "CHECKPOINT", "COMMENT", "COMMIT", "COPY", "CREATE", "DELETE", "DETACH", "DROP", "EXPORT"),
        *("FOREACH", "IMPORT", "INSTALL", "LOAD", "MERGE", "REMOVE", "ROLLBACK", "SET", "UNINSTALL", "UPDATE", "USE"),
    }
)
"""Words that change a graph, leave it, or touch files.

A read-only LadybugDB still runs ``COPY (…) TO 'file'``, which writes any file, and ``LOAD FROM 'file'``, which reads any.
"""


def tokenize(cypher: str) -> list[Token]:
    """All tokens in order, without white space; never fails: what makes no sense is a ``BROKEN`` token."""
    return [
        Token(TokenKind(match.lastgroup), match.group(), match.start()) for match in _TOKEN.finditer(cypher) if match.lastgroup != "space"
    ]


def find_parameters(tokens: list[Token]) -> set[str]:
    """Names of the ``$parameters`` in a query."""
    return {token.name for token in tokens if token.kind is TokenKind.PARAMETER}


def find_write(tokens: list[Token]) -> Token | None:
    """The first word that does more than read, None in a query that only reads.

    A name counts only where a clause can begin, so that ``n.set``, ``(:Load)``, ``{use: 1}`` and an alias are free to use such words.
    """
    code = [token for token in tokens if token.kind is not TokenKind.COMMENT]
    for position, token in enumerate(code):
        if token.upper not in _MORE_THAN_READING:
            continue
        before = code[position - 1] if position else None
        after = code[position + 1].text if position + 1 < len(code) else ""
        if not (after == ":" or (before is not None and (before.text in {".", ":", "|", "["} or before.upper == "AS"))):
            return token
    return None
