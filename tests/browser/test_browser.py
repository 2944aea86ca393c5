"""A real Neo4j Browser in a real Chromium, on a real server: what a person sees, and that hostile names are text."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from graphcorr.browser.queries import load_queries
from graphcorr.browser.serving import GuideServer
from graphcorr.patterns.load import builtin_folder
from graphcorr.store.open import open_store
from tests.browser.conftest import add_parts
from tests.browser.test_queries import ROWS
from tests.chromium import chromium
from tests.servers import PASSWORD, USER, VERSIONS, Server
from tests.settings import own_settings

QUERIES = {query.id: query for query in load_queries()}
HOSTILE = """<img src=x onerror="window.hit=1"> <b>'`$x`'</b>.exe"""
WITH_BROWSER = "5.26.30"
_PATIENCE = 60_000
"""Milliseconds: on a machine that does other things as well, Browser takes long to start."""


def load(server: Server, graph: Path) -> None:
    store = open_store(server.url, "browser", own_settings().neo4j)
    try:
        add_parts(store, graph)
    finally:
        store.close()


def count_rows(server: Server) -> dict[str, int]:
    return {id_: len(server.run(query.text, **query.parameters)) for id_, query in QUERIES.items()}


@pytest.mark.parametrize("server", sorted(set(VERSIONS) - {WITH_BROWSER}), indirect=True)
def test_every_query_finds_its_rows_on_a_server(server: Server, graph: Path) -> None:
    """On the version that the next test is not about: filling a server takes longer than asking it."""
    load(server, graph)
    assert count_rows(server) == ROWS


@pytest.fixture
def page() -> Iterator[Page]:
    """An empty page that reaches this machine only."""
    with chromium(_PATIENCE) as started:
        opened = started.new_page(viewport={"width": 1500, "height": 1000})
        opened.set_default_timeout(_PATIENCE)
        opened.route(lambda url: not url.startswith(("http://localhost:", "http://127.0.0.1:", "data:")), lambda route: route.abort())
        yield opened


@pytest.fixture
def guide() -> Iterator[GuideServer]:
    with GuideServer("127.0.0.1", 0) as started:
        threading.Thread(target=started.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield started
        started.shutdown()


def log_in(page: Page, server: Server) -> None:
    page.goto(f"http://localhost:{server.http}/browser/")
    expect(page.get_by_test_id("boltaddress")).to_have_value(f"127.0.0.1:{server.bolt}")
    page.get_by_test_id("username").fill(USER)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("connect").click()
    # The editor is there before the connection is.
    expect(page.get_by_text("You are connected as user")).to_be_visible()


def run(page: Page, text: str) -> Locator:
    """Paste a text into the editor and run it; the frame of its result."""
    page.get_by_test_id("activeEditor").locator(".monaco-editor").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")
    frame = page.get_by_test_id("frame").first
    expect(frame.get_by_test_id("frameCommand")).to_contain_text(text.splitlines()[0])
    return frame


@pytest.mark.parametrize("server", [WITH_BROWSER], indirect=True)
def test_an_analyst_sees_names_and_runs_the_guide(server: Server, graph: Path, page: Page, guide: GuideServer) -> None:
    load(server, graph)
    assert count_rows(server) == ROWS
    server.run("CREATE (:File {id: 'hostile', name: $name, path: $name})", name=HOSTILE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    log_in(page, server)

    # The style arrives, and captions are whole names.
    expect(run(page, f":style {guide.address}/style.grass")).to_contain_text("node.Host")
    hops = run(page, QUERIES["02-hops-as-a-graph"].text).locator("svg")
    for host in ("ws01", "srv01", "dc01"):
        expect(hops.get_by_text(f"{host}.corp.example", exact=True)).to_be_visible()
    for how in ("service", "command_line", "module_load"):
        expect(hops.get_by_text(how, exact=True)).to_be_visible()

    # A name full of HTML is text, in a caption and in a table.
    hostile = run(page, "MATCH (file:File {id: 'hostile'}) RETURN file").locator("svg")
    expect(hostile.get_by_text("<img", exact=False).first).to_be_visible()
    expect(run(page, "MATCH (file:File {id: 'hostile'}) RETURN file.name AS name")).to_contain_text("onerror=")
    assert page.evaluate("[window.hit === undefined, document.querySelectorAll('img[src=x]').length]") == [True, 0]

    # A pattern's file runs as it is, header and all.
    pattern = (builtin_folder() / "lateral_movement" / "smb-write-then-image.cypher").read_text(encoding="utf-8")
    expect(run(page, pattern)).to_contain_text("executions")

    # The guide: a question is answered by typing, and a query by its sign.
    page.get_by_test_id("activeEditor").locator(".monaco-editor").first.click()
    page.keyboard.insert_text(f":guide {guide.address}/guide.html")
    page.keyboard.press("Control+Enter")
    drawer = page.get_by_test_id("guidesDrawer")
    expect(drawer).to_contain_text("Who moved where, and how it is known")
    page.get_by_test_id("guideNextSlide").click()
    drawer.locator("pre.runnable", has_text="01 Findings in time order").locator("i").click()
    table = page.get_by_test_id("frame").first
    expect(table).to_contain_text("srv01.corp.example")
    page.get_by_test_id("guideNextSlide").click()
    drawer.locator("[value-for=host]").fill("dc01.corp.example")
    drawer.locator("[value-for=host]").press("End")
    expect(drawer.locator("pre.runnable", has_text=":param")).to_contain_text(":param host => 'dc01.corp.example'")
    assert errors == []
