"""Objects that stand for several records: what they share, and a list of what each has of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from graphcorr.sources.json_text import replace_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def open_bundles(values: Iterable[tuple[object, str]]) -> Iterator[tuple[object, str]]:
    """Each value with its text; of Zircolite's rule with its matches a value a match, which has the rule's own fields beside ``match``."""
    for value, text in values:
        matches = value.get("matches") if isinstance(value, dict) and "rule_level" in value else None
        if not isinstance(value, dict) or not isinstance(matches, list):
            yield value, text
            continue
        shared = {key: one for key, one in value.items() if key not in ("matches", "sigma")}
        for match in matches:
            row = replace_surrogates({**shared, "match": match})
            yield row, orjson.dumps(row).decode()
