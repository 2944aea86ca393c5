"""Pages keep to their width, lose no text and hold no escape sequence but their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.outputs.layout import LEAST_WIDTH, Page, Style, cells, wrap

COMMAND = "graphcorr show --json --case '/a/very/long/folder of a case/that/no/line/holds'"


@given(st.text(), st.integers(LEAST_WIDTH, 120), st.integers(0, 12))
def test_no_line_is_wider_than_the_page(text: str, width: int, indent: int) -> None:
    page = Page(width)
    page.add(text, indent=indent, hang=2)

    assert all(cells(line.text) <= width for line in page.lines)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126) | st.just(" ")), st.integers(LEAST_WIDTH, 120))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    assert "".join(wrap(text, "", "  ", width)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("aaa  bbb", ["aaa  bbb"]),
        ("one two three", ["> one two", "  three"]),
        ("took 1.5 min", ["> took", "  1.5 min"]),
        ("x abcdefghijklmnop", ["> x abcdefg", "  hijklmnop"]),
        ("文文文文文文", ["> 文文文文", "  文文"]),
        ("", [">"]),
        ("C:\\abcd\\efghij", ["> C:\\abcd\\", "  efghij"]),
    ],
)
def test_wrap(text: str, lines: list[str]) -> None:
    first = "" if text.startswith("aaa") else "> "
    assert wrap(text, first, "  ", 11) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("the file was written over the network and run", ["> the file was written over the", "  network and run"]),
        ("the file was written over the network and then it was run", ["> the file was written over the network and", "  then it was run"]),
        # Where no other place to break is near, the last word stays where it is.
        ("averyveryverylongwordofthirtysixletters run", ["> averyveryverylongwordofthirtysixletters", "  run"]),
    ],
)
def test_no_word_is_left_alone_on_the_last_line(text: str, lines: list[str]) -> None:
    assert wrap(text, "> ", "  ", 44) == lines


def test_a_command_is_never_torn() -> None:
    page = Page(40)
    page.add("all of them: graphcorr show --json --case '/a/very/long/folder of a case/that/no/line/holds', as here", hang=3, whole=COMMAND)
    assert page.plain().splitlines() == [f"all of them: {COMMAND},", "   as here"]


def test_label_aligns_its_further_lines() -> None:
    page = Page(40)
    page.label("Sure", "high: the write and the run were both logged", indent=3, column=13)

    assert page.plain() == "   Sure      high: the write and the run\n             were both logged\n"


def test_styles_are_the_only_escape_sequences() -> None:
    page = Page()
    page.add("\x1b[31mred", style=Style.HEADING)
    page.blank()
    page.blank()
    page.add("plain")

    assert page.colored() == "\x1b[1m<U+001B>[31mred\x1b[0m\n\nplain\n"
    assert page.plain() == "<U+001B>[31mred\n\nplain\n"
