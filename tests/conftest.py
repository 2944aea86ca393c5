"""What all tests share: where the public telemetry lies, and when its absence is a failure."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.servers import LONG_TERM, PASSWORD, MissingServerError, Server, use_server

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"
"""Public datasets with their labels, beside the checkout; never inside it."""


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Cases, intelligence and settings of whoever runs the tests are neither read nor touched."""
    monkeypatch.setenv("GRAPHCORR_STATE", str(tmp_path_factory.getbasetemp() / f"state-{uuid.uuid4().hex}"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / f"config-{uuid.uuid4().hex}"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public datasets. Without it a test is skipped, but in continuous integration it fails."""
    if not SHARED.is_dir():
        message = "the public datasets are not beside the checkout (../shared)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED


@pytest.fixture(params=[LONG_TERM])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A real Neo4j server with an empty database, for this test alone; ``GRAPHCORR_NEO4J_PASSWORD`` is its password.

    Of the long-term version, unless a test is marked ``on_all_versions``: what the driver or our own code decides is the same.
    Without one a test is skipped, but in continuous integration it fails.
    """
    monkeypatch.setenv("GRAPHCORR_NEO4J_PASSWORD", PASSWORD)
    try:
        with use_server(request.param) as running:
            yield running
    except MissingServerError as error:
        missing_server(error)


def missing_server(error: MissingServerError) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(str(error))
    pytest.skip(str(error))
