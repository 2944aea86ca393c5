"""Very many findings, hosts and marks: painted within a second, every answer within a tenth of one.

Measured is what the page's thread works, not what passes: other things run beside the tests.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.api.conftest import Running
from tests.ui.conftest import Opener
from tests.ui.made_up import estate

HOSTS, HOPS = 500, 10_000
"""20,000 marks: each finding here has two."""
PAINTED, ANSWERED = 1000, 100
"""Milliseconds."""


@pytest.fixture(scope="module")
def many(server: Running) -> str:
    estate(HOSTS, HOPS).publish(server.state, "estate-0", "Estate")
    return "/cases/estate-0"


class Work:
    """What the page's thread has worked so far."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def milliseconds(self) -> float:
        told = {each["name"]: each["value"] for each in self._session.send("Performance.getMetrics")["metrics"]}
        return float(told["TaskDuration"]) * 1000

    def each(self, page: Page, keys: str) -> float:
        """Of one key, with the frame that shows its effect."""
        names = keys.split()
        begin = self.milliseconds()
        for key in names:
            page.keyboard.press(key)
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        return (self.milliseconds() - begin) / len(names)


def test_lanes_of_very_many_hosts_and_marks(open_page: Opener, many: str) -> None:
    opened = open_page(width=1440, height=900)
    opened.may_be_refused = "/evidence"
    page = opened.page
    work = Work(page)
    opened.go(f"{many}/movement")
    page.wait_for_selector(".lanes .legend")
    assert work.milliseconds() < PAINTED
    # One more is where a path may have led.
    expect(page.locator(".lanes > .bar .note")).to_contain_text("501 hosts, 10,000 findings, 20,000 marks")
    page.get_by_role("application").focus()
    assert work.each(page, "ArrowRight ArrowDown ArrowDown ArrowRight + + - 0 ArrowUp Shift+ArrowRight") < ANSWERED
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("application").focus()
    assert work.each(page, "ArrowRight ArrowDown ArrowDown ArrowRight + + - 0 ArrowUp Shift+ArrowRight") < ANSWERED


def test_a_table_of_very_many_findings(open_page: Opener, many: str) -> None:
    opened = open_page()
    page = opened.page
    work = Work(page)
    opened.go(f"{many}/findings")
    page.wait_for_selector("tbody tr a")
    assert work.milliseconds() < PAINTED
    assert page.locator("table").get_attribute("aria-rowcount") == str(HOPS + 1)
    page.locator("h1").click()
    assert work.each(page, "j j j j k k j j") < ANSWERED
    # Rows come as they are needed, and no more of them are in the page than are to be seen.
    for _ in range(12):
        page.locator(".table").evaluate("(box) => { box.scrollTop += 2000; }")
        page.wait_for_timeout(60)
    expect(page.locator("tbody tr[aria-rowindex]").first).to_have_attribute("aria-rowindex", re.compile(r"^[1-9]\d{2,}$"))
    assert page.locator("tbody tr").count() < 80
