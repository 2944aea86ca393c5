"""Stores are found by folder and chosen by scheme."""

from __future__ import annotations

import pytest

from graphcorr.errors import UsageError
from graphcorr.store.ladybug import LadybugStore
from graphcorr.store.open import find_stores, open_store


def test_the_embedded_store_is_found() -> None:
    assert find_stores()["ladybug"] is LadybugStore
    assert isinstance(open_store("ladybug://"), LadybugStore)


@pytest.mark.parametrize("url", ["graph.lbug", "http://localhost", "ladybug:x", ""])
def test_an_unknown_scheme_says_what_is_possible(url: str) -> None:
    usages = "; ".join(sorted({store.USAGE for store in find_stores().values()}))
    with pytest.raises(UsageError) as error:
        open_store(url)
    assert str(error.value) == f"{url!r} names no graph store; possible are {usages}"
