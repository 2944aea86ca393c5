"""Every view passes axe-core in both themes, and on a narrow screen nothing runs off the side."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Running
from tests.ui.conftest import Opener, axe


def views(server: Running, case: str) -> list[str]:
    """An address of each view, in each with something chosen where something can be."""
    finding = server.json(f"/v1{case}/findings")["items"][0]["id"]
    path = server.json(f"/v1{case}/paths")["items"][0]
    of_case = (
        *("", "/findings?min_level=high&row=1", f"/findings/{finding}", f"/movement?sel={finding}%3A0", "/paths", f"/paths/{path['id']}"),
        *("/attribution", "/hosts", f"/hosts/{path['hosts'][-1]}", f"/graph/Host/{path['hosts'][0]}", "/observations", "/sightings"),
        *("/coverage", "/patterns", "/suppressions", "/jobs", "/add", "/findings?q=nothing+has+this", "/findings/none"),
    )
    return ["/", "/patterns", "/patterns/smb-write-then-image", "/intel", "/jobs", "/nowhere", *(f"{case}{each}" for each in of_case)]


def test_no_view_breaks_a_rule_of_axe(open_page: Opener, server: Running, demo_case: str) -> None:
    """All rules in the dark theme; in the light one those that a theme can break."""
    opened = open_page(script=axe())
    opened.may_be_refused = "/findings/none"
    page = opened.page
    found: list[Any] = []
    for address in views(server, demo_case):
        opened.go(address)
        page.wait_for_selector("main h1")
        page.wait_for_selector(".waiting", state="detached")
        page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
        page.locator("details:not([open]) > summary").evaluate_all("each => each.forEach(one => one.click())")
        told = page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
        page.keyboard.press("t")
        page.wait_for_selector("html[data-theme=light]", state="attached")
        told["violations"] += page.evaluate("() => axe.run({ runOnly: ['color-contrast'] })")["violations"]
        found += [(address, each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in told["violations"]]
    assert not found, "\n".join(map(str, found))


def test_on_a_narrow_screen_nothing_runs_off_the_side(open_page: Opener, server: Running, demo_case: str) -> None:
    opened = open_page(width=390, height=844)
    opened.may_be_refused = "/findings/none"
    wide = []
    for address in views(server, demo_case):
        opened.go(address)
        opened.page.wait_for_selector("main h1")
        opened.page.wait_for_selector(".waiting", state="detached")
        if opened.page.evaluate("() => document.documentElement.scrollWidth") > 390:
            wide.append(address)
    assert wide == []


def test_the_page_of_the_api_is_whole_and_needs_nobody_else(open_page: Opener, server: Running) -> None:
    """Every call of the document is on it, with what it takes; on a narrow screen nothing runs off the side."""
    calls = {call["operationId"] for methods in server.json("/v1/openapi.json")["paths"].values() for call in methods.values()}
    opened = open_page(width=390, height=844, script=axe())
    page = opened.page
    opened.go("/v1/docs")
    page.wait_for_selector("details#list_findings")
    assert set(page.locator("main section > ul > li > details").evaluate_all("each => each.map(one => one.id)")) == calls
    for call in ("list_findings", "set_verdict", "add_events"):
        page.locator(f"details#{call} > summary").click()
    page.locator("details#set_verdict .schema > summary").first.click()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.evaluate("() => axe.run({ resultTypes: ['violations'] })")["violations"] == []
    page.get_by_placeholder("Look for a call").fill("suppressions")
    page.wait_for_selector("details#list_findings", state="detached")
    assert "add_suppression" in page.locator("main section > ul > li > details").evaluate_all("each => each.map(one => one.id)")
