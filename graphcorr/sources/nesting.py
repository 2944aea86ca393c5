"""Documents as Elasticsearch holds them and Kibana shows them: dots in keys for nested objects, and each value in an array."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def nested(row: Mapping[str, object], outer: str, inner: str) -> object:
    """``outer.inner``, written nested or with the dot in the key."""
    value = row.get(outer)
    return value.get(inner) if isinstance(value, dict) else row.get(f"{outer}.{inner}")


def find(row: object, path: str) -> object:
    """The value at a path of nested objects, None where there is none."""
    for name in path.split("."):
        if not isinstance(row, dict):
            return None
        row = row.get(name)
    return row


def nest(row: Mapping[str, object]) -> dict[str, object]:
    """The row with an object for each part of a key before a dot: ``{"winlog.event_id": 1}`` is ``{"winlog": {"event_id": 1}}``.

    Of a text that is also indexed under a name below its own (``host.name.keyword``) only itself is kept.
    """
    found: dict[str, object] = {}
    for key in sorted(row, key=lambda key: (key.count("."), key)):
        *outer, name = key.split(".")
        place: object = found
        for part in outer:
            place = place.setdefault(part, {}) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place.setdefault(name, row[key])
    return found


def flat(row: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """The other way round: each value with the names that lead to it, dots between them."""
    for key, value in row.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def single(row: dict[str, object]) -> dict[str, object]:
    """Kibana's ``fields``, where each value is an array: what those of one value hold; any other object as it is."""
    if not all(isinstance(value, list) for value in row.values()):
        return row
    return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in row.items()}
