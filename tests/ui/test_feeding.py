"""A team brings its logs in the browser, follows what becomes of them, and is let in with a token."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from graphcorr.service.tokens import Role, add_token
from graphcorr.settings import Settings
from graphcorr.simulate.demo import write_demo
from tests.api.conftest import serving
from tests.ui.conftest import Opened, Opener


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("logs")
    write_demo(folder)
    return sorted(folder.iterdir())


def test_logs_are_given_read_and_looked_at(open_page: Opener, logs: list[Path]) -> None:
    opened = open_page()
    # Before anything was looked for there is no overview: that is said in words.
    opened.may_be_refused = "/overview"
    page = opened.page
    opened.go("/")
    page.get_by_label("New case").fill("Branch <b>office</b>")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Add logs")).to_be_visible()
    page.get_by_label("Files", exact=True).set_input_files(logs)
    expect(page.get_by_role("heading", name=f"{len(logs)} files to send")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    # It is read, then looked at, then shown.
    expect(page.get_by_role("heading", level=1)).to_have_text("Branch <b>office</b>", timeout=60_000)
    expect(page.locator(".tiles a").first).to_have_text("4 findings")
    page.get_by_role("link", name="Jobs").click()
    expect(page.locator(".job")).to_have_count(2)
    expect(page.locator(".job .status").first).to_have_text("done")


def test_what_is_dropped_onto_the_page_is_what_is_sent(open_page: Opener, demo_case: str) -> None:
    opened = open_page()
    page = opened.page
    opened.go(f"{demo_case}/add")
    dropped = page.evaluate_handle(
        "() => { const held = new DataTransfer(); held.items.add(new File(['{}'], '<i>x</i>.json')); return held; }"
    )
    page.locator(".drop").dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.locator(".lines code")).to_have_text("<i>x</i>.json")


def test_a_server_that_wants_a_token_asks_for_it(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    _, token = add_token("analyst", Role.READ, Settings(state=tmp_path, workers=1))
    with serving(tmp_path) as running:
        context = browser.new_context()
        opened = Opened(context.new_page(), running.address)
        page = opened.page
        opened.go("/patterns")
        page.get_by_label("Token").fill("no-such-token")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("not known here")
        page.get_by_label("Token").fill(token)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Patterns")).to_be_visible()
        expect(page.locator(".top .note")).to_have_text("analyst, read")
        assert token not in page.url
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        context.close()
        assert opened.wrong == []
