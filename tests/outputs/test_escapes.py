"""Hostile text is shown, never obeyed, and never looks like other text."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.outputs.escapes import escape, escape_json


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("C:\\Users\\x.exe", "C:\\Users\\x.exe"),
        ("Größe ☃ 文件.exe", "Größe ☃ 文件.exe"),
        ("\x1b[2Jgone", "<U+001B>[2Jgone"),
        ("a\r\nb\tc\0", "a<U+000D><U+000A>b<U+0009>c<U+0000>"),
        ("invoice\u202efdp.exe", "invoice<U+202E>fdp.exe"),
        ("cmd.exe\u00a0", "cmd.exe<U+00A0>"),
        ("a\u200bb\ufeff", "a<U+200B>b<U+FEFF>"),
        ("\x9b31m", "<U+009B>31m"),
        ("\udcff", "<U+DCFF>"),
        ("\u2028\U000e0041", "<U+2028><U+E0041>"),
        ("[bold red]x[/]", "[bold red]x[/]"),
    ],
)
def test_what_acts_or_hides_is_written_out(hostile: str, shown: str) -> None:
    assert escape(hostile) == shown


@given(st.text(st.characters(codec=None)))
def test_escaped_text_holds_nothing_active(text: str) -> None:
    assert {unicodedata.category(each) for each in escape(text)}.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@given(st.text())
def test_json_means_the_same_and_holds_nothing_active(text: str) -> None:
    encoded = escape_json(json.dumps({"a": text}, ensure_ascii=False).encode())

    assert json.loads(encoded) == {"a": text}
    assert not any("\x7f" <= each <= "\x9f" or "\u202a" <= each <= "\u202e" for each in encoded.decode())


def test_json_escapes_characters_beyond_the_basic_plane_as_pairs() -> None:
    assert escape_json('"\U000e0041"'.encode()) == b'"\\udb40\\udc41"'
