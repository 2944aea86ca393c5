"""A case's own pattern is written in the browser: checked with the place of each problem, kept, run, changed and taken away."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.api.conftest import Running
from tests.ui.conftest import Opener, axe

CHECKED = 90_000
"""Milliseconds: a process of its own checks it, which waits for others on a busy machine."""


def test_one_is_written_checked_kept_changed_and_removed(open_page: Opener, server: Running, demo_case: str) -> None:
    opened = open_page(script=axe())
    page = opened.page
    opened.go(f"{demo_case}/patterns")
    expect(page.get_by_text("This case has no pattern of its own")).to_be_visible()
    page.get_by_role("button", name="Write one").click()
    text = page.get_by_label("Header and Cypher")
    begun = text.input_value()
    text.fill(begun.replace("MATCH (logon:Logon)-", "MATCH (w:Write), (logon:Logon)-"))
    page.get_by_role("button", name="Keep it in this case").click()
    expect(page.get_by_role("status").filter(has_text="nothing joins this")).to_be_visible(timeout=CHECKED)
    assert page.evaluate("() => axe.run({ resultTypes: ['violations'] })")["violations"] == []
    page.get_by_role("button", name="Show line 13, column 18").click()
    assert text.evaluate("field => field.value.slice(field.selectionStart).startsWith('(logon:Logon)')")
    text.fill(begun.replace("title: Logon of one account", "title: <b>Former</b>"))
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Nothing is wrong with it")).to_be_visible(timeout=CHECKED)
    page.get_by_role("button", name="Keep it in this case").click()
    expect(page.locator(".rule strong")).to_have_text("<b>Former</b>", timeout=CHECKED)
    expect(page.get_by_text("The next detection runs the patterns as they are now.")).to_be_visible()
    page.get_by_role("button", name="Detect now").click()
    expect(page.locator(".job .status").first).to_have_text("done", timeout=CHECKED)
    opened.go(f"{demo_case}/coverage")
    page.get_by_role("link", name="<b>Former</b>").click()
    page.get_by_role("button", name="Change logon-of-one-account").click()
    assert "<b>Former</b>" in text.input_value()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Remove logon-of-one-account").click()
    expect(page.get_by_text("This case has no pattern of its own")).to_be_visible()
    assert server.json(f"/v1{demo_case}/patterns")["items"] == []
