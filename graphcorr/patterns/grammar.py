"""A query's shape as the lint needs it: brackets, clauses, node and edge patterns, and what each name stands for.

No full parser: the engine binds the query and says what is no Cypher. This reads just enough to see what engines read
differently.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from graphcorr.store.cypher import Token, TokenKind, tokenize

CLAUSES: Final = frozenset({"MATCH", "OPTIONAL", "WHERE", "WITH", "UNWIND", "RETURN", "UNION", "ORDER", "SKIP", "LIMIT"})
"""Words that begin a clause, and so end the one before."""

_CLOSING: Final = {")": "(", "]": "[", "}": "{"}


class Problem(NamedTuple):
    """Something wrong at a character offset of the text."""

    offset: int
    reason: str


class Use(Enum):
    """What a name stands for."""

    VARIABLE = "variable"
    LABEL = "label"
    TYPE = "type"
    PROPERTY = "property"
    KEY = "key"
    """of a map"""


@dataclass(frozen=True, slots=True)
class NodePattern:
    """``(variable:Label|Label {…})``; positions are of tokens."""

    start: int
    variable: str | None
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EdgePattern:
    """``-[variable:TYPE|TYPE*lower..upper]->`` between two node patterns."""

    start: int
    match: int
    """Number of the MATCH whose patterns it belongs to, -1 for a condition such as ``WHERE (a)-[:T]->(b)``."""
    variable: str | None
    types: tuple[str, ...]
    source: NodePattern
    target: NodePattern


@dataclass(slots=True)
class Query:
    """The tokens of a query without comments, and what was found out about them."""

    tokens: list[Token]
    comments: list[Token]
    ends: dict[int, int] = field(default_factory=dict)
    """Opening bracket → its closing one."""
    nodes: list[NodePattern] = field(default_factory=list)
    edges: list[EdgePattern] = field(default_factory=list)
    uses: dict[int, Use] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Node variable → its labels, edge variable → its types, where the query says them."""
    matches: list[tuple[int, int]] = field(default_factory=list)
    """First and one past the last token of each MATCH, its WHERE included."""
    problems: list[Problem] = field(default_factory=list)
    readable: bool = False
    """False when literals or brackets do not end: nothing else can be said then."""

    def text(self, position: int) -> str:
        """A token's text; empty beyond the ends."""
        return self.tokens[position].text if 0 <= position < len(self.tokens) else ""

    def upper(self, position: int) -> str:
        return self.tokens[position].upper if 0 <= position < len(self.tokens) else ""

    def is_name(self, position: int) -> bool:
        return 0 <= position < len(self.tokens) and self.tokens[position].kind in {TokenKind.WORD, TokenKind.QUOTED}

    def is_keyword(self, position: int, word: str) -> bool:
        """A word that is not used as a name."""
        return self.upper(position) == word and position not in self.uses

    def problem(self, position: int, reason: str) -> Problem:
        return Problem(self.tokens[min(position, len(self.tokens) - 1)].start, reason)

    def _begins_clause(self, position: int, through: frozenset[str]) -> bool:
        if self.upper(position) == "WITH" and self.upper(position - 1) in {"STARTS", "ENDS"}:
            return False
        return self.upper(position) in CLAUSES - through and position not in self.uses

    def clause_end(self, start: int, *, through: frozenset[str] = frozenset()) -> int:
        """One past the last token of the clause that begins at ``start``; clauses in ``through`` belong to it."""
        position = start + 1
        while position < len(self.tokens):
            if position in self.ends:
                position = self.ends[position]
            elif self.text(position) in {*_CLOSING, ";"} or self._begins_clause(position, through):
                break
            position += 1
        return position


def read_query(text: str) -> Query:
    """The shape of a query; what cannot be read is in ``problems``."""
    tokens = tokenize(text)
    query = Query(
        [token for token in tokens if token.kind is not TokenKind.COMMENT], [token for token in tokens if token.kind is TokenKind.COMMENT]
    )
    for token in query.tokens:
        if token.kind is TokenKind.BROKEN:
            query.problems.append(Problem(token.start, f"{token.text[0]!r} begins nothing that ends, or is no Cypher"))
    if query.problems or not _read_brackets(query):
        return query
    query.readable = True
    _read_names(query)
    _read_matches(query)
    _read_edges(query)
    return query


def _read_brackets(query: Query) -> bool:
    open_: list[int] = []
    for position, token in enumerate(query.tokens):
        if token.kind is not TokenKind.SIGN:
            continue
        if token.text in _CLOSING.values():
            open_.append(position)
        elif token.text in _CLOSING:
            if not open_ or query.text(open_[-1]) != _CLOSING[token.text]:
                query.problems.append(query.problem(position, f"{token.text!r} closes nothing"))
                return False
            query.ends[open_.pop()] = position
    if open_:
        query.problems.append(query.problem(open_[-1], f"{query.text(open_[-1])!r} is never closed"))
    return not query.problems


