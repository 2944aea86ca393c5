"""The page about log types is the one that the declarations give; ``BLESS=1`` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

from graphcorr.logs.catalog import log_types
from graphcorr.logs.columns import EVENT_COLUMNS
from graphcorr.logs.table import table

PAGE = Path(__file__).parents[2] / "docs" / "log-types.md"


def test_the_page_is_up_to_date() -> None:
    if os.environ.get("BLESS") == "1":
        PAGE.write_text(table(), encoding="utf-8", newline="")
    assert PAGE.read_text(encoding="utf-8") == table()


def test_every_log_type_and_column_is_on_the_page() -> None:
    lines = table().splitlines()
    assert [line for line in lines if line.startswith("## ")] == ["## Event kinds", *(f"## {name}" for name in log_types()), "## Columns"]
    assert [line.split("`")[1] for line in lines if line.startswith("| `")] == list(EVENT_COLUMNS)


def test_every_column_has_a_meaning() -> None:
    assert [name for name, (_, meaning) in EVENT_COLUMNS.items() if not meaning] == []
