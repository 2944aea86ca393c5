"""Cypher text cut into tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.store.cypher import TokenKind, find_parameters, find_write, tokenize


def test_tokens_of_every_kind() -> None:
    tokens = tokenize(r"/* a */ MATCH (`x y`) WHERE $p =~ 'it\'s' AND 1.5 <> 2 // end")
    assert [(token.kind.value, token.text) for token in tokens] == [
        ("comment", "/* a */"),
        ("word", "MATCH"),
        ("sign", "("),
        ("quoted", "`x y`"),
        ("sign", ")"),
        ("word", "WHERE"),
        ("parameter", "$p"),
        ("sign", "=~"),
        ("text", r"'it\'s'"),
        ("word", "AND"),
        ("number", "1.5"),
        ("sign", "<>"),
        ("number", "2"),
        ("comment", "// end"),
    ]


@pytest.mark.parametrize("text", ["'open", '"open', "`open", "/* open", "§"])
def test_what_never_ends_is_broken(text: str) -> None:
    assert [token.kind for token in tokenize(text)] == [TokenKind.BROKEN]


@given(st.text(alphabet="ab'\"`/*\\$ \n-1.(){}", max_size=40))
def test_every_character_is_in_one_token_or_blank(text: str) -> None:
    rest = list(text)
    for token in tokenize(text):
        assert text[token.start : token.start + len(token.text)] == token.text
        rest[token.start : token.start + len(token.text)] = [" "] * len(token.text)
    assert not "".join(rest).strip()


def test_parameters_are_not_looked_for_in_texts_and_comments() -> None:
    assert find_parameters(tokenize("MATCH (n) WHERE n.a = $a OR n.b = $`b c` OR n.c = '$d' /* $e */")) == {"a", "b c"}


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("MATCH (n:Host) RETURN n.id", None),
        ("MATCH (n:Load {use: 1})-[set:SET]->() WHERE n.copy = 'DELETE' RETURN n.id AS merge /* DROP */", None),
        ("MATCH (n) SET n.a = 1", "SET"),
        ("match (n) detach delete n", "detach"),
        ("COPY (MATCH (n:Host) RETURN n.id) TO 'x.csv'", "COPY"),
        ("LOAD FROM 'x.csv' RETURN *", "LOAD"),
        ("CALL show_tables() RETURN *", "CALL"),
    ],
)
def test_more_than_reading(query: str, word: str | None) -> None:
    found = find_write(tokenize(query))
    assert (found.text if found else None) == word
