"""A real Chromium, for whoever looks at a page as a person does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright


@contextmanager
def chromium(patience: float) -> Iterator[Browser]:
    """Started, with ``patience`` milliseconds for what is expected. Without Chromium a test is skipped, in continuous integration it fails.

    As long as it runs, nothing else in this process may have a loop of its own.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        message = "there is no Chromium: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=patience)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()
