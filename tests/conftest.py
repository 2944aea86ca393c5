"""What all tests share: where the public telemetry lies, and when its absence is a failure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"
"""Public datasets with their labels, beside the checkout; never inside it."""


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public datasets. Without it a test is skipped, but in continuous integration it fails."""
    if not SHARED.is_dir():
        message = "the public datasets are not beside the checkout (../shared)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED
