"""Words, functions and signs: only those that are known to mean the same on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.patterns.grammar import Problem, Query
from graphcorr.store.cypher import TokenKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.patterns.header import Header

WORDS: Final = frozenset(
    """
    ALL AND ANY AS ASC ASCENDING BY CASE CONTAINS COUNT DESC DESCENDING DISTINCT ELSE END EXISTS FALSE IN IS LIMIT MATCH NOT NULL
    OPTIONAL OR ORDER RETURN SKIP STARTS THEN TRUE UNION UNWIND WHEN WHERE WITH
    """.split()  # noqa: SIM905 - a table of words reads better than a list of strings
)

FUNCTIONS: Final = frozenset({"any", "avg", "coalesce", "collect", "count", "length", "max", "min", "size", "sum", "toLower"})
"""Tried side by side on every engine."""

_ADVICE: Final[dict[str, str]] = {
    "substring": "counts from 1 on one engine and from 0 on the other: compare with STARTS WITH, CONTAINS or =~",
    "left": "is not on every engine: write STARTS WITH",
    "right": "is not on every engine: write =~ '.*end'",
    "split": "is missing on one engine: the graph has paths and their base names as properties",
    "tointeger": "is missing on one engine: numbers are numbers in the graph",
    "type": "is missing on one engine: name the type, or use one MATCH for each",
    "label": "is missing on one engine: name the label, or use one MATCH for each",
    "labels": "is missing on one engine: name the label, or use one MATCH for each",
    "id": "is an engine's own number: use the property n.id",
    "elementid": "is an engine's own number: use the property n.id",
    "duration": "is missing on one engine: windows of time belong to the findings, not to a pattern",
    "interval": "is missing on one engine: windows of time belong to the findings, not to a pattern",
    "datetime": "carries a time zone, which one engine drops in silence: times in the graph are naive UTC",
    "timestamp": "differs between engines: compare time properties with each other",
    "localdatetime": "is missing on one engine: compare time properties with each other",
    "date": "differs between engines: compare time properties with each other",
    "shortestpath": "differs in syntax between engines: paths between hosts are joined outside the patterns",
    "allshortestpaths": "differs in syntax between engines: paths between hosts are joined outside the patterns",
    "range": "has no use in a pattern",
    "head": "is not tried on every engine: use min() or max()",
    "last": "is not tried on every engine: use min() or max()",
    "exists": "as a function is gone on one engine: write EXISTS { … } or IS NOT NULL",
    "toupper": "is not tried on every engine: compare with toLower()",
    "lower": "is missing on one engine: write toLower()",
    # clauses
    "shortest": "differs in syntax between engines: paths between hosts are joined outside the patterns",
    "ends": "WITH is not tried on every engine: write =~ '.*end'",
    "xor": "is not tried on every engine: write a <> b for two conditions",
    "yield": "is refused: procedures differ between engines",
}
_WRITING: Final = frozenset({"CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "LOAD", "COPY", "CALL", "DROP", "ALTER", "FOREACH"})

_SIGNS: Final = frozenset(
    {"=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "%", "=~", ".", "..", ",", ":", "|", "(", ")", "[", "]", "{", "}"}
)
_SIGN_ADVICE: Final = {
    "!=": "write <>",
    "==": "write =",
    "/": "division is not tried on every engine: multiply the other side",
    "^": "powers are not tried on every engine",
    "&": "write one label, or A|B",
    "!": "write NOT",
    "||": "write +",
}


def check(query: Query, header: Header) -> Iterator[Problem]:
    del header
    if writing := [position for position in range(len(query.tokens)) if query.upper(position) in _WRITING and position not in query.uses]:
        for position in writing:  # all the rest would follow from this
            yield query.problem(position, f"{query.text(position)}: a pattern only reads, in MATCH, EXISTS {{ … }} and COUNT {{ … }}")
        return
    for comment in query.comments:
        if comment.text.startswith("//"):
            yield Problem(comment.start, "// is not tried on every engine: write /* … */")
    for position, token in enumerate(query.tokens):
        if token.kind is TokenKind.PARAMETER:
            yield query.problem(position, f"{token.text}: a pattern takes no parameters, so that it runs when pasted")
        elif token.kind is TokenKind.SIGN and token.text == ";":
            if position != len(query.tokens) - 1:
                yield query.problem(position, "a pattern file holds one query")
        elif token.kind is TokenKind.SIGN and token.text not in _SIGNS:
            yield query.problem(position, f"{token.text!r} is not allowed: {_SIGN_ADVICE.get(token.text, 'it differs between engines')}")
        elif token.kind is TokenKind.NUMBER and token.text[:2].lower() in {"0x", "0o"}:
            yield query.problem(position, f"{token.text}: write the number in decimals")
        elif token.kind is TokenKind.WORD and position not in query.uses:
            yield from _check_word(query, position)


def _check_word(query: Query, position: int) -> Iterator[Problem]:
    word = query.tokens[position].text
    folded = word.lower()
    if query.text(position + 1) == "(" and word.upper() not in WORDS - {"ALL", "ANY", "COUNT", "EXISTS"}:
        if folded not in _FOLDED:
            yield query.problem(position, f"{word}() {_ADVICE.get(folded, 'is not among the functions tried on every engine: ' + _LIST)}")
        elif folded == "sum" and not (query.text(position - 1) == "(" and query.text(position - 2).lower() == "coalesce"):
            yield query.problem(position, "sum() of nothing is null on one engine and 0 on the other: write coalesce(sum(…), 0)")
    elif query.text(position + 1) == "{" and folded not in {"exists", "count"}:
        yield query.problem(position, f"{word} {{…}} is not tried on every engine: subqueries are EXISTS {{ … }} and COUNT {{ … }}")
    elif word.upper() in WORDS or word in query.variables:
        return
    elif folded in _ADVICE:
        yield query.problem(position, f"{word} {_ADVICE[folded]}")
    else:
        yield query.problem(position, f"{word!r} is neither a word of the tried Cypher nor a variable of this query")


_FOLDED: Final = frozenset(name.lower() for name in FUNCTIONS)
_LIST: Final = ", ".join(sorted(FUNCTIONS))
