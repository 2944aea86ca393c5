"""The real tshark, for whoever reads a packet capture."""

from __future__ import annotations

import os
import shutil

import pytest


def need_tshark() -> None:
    """Without tshark a test is skipped, in continuous integration it fails."""
    if shutil.which("tshark") is None:
        message = "there is no tshark: apt-get install tshark"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
