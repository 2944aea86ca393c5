"""Whatever stands in a log stands in the page as text: nothing of it is markup, runs, or leads anywhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.api.conftest import Running
from tests.ui.conftest import Opener
from tests.ui.made_up import Made

SCRIPT = """<img src=x onerror="window.hit=1"><script>window.hit=1</script><a href="javascript:window.hit=1">'"`${7*7}"""
HOST = """<svg/onload=window.hit=1>.corp.example"""
FILE = rf"C:\Windows\{SCRIPT}.exe"


@pytest.fixture
def hostile(server: Running) -> str:
    made = Made()
    made.hop(
        *("ws-1.corp.example", HOST, 0, FILE),
        title=SCRIPT,
        account=f"CORP\\{SCRIPT}",
        why=[SCRIPT],
        limits=[SCRIPT],
        techniques=[SCRIPT],
    )
    case = "hostile-0"
    if not (Path(server.state) / "cases" / case).exists():
        made.publish(server.state, case, SCRIPT, SCRIPT)
    return f"/cases/{case}"


def test_what_logs_say_is_text_in_every_view(open_page: Opener, server: Running, hostile: str) -> None:
    [finding] = server.json(f"/v1{hostile}/findings")["items"]
    [path] = server.json(f"/v1{hostile}/paths")["items"]
    opened = open_page()
    # There are no such records: that is said in words.
    opened.may_be_refused = "/evidence"
    page = opened.page
    shown = 0
    views = (
        *("", "/findings", f"/findings/{finding['id']}", f"/movement?sel={finding['id']}%3A1", "/paths", f"/paths/{path['id']}"),
        *(
            "/attribution",
            "/hosts",
            f"/hosts/{quote(HOST, safe='')}",
            "/observations",
            "/coverage",
            "/jobs",
            f"/findings?file={quote(FILE)}",
        ),
    )
    for view in ("/", *(f"{hostile}{each}" for each in views)):
        opened.go(view)
        page.wait_for_selector("main h1")
        page.wait_for_selector(".waiting", state="detached")
        page.locator("details:not([open]) > summary").evaluate_all("each => each.forEach(one => one.click())")
        shown += any(each in page.locator("body").inner_text() for each in (SCRIPT, HOST))
        assert page.evaluate("() => window.hit") is None, view
        assert page.locator("img[src=x], svg[onload], a[href^=javascript]").count() == 0, view
    # The case itself is called so: every view says it.
    assert shown == len(views) + 1


def test_a_mark_with_hostile_names_is_told_as_text_when_pointed_at(open_page: Opener, hostile: str) -> None:
    opened = open_page()
    # There are no such records: that is said in words.
    opened.may_be_refused = "/evidence"
    page = opened.page
    opened.go(f"{hostile}/movement")
    canvas = page.get_by_role("application")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lanes [aria-live=polite]")).to_contain_text(HOST)
    assert page.evaluate("() => window.hit") is None
