"""The damage of a common cleaner: every ``type--uuid`` gone from refs and ids, everything in angle brackets from descriptions."""

from __future__ import annotations

import re
from typing import Final

import orjson

_ID: Final = re.compile(r"[a-z]+--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TAG: Final = re.compile(r"<[^>]*>")


def damage(text: bytes) -> bytes:
    """One object as the cleaner leaves it."""
    value: dict[str, object] = orjson.loads(text)
    for key, held in value.items():
        if key == "description" and isinstance(held, str):
            value[key] = _TAG.sub("", held)
        elif (key == "id" or key.endswith("_ref")) and isinstance(held, str):
            value[key] = _ID.sub("", held)
        elif key.endswith("_refs") and isinstance(held, list):
            value[key] = [_ID.sub("", str(one)) for one in held]
    return orjson.dumps(value)
