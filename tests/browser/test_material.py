"""The files as they are served and written."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from html.parser import HTMLParser

from graphcorr.browser.material import make_material
from graphcorr.browser.queries import load_queries

ADDRESS = "http://localhost:8001"


def guide(address: str | None) -> str:
    return make_material(address)["guide.html"].decode()


def test_every_query_stands_in_the_guide_once_without_its_words() -> None:
    boxes = [unescape(box) for box in re.findall(r'<pre class="runnable"[^>]*>(.*?)</pre>', guide(None), re.DOTALL)]
    queries = load_queries()
    assert sorted(box.splitlines()[0] for box in boxes if box.startswith("//")) == sorted(f"// {query.title}" for query in queries)
    for query in queries:
        cypher = query.text[query.text.index("MATCH") :].strip()
        assert f"// {query.title}\n{cypher}" in boxes


def test_no_mark_is_left_in_the_guide() -> None:
    assert "<!--" not in guide(None)
    assert "<!--" not in guide(ADDRESS)


def test_a_guide_that_is_served_names_its_server_and_a_file_names_none() -> None:
    assert f":style {ADDRESS}/style.grass" in guide(ADDRESS)
    assert f'href="{ADDRESS}/saved-queries.zip"' in guide(ADDRESS)
    assert "localhost" not in guide(None)


def test_what_is_asked_for_is_asked_before_it_is_used() -> None:
    for slide in guide(None).split("<slide")[1:]:
        for used in re.finditer(r"\$([a-z]+)", slide):
            assert f'value-for="{used[1]}"' in slide[: used.start()]


def test_the_guide_is_well_formed_and_has_nothing_that_browser_strips() -> None:
    open_: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag != "script"
            assert [name for name, _ in attrs if name.startswith("on")] == []
            if tag not in {"meta", "input"}:
                open_.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_.pop() == tag

    Parser().feed(guide(ADDRESS))
    assert open_ == []


def test_the_archive_holds_the_queries_in_one_folder_and_is_always_the_same() -> None:
    first, second = make_material(ADDRESS)["saved-queries.zip"], make_material(None)["saved-queries.zip"]
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            f"graphcorr/{query.id}.cypher": query.text for query in load_queries()
        }
