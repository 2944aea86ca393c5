"""A real Chromium on a real server: pages that reach nothing but that server, and say what went wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import resources

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize

from graphcorr.model.progress import Silent
from graphcorr.service.demo import hunt_demo
from graphcorr.settings import Settings
from tests.api.conftest import Running, serving
from tests.chromium import chromium

PATIENCE = 20_000
"""Milliseconds: nothing here takes a second, but machines do other things as well."""


class Opened:
    """A page, with all that it asked for and all that went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address.rstrip("/")
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.refused: list[str] = []
        self.may_be_refused = ""
        """What stands in the addresses of calls that a test expects to be refused."""
        page.set_default_timeout(PATIENCE)
        page.on("request", self._note)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", self._hear)
        page.on("response", lambda answer: self.refused.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)

    def _note(self, request: Request) -> None:
        self.asked.append(request.url)

    def _hear(self, message: ConsoleMessage) -> None:
        # An answer that is refused is among the answers, with its address.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.wrong.append(message.text)

    @property
    def elsewhere(self) -> list[str]:
        """What was asked of anybody but the server."""
        return [url for url in self.asked if not url.startswith(f"{self.address}/")]

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    @property
    def path(self) -> str:
        """Where the page is, with its query."""
        return self.page.url.removeprefix(self.address)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with the module, so that others in this process may have one."""
    with chromium(PATIENCE) as started:
        yield started


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Over a state folder of its own: a test may add cases."""
    state = tmp_path_factory.mktemp("ui")
    hunt_demo(Settings(state=state, workers=1), Silent())
    with serving(state) as running:
        yield running


@pytest.fixture(scope="session")
def demo_case(server: Running) -> str:
    """The address of the demo's case in the interface."""
    [only] = [each["id"] for each in server.json("/v1/cases")["items"] if each["id"].startswith("case-")]
    return f"/cases/{only}"


Opener = Callable[..., Opened]


@pytest.fixture
def open_page(browser: Browser, server: Running) -> Iterator[Opener]:
    """Opens pages; when the test is over none may have failed or asked anybody else."""
    pages: list[Opened] = []

    def open_one(theme: str = "dark", width: int = 1280, height: int = 800, script: str | None = None) -> Opened:
        size = ViewportSize(width=width, height=height)
        context = browser.new_context(viewport=size, color_scheme="light" if theme == "light" else "dark")
        if script is not None:
            context.add_init_script(script)
        pages.append(Opened(context.new_page(), server.address))
        return pages[-1]

    yield open_one
    for each in pages:
        each.page.context.close()
    assert [wrong for each in pages for wrong in each.wrong] == []
    assert [url for each in pages for url in each.elsewhere] == []
    assert [url for each in pages for url in each.refused if not each.may_be_refused or each.may_be_refused not in url] == []


def axe() -> str:
    """axe-core, as a page takes it."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
