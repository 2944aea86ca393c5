"""What the tests of intelligence share: the package's facts, the damaged records, a release, a library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcorr.intel.facts import Facts, packaged_facts
from graphcorr.intel.known import Known
from graphcorr.intel.library import Library
from graphcorr.intel.reading import Document, read_documents


@pytest.fixture(scope="session")
def facts() -> Facts:
    return packaged_facts()


@pytest.fixture(scope="session")
def known(facts: Facts) -> Known:
    return Known(facts)


@pytest.fixture(scope="session")
def seeds(shared: Path) -> Path:
    """Fourteen damaged relationships, what they were, and the same statements in prose."""
    return shared / "seeds"


@pytest.fixture(scope="session")
def damaged(seeds: Path) -> Document:
    (document,) = read_documents([str(seeds / "damaged-attack-relationships.txt")])
    return document


@pytest.fixture(scope="session")
def release(shared: Path) -> Document:
    """ATT&CK Enterprise 18.1 whole."""
    (document,) = read_documents([str(shared / "attack" / "enterprise-attack-18.1.json.zst")])
    return document


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    held = Library(tmp_path / "intel")
    yield held
    held.close()
