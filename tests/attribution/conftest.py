"""The packaged facts, and the incidents of the benchmark, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.attribution.incidents import World, load_world
from graphcorr.attribution.knowledge import Knowledge
from graphcorr.intel.facts import packaged_facts


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge(packaged_facts())


@pytest.fixture(scope="session")
def world(shared: Path) -> World:
    return load_world(shared / "attack")
