"""The settings of a run, each with its value and where that came from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from graphcorr.outputs.layout import Page, Style
from graphcorr.settings import DEFAULT, NAMES, PREFIX, SECRET
from graphcorr.store.login import hide_password

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.settings import Settings

SCHEMA: Final = "graphcorr.settings/1"
_UNSET: Final = {
    "store": "the case's own graph file",
    "workers": "one per core",
    "patterns": "those of the package alone",
    "mapping": "only products that are known",
    "baseline_until": "none, and nothing is judged uncommon",
    "neo4j_user": "neo4j, unless the server's address names one",
}
"""What holds where nothing is set; of what is not here, nothing."""


def shown_value(settings: Settings, name: str) -> str | None:
    """The value of a setting, None where it has none. That a secret is set is all that is said of it."""
    match name:
        case "neo4j_user" | "neo4j_password" | "neo4j_password_file":
            value: object = getattr(settings.neo4j, name.removeprefix("neo4j_"))
        case "patterns" | "mapping":
            value = os.pathsep.join(map(str, getattr(settings, name))) or None
        case "store":
            value = hide_password(settings.store) if settings.store is not None else None
        case _:
            value = getattr(settings, name)
    if value is None:
        return None
    return "(not shown)" if name in SECRET else str(value)


def render(settings: Settings, file: Path, width: int = 100) -> Page:
    """A line for each setting: name, value, origin; then where the user's settings file is looked for."""
    page = Page(width)
    column = max(len(name) for name in NAMES) + 3
    for name in NAMES:
        origin = settings.origin(name)
        value = shown_value(settings, name) or _UNSET.get(name, "nothing")
        page.label(name, f"{value}  ({origin})", indent=0, column=column, style=Style.FAINT if origin == DEFAULT else Style.PLAIN)
    page.blank()
    page.add(f"The user's settings file is {file}{'' if file.is_file() else ', which does not exist'}.", style=Style.FAINT)
    page.add(f"The variable of a setting is its name in capitals behind {PREFIX}.", style=Style.FAINT)
    return page


def to_document(settings: Settings, file: Path) -> dict[str, object]:
    """``graphcorr settings --json``; ``value`` is null where nothing is set, ``origin`` a variable, an option, a file or "default"."""
    return {
        "schema": SCHEMA,
        "file": {"path": str(file), "exists": file.is_file()},
        "settings": [
            {"name": name, "variable": PREFIX + name.upper(), "value": shown_value(settings, name), "origin": settings.origin(name)}
            for name in NAMES
        ],
    }