def _read_names(query: Query) -> None:
    """Names that one neighbour tells: ``x.name``, ``AS name``, ``{name: …}``, ``any(name IN …)``, ``name = (…)``."""
    for position in range(len(query.tokens)):
        if not query.is_name(position):
            continue
        before, after = query.text(position - 1), query.text(position + 1)
        if before == ".":
            query.uses[position] = Use.PROPERTY
        elif after == ":" and before in {"{", ","}:
            query.uses[position] = Use.KEY
        elif (
            query.upper(position - 1) == "AS"
            or (before == "(" and query.upper(position - 2) == "ANY" and query.upper(position + 1) == "IN")
            or (after == "=" and query.text(position + 2) == "(" and (query.upper(position - 1) == "MATCH" or before == ","))
        ):
            _bind(query, position)


def _bind(query: Query, position: int) -> str:
    name = query.tokens[position].name
    query.uses[position] = Use.VARIABLE
    query.variables.add(name)
    return name


def _read_matches(query: Query) -> None:
    for position in range(len(query.tokens)):
        if not query.is_keyword(position, "MATCH"):
            continue
        query.matches.append((position, query.clause_end(position, through=frozenset({"WHERE"}))))
        end, inside = query.clause_end(position), position + 1
        while inside < end:  # patterns without an edge; those with one are read with it as well
            if query.text(inside) == "(":
                _read_node(query, inside)
            inside = query.ends.get(inside, inside) + 1


def _read_edges(query: Query) -> None:
    for position, token in enumerate(query.tokens):
        before = query.text(position - 1)
        if token.text == "[" and before == "-" and query.text(position - 2) in {")", "<"}:
            _read_edge(query, position)
        elif token.text == "-" and before == "-" and query.text(position - 2) in {")", "<"}:
            query.problems.append(query.problem(position, "an edge without a type takes in any: write -[:TYPE]->"))


def _read_edge(query: Query, start: int) -> None:
    end = query.ends[start]
    points_left = query.text(start - 2) == "<"
    points_right = query.text(end + 1) == "-" and query.text(end + 2) == ">"
    left_end = start - (3 if points_left else 2)
    right = end + (3 if points_right else 2)
    opens = {close: opening for opening, close in query.ends.items()}
    if query.text(left_end) != ")" or query.text(right) != "(":
        query.problems.append(query.problem(start, "an edge stands between two nodes in parentheses"))
        return
    if points_left == points_right:
        query.problems.append(query.problem(start, "an edge without one direction matches in both: draw the arrow as the graph has it"))
    first, second = _read_node(query, opens[left_end]), _read_node(query, right)
    position = start + 1
    variable = None
    if query.is_name(position):
        variable = _bind(query, position)
        position += 1
    types, position = _read_alternatives(query, position, Use.TYPE)
    if not types:
        query.problems.append(query.problem(start, "an edge without a type takes in any: write -[:TYPE]->"))
    if query.text(position) == "*":
        position = _read_bounds(query, position)
    if query.text(position) == "{":
        position = query.ends[position] + 1
    if position != end:
        query.problems.append(query.problem(position, "a condition on an edge belongs into WHERE"))
    if variable and types:
        query.labels.setdefault(variable, types)
    source, target = (second, first) if points_left else (first, second)
    match = max((number for number, (begin, _) in enumerate(query.matches) if begin < start < query.clause_end(begin)), default=-1)
    query.edges.append(EdgePattern(start, match, variable, types, source, target))


def _read_bounds(query: Query, star: int) -> int:
    position = star + 1
    bounds = []
    while query.text(position) == ".." or (position < len(query.tokens) and query.tokens[position].kind is TokenKind.NUMBER):
        bounds.append(query.text(position))
        position += 1
    if not bounds or bounds[-1] == "..":
        query.problems.append(query.problem(star, "a path without an upper bound never ends on one engine: write *1..3"))
    return position


def _read_node(query: Query, start: int) -> NodePattern:
    known = next((node for node in query.nodes if node.start == start), None)
    if known:
        return known
    position, end = start + 1, query.ends[start]
    variable = None
    if query.is_name(position) and query.text(position + 1) != "(":
        variable = _bind(query, position)
        position += 1
    labels, position = _read_alternatives(query, position, Use.LABEL)
    if query.text(position) == "{":
        position = query.ends[position] + 1
    if position != end:
        reason = "is refused by one engine" if query.upper(position) == "WHERE" else "is no plain node pattern"
        query.problems.append(query.problem(position, f"(n:Label … {query.text(position)} …) {reason}: put the condition into WHERE"))
    node = NodePattern(start, variable, labels)
    if variable and labels:
        query.labels.setdefault(variable, labels)
    query.nodes.append(node)
    return node


def _read_alternatives(query: Query, position: int, use: Use) -> tuple[tuple[str, ...], int]:
    """``:A|B``: the names and the position behind them."""
    names: list[str] = []
    separator = ":"
    while query.text(position) == separator and query.is_name(position + 1):
        names.append(query.tokens[position + 1].name)
        query.uses[position + 1] = use
        position += 2
        separator = "|"
        if query.text(position) in {":", "&"}:
            query.problems.append(query.problem(position, "(n:A:B) is 'A or B' on one engine and 'A and B' on the other: write A|B"))
            separator = query.text(position)
    return tuple(names), position
