"""What every engine runs, but not alike, is refused with the portable way to say it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.graph.kinds import NODES, Part
from graphcorr.patterns.lint import find_checks, lint
from graphcorr.patterns.load import Pattern, builtin_folder, load
from tests.patterns.made_up import HEADER, RETURN

_MATCH = "MATCH (w:Write)"
_LABELS = ", ".join(sorted(node.label for node in NODES if node.part is Part.EVENTS))
_TYPES = (
    "ASKED_BY, ASKED_FOR, ASSIGNED_TO, CALLED, CAME_FROM, DOWNLOADED, ENDED, LED_TO, LOADED, NAMED, OCCURRED_ON, PERFORMED_BY, "
    "POINTS_TO, RAN, RAN_FROM, SEEN_IN, SET_UP, SHARED_BY, SHOWS, STARTED, STORED_ON, VERSION_OF, WENT_THROUGH, WENT_TO, WROTE"
)
_LATER = "{!r} comes into the graph after the patterns have run; a pattern sees events only"
_WRITE = "earliest, file, host, id, inferred, latest, log, loopback, member, network, path, record, strength, time, vantage"
_FUNCTIONS = "any, avg, coalesce, collect, count, length, max, min, size, sum, toLower"
_TWIN = (
    "a second WROTE in one MATCH may be the first one again on one engine: use a MATCH of its own, or name what differs and write a <> b"
)
_NO_REGEX = "no regular expression (missing ), unterminated subpattern at position 0): it would be false on one engine, without a word"


def _lint(query: str) -> list[tuple[int, str]]:
    """Column and reason of each problem."""
    return [(error.column, error.reason) for error in lint(Pattern(HEADER, Path("x.cypher"), query))]


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        (
            _MATCH + " WHERE substring(w.path, 0, 2) = 'c:'" + RETURN,
            [(23, "substring() counts from 1 on one engine and from 0 on the other: compare with STARTS WITH, CONTAINS or =~")],
        ),
        (
            _MATCH + " WHERE w.path STARTS WITH 'c:' RETURN w.id AS a, collect(w.id)[0] AS b",
            [(78, "list[i] counts from 1 on one engine and from 0 on the other: use min(), max() or any(x IN list WHERE …)")],
        ),
        (
            _MATCH + " WITH w, collect(w.id) AS ids RETURN w.id AS a, ids[1] AS b",
            [(67, "list[i] counts from 1 on one engine and from 0 on the other: use min(), max() or any(x IN list WHERE …)")],
        ),
        ("MATCH (w:Write:Logon)" + RETURN, [(15, "(n:A:B) is 'A or B' on one engine and 'A and B' on the other: write A|B")]),
        (
            "MATCH (w:Write&Logon)" + RETURN,
            [
                (15, "'&' is not allowed: write one label, or A|B"),
                (15, "(n:A:B) is 'A or B' on one engine and 'A and B' on the other: write A|B"),
            ],
        ),
        (
            "MATCH (v:FileVersion)<-[:WROTE]-(w:Write), (v)<-[:WROTE]-(o:Write)" + RETURN,
            [
                (
                    49,
                    _TWIN,
                )
            ],
        ),
        (
            _MATCH + " WHERE w.path =~ '(?!c:).*'" + RETURN,
            [(33, "look-around, back-references and the like are false on one engine: write several conditions")],
        ),
        (
            _MATCH + " WHERE w.path =~ '(a)\\\\1'" + RETURN,
            [(33, "look-around, back-references and the like are false on one engine: write several conditions")],
        ),
        (
            _MATCH + " WHERE w.path =~ '(a'" + RETURN,
            [
                (
                    33,
                    _NO_REGEX,
                )
            ],
        ),
        (
            _MATCH + " WHERE w.path =~ w.host" + RETURN,
            [(33, "a regular expression has to be a literal: an invalid one is false on one engine, without a word")],
        ),
        (_MATCH + " WHERE w.path IN ['a', NULL]" + RETURN, [(33, "null inside IN differs between engines: add OR x IS NULL")]),
        (
            _MATCH + " WHERE w.path IN ['a', 1]" + RETURN,
            [(33, "values of different types in IN: one engine converts, the other finds nothing")],
        ),
        (
            _MATCH + " WHERE w.path CONTAINS ''" + RETURN,
            [(39, "an empty text is contained in nothing on one engine and in everything on the other")],
        ),
        (
            _MATCH + " WHERE w.path STARTS WITH ''" + RETURN,
            [(42, "an empty text is contained in nothing on one engine and in everything on the other")],
        ),
        (_MATCH + " WHERE w.path ENDS WITH 'x'" + RETURN, [(30, "ENDS WITH is not tried on every engine: write =~ '.*end'")]),
        (_MATCH + " WHERE '1' = 1" + RETURN, [(27, "text compared with a number: one engine converts, the other finds nothing")]),
        (_MATCH + " WHERE w.record = '1'" + RETURN, [(32, "a number compared with text: one engine converts, the other finds nothing")]),
        (_MATCH + " WHERE 1 = w.path" + RETURN, [(25, "a number compared with text: one engine converts, the other finds nothing")]),
        (_MATCH + " WHERE w.time > '2024'" + RETURN, [(30, "a time compared with text: one engine converts, the other finds nothing")]),
        (
            _MATCH + " WHERE toLower(w.path) = 'ä'" + RETURN,
            [(41, "toLower() folds only ASCII letters on one engine: compare paths, which are folded in the graph")],
        ),
        (
            _MATCH + " WHERE toLower(w.path) CONTAINS 'ä'" + RETURN,
            [(48, "toLower() folds only ASCII letters on one engine: compare paths, which are folded in the graph")],
        ),
        (
            _MATCH + " RETURN w.id AS a, sum(w.record) AS b",
            [(35, "sum() of nothing is null on one engine and 0 on the other: write coalesce(sum(…), 0)")],
        ),
        (
            _MATCH + " WHERE w.latest - w.earliest > 1" + RETURN,
            [(32, "time - time fails on one engine: compare the two times, or leave the distance to the findings")],
        ),
        (
            _MATCH + " WITH w, min(w.time) AS first, max(w.time) AS last WHERE last - first > 1" + RETURN,
            [(78, "time - time fails on one engine: compare the two times, or leave the distance to the findings")],
        ),
        (
            _MATCH + " WHERE split(w.path, 'x') = 'a'" + RETURN,
            [(23, "split() is missing on one engine: the graph has paths and their base names as properties")],
        ),
        (
            _MATCH + " WHERE toInteger(w.path) > 1" + RETURN,
            [(23, "toInteger() is missing on one engine: numbers are numbers in the graph")],
        ),
        (
            _MATCH + "-[r:WROTE]->(v) WHERE type(r) = 'WROTE'" + RETURN,
            [(38, "type() is missing on one engine: name the type, or use one MATCH for each")],
        ),
        (
            _MATCH + " WHERE labels(w) = 'a'" + RETURN,
            [(23, "labels() is missing on one engine: name the label, or use one MATCH for each")],
        ),
        (_MATCH + " WHERE label(w) = 'a'" + RETURN, [(23, "label() is missing on one engine: name the label, or use one MATCH for each")]),
        (
            _MATCH + " RETURN w.id AS a, [x IN collect(w.id) WHERE x = 'a'] AS b",
            [
                (35, "list comprehensions fail on one engine: use any(x IN list WHERE …), or UNWIND and collect()"),
                (36, "'x' is neither a word of the tried Cypher nor a variable of this query"),
                (61, "'x' is neither a word of the tried Cypher nor a variable of this query"),
            ],
        ),
        (
            _MATCH + " RETURN w.id AS a, [(w)-[:WROTE]->(v) | v.id] AS b",
            [(35, "pattern comprehensions fail on one engine: use a MATCH and collect()")],
        ),
        (_MATCH + " CALL { WITH w RETURN 1 AS z }" + RETURN, [(17, "CALL: a pattern only reads, in MATCH, EXISTS { … } and COUNT { … }")]),
        (
            "MATCH (w:Write WHERE w.path = 'a')" + RETURN,
            [(16, "(n:Label … WHERE …) is refused by one engine: put the condition into WHERE")],
        ),
        (
            _MATCH + " WITH w ORDER BY w.time" + RETURN,
            [(24, "ORDER BY after WITH without LIMIT fails on one engine, and collect() keeps no order anyway")],
        ),
        ("MATCH (w:Wirte)" + RETURN, [(10, "the graph has no label 'Wirte'; it has " + _LABELS)]),
        (_MATCH + "-[:WORTE]->(v:FileVersion)" + RETURN, [(19, "the graph has no edge 'WORTE'; it has " + _TYPES)]),
        ("MATCH (w:Finding)" + RETURN, [(10, _LATER.format("Finding"))]),
        (_MATCH + "<-[:EVIDENCE]-(v)" + RETURN, [(20, _LATER.format("EVIDENCE"))]),
        (_MATCH + " WHERE w.nope = 1" + RETURN, [(25, "Write has no property 'nope'; it has " + _WRITE)]),
        ("MATCH (w:Write {nope: 1})" + RETURN, [(17, "Write has no property 'nope'; it has " + _WRITE)]),
        (_MATCH + "-[r:WROTE]->(v:FileVersion) WHERE r.basis = 'a'" + RETURN, [(52, "WROTE has no property 'basis'; it has none")]),
        (
            _MATCH + "<-[:WROTE]-(v:FileVersion)" + RETURN,
            [(18, "the graph has no edge (:FileVersion)-[:WROTE]->(:Write); WROTE joins (Write)→(FileVersion)")],
        ),
        (_MATCH + " WHERE w.path = $path" + RETURN, [(32, "$path: a pattern takes no parameters, so that it runs when pasted")]),
        (_MATCH + "-[:WROTE*]->(v:FileVersion)" + RETURN, [(24, "a path without an upper bound never ends on one engine: write *1..3")]),
        (
            _MATCH + "-[:WROTE*2..]->(v:FileVersion)" + RETURN,
            [(24, "a path without an upper bound never ends on one engine: write *1..3")],
        ),
        (
            "MATCH p = shortestPath((w:Write)-[:WROTE*1..3]->(v:FileVersion))" + RETURN,
            [
                (7, "'p' is neither a word of the tried Cypher nor a variable of this query"),
                (11, "shortestPath() differs in syntax between engines: paths between hosts are joined outside the patterns"),
                (24, "(n:Label … ( …) is no plain node pattern: put the condition into WHERE"),
            ],
        ),
        (
            _MATCH + " WHERE w.time > datetime('2024')" + RETURN,
            [(32, "datetime() carries a time zone, which one engine drops in silence: times in the graph are naive UTC")],
        ),
        (
            _MATCH + " WHERE w.time > w.earliest + duration('PT1S')" + RETURN,
            [(45, "duration() is missing on one engine: windows of time belong to the findings, not to a pattern")],
        ),
        (
            _MATCH + " WHERE w.time > w.earliest + interval('1 day')" + RETURN,
            [(45, "interval() is missing on one engine: windows of time belong to the findings, not to a pattern")],
        ),
        ("CREATE (w:Write)" + RETURN, [(1, "CREATE: a pattern only reads, in MATCH, EXISTS { … } and COUNT { … }")]),
        (_MATCH + " SET w.path = 'x'" + RETURN, [(17, "SET: a pattern only reads, in MATCH, EXISTS { … } and COUNT { … }")]),
        (
            _MATCH + " DETACH DELETE w",
            [
                (17, "DETACH: a pattern only reads, in MATCH, EXISTS { … } and COUNT { … }"),
                (24, "DELETE: a pattern only reads, in MATCH, EXISTS { … } and COUNT { … }"),
                (31, "the query returns nothing"),
            ],
        ),
        ("MERGE (w:Write)" + RETURN, [(1, "MERGE: a pattern only reads, in MATCH, EXISTS { … } and COUNT { … }")]),
        ("LOAD FROM 'x' RETURN 1 AS a, 2 AS b", [(1, "LOAD: a pattern only reads, in MATCH, EXISTS { … } and COUNT { … }")]),
        (
            "COPY Write FROM 'x'",
            [(1, "COPY: a pattern only reads, in MATCH, EXISTS { … } and COUNT { … }"), (17, "the query returns nothing")],
        ),
        ("CALL show_tables() RETURN 1 AS a, 2 AS b", [(1, "CALL: a pattern only reads, in MATCH, EXISTS { … } and COUNT { … }")]),
        (_MATCH + "--(v:FileVersion)" + RETURN, [(17, "an edge without a type takes in any: write -[:TYPE]->")]),
        (_MATCH + "-[r]->(v:FileVersion)" + RETURN, [(17, "an edge without a type takes in any: write -[:TYPE]->")]),
        (
            _MATCH + "-[:WROTE]-(v:FileVersion)" + RETURN,
            [(17, "an edge without one direction matches in both: draw the arrow as the graph has it")],
        ),
        (_MATCH + " WHERE w.path = null" + RETURN, [(30, "a comparison with null is never true: write IS NULL or IS NOT NULL")]),
        (_MATCH + " WHERE w.path != 'a'" + RETURN, [(30, "'!=' is not allowed: write <>")]),
        (
            _MATCH + " WHERE w.record / 2 = 1" + RETURN,
            [(32, "'/' is not allowed: division is not tried on every engine: multiply the other side")],
        ),
        (_MATCH + " RETURN w.id AS a", [(17, "the header promises the column 'b', which is not returned")]),
        (
            _MATCH + " RETURN w.id, collect(w.id) AS b",
            [(17, "the header promises the column 'a', which is not returned"), (24, "name every column: expression AS name")],
        ),
        (
            _MATCH + " RETURN *",
            [
                (17, "the header promises the column 'a', which is not returned"),
                (17, "the header promises the column 'b', which is not returned"),
                (24, "name every column: expression AS name"),
            ],
        ),
        (_MATCH, [(15, "the query returns nothing")]),
        (_MATCH + " RETURN w.id AS a, collect(w.id) AS b, 1 AS b", [(55, "the column 'b' is returned twice")]),
        (
            _MATCH + " RETURN w.id AS a, collect(w.id) AS b UNION MATCH (w:Write) RETURN w.id AS a",
            [
                (76, "both sides of a UNION return the same columns in the same order: a, b"),
                (76, "the header promises the column 'b', which is not returned"),
            ],
        ),
        (_MATCH + " RETURN w.id AS a, collect(w.id) AS b; MATCH (w:Write)" + RETURN, [(53, "a pattern file holds one query")]),
        (_MATCH + " WHERE w.path = 'a" + RETURN, [(32, '"\'" begins nothing that ends, or is no Cypher')]),
        (_MATCH + " WHERE (w.path = 'a'" + RETURN, [(23, "'(' is never closed")]),
        (_MATCH + " WHERE w.path = 'a')" + RETURN, [(35, "')' closes nothing")]),
        (_MATCH + " WHERE foo(w.path) = 1" + RETURN, [(23, "foo() is not among the functions tried on every engine: " + _FUNCTIONS)]),
        (_MATCH + " WHERE w.path = path" + RETURN, [(32, "'path' is neither a word of the tried Cypher nor a variable of this query")]),
        (_MATCH + " // x\n" + RETURN, [(17, "// is not tried on every engine: write /* … */")]),
        (
            _MATCH + " WHERE COLLECT { MATCH (x:Write) RETURN x.id } = 1" + RETURN,
            [(23, "COLLECT {…} is not tried on every engine: subqueries are EXISTS { … } and COUNT { … }")],
        ),
        (_MATCH + " RETURN w.id AS a, collect(w.id) AS b, 2 ^ 3 AS c", [(57, "'^' is not allowed: powers are not tried on every engine")]),
        (_MATCH + " WHERE w.record = 0x10" + RETURN, [(34, "0x10: write the number in decimals")]),
        (_MATCH + " WHERE w.path = 'a' XOR true" + RETURN, [(36, "XOR is not tried on every engine: write a <> b for two conditions")]),
    ],
)
def test_refused(query: str, problems: list[tuple[int, str]]) -> None:
    assert _lint(query) == problems


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (v:FileVersion)<-[:WROTE]-(w:Write), (v)<-[:WROTE]-(o:Write) WHERE w.id <> o.id" + RETURN,
        "MATCH (v:FileVersion)<-[x:WROTE]-(w:Write), (v)<-[y:WROTE]-(o:Write) WHERE x <> y" + RETURN,
        "MATCH (v:FileVersion)<-[:WROTE]-(w:Write) MATCH (v)<-[:WROTE]-(o:Write)" + RETURN,
        _MATCH + " WHERE w.path =~ '(?i).*[.]exe'" + RETURN,
        _MATCH + " RETURN w.id AS a, coalesce(sum(w.record), 0) AS b",
        _MATCH + " WITH w ORDER BY w.time LIMIT 5" + RETURN,
        _MATCH + "-[:WROTE*1..2]->(v:FileVersion)" + RETURN,
        _MATCH + " RETURN w.id AS a, collect(w.id) AS b;",
        _MATCH
        + (
            " WHERE EXISTS { MATCH (w)-[:WROTE]->(v:FileVersion) WHERE v.ended IS NULL }"
            " AND NOT EXISTS { MATCH (w)-[:CAME_FROM]->(:Address) } AND COUNT { MATCH (w)-[:OCCURRED_ON]->(:Host) } = 1"
        )
        + RETURN,
        _MATCH
        + (
            " WHERE (w)-[:WROTE]->(:FileVersion) AND any(x IN ['a','b'] WHERE w.path CONTAINS x)"
            " AND CASE WHEN w.inferred THEN 1 ELSE 2 END = 1"
        )
        + RETURN,
        (
            "MATCH (w:Write|Logon) WHERE w.logon_type = 3"
            " WITH w.host AS host, collect({id: w.id, at: w.time}) AS all_ UNWIND all_ AS one"
            " WITH one, host WHERE one.id <> host RETURN DISTINCT host AS a, collect(one.id) AS b ORDER BY a SKIP 1 LIMIT 5"
        ),
    ],
)
def test_allowed(query: str) -> None:
    assert _lint(query) == []


def test_places_count_from_the_whole_file() -> None:
    (error,) = lint(Pattern(HEADER, Path("x.cypher"), f"/*---\nid: x\n---*/\n{_MATCH}\nWHERE labels(w) = 'x'{RETURN}\n"))
    assert str(error) == (
        "x.cypher:5:7: labels() is missing on one engine: name the label, or use one MATCH for each\n"
        "    WHERE labels(w) = 'x' RETURN w.id AS a, collect(w.id) AS b\n"
        "          ^"
    )


def test_a_chain_in_a_condition_may_bind_one_edge_twice() -> None:
    chain = "(:Write)-[:WROTE]->(:FileVersion)<-[:WROTE]-(:Write)"
    assert [column for column, _ in _lint(f"{_MATCH} WHERE {chain}{RETURN}")] == [58]
    assert _lint(f"{_MATCH} WHERE (w)-[:WROTE]->() OR (w)-[:WROTE]->(){RETURN}") == []


def test_every_file_of_checks_is_found() -> None:
    modules = ["edges", "names", "needs", "parts", "result", "values", "words"]
    assert sorted(check.__module__.rpartition(".")[2] for check in find_checks()) == modules


@pytest.mark.parametrize("pattern", load([builtin_folder()]), ids=lambda pattern: pattern.id)
def test_our_own_patterns(pattern: Pattern) -> None:
    assert lint(pattern) == []


_WORDS = [
    *(
        "MATCH",
        "WHERE",
        "WITH",
        "RETURN",
        "UNION",
        "ORDER",
        "BY",
        "AS",
        "IN",
        "NULL",
        "any",
        "toLower",
        "w",
        "Write",
        "WROTE",
        "$p",
        "1",
        "'a'",
    ),
    *("(", ")", "[", "]", "{", "}", "-", ">", "<", ":", "|", ".", ",", "=", "=~", "*", ";"),
]


@given(st.lists(st.sampled_from(_WORDS), max_size=25).map(" ".join))
def test_no_text_breaks_the_lint(query: str) -> None:
    for column, reason in _lint(query):
        assert 1 <= column <= len(query) + 1
        assert reason
