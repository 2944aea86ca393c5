"""The saved queries: files of Cypher that say in their first lines what they are for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import graphcorr

_PARAMETER: Final = re.compile(r":param (?P<name>[a-z_]+) => '(?P<example>[^']*)'")


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query with the words above it. ``text`` is the whole file: Browser keeps it under its first line."""

    id: str
    """The file's name without its ending; the number in front is the order."""
    title: str
    meaning: str
    parameters: dict[str, str]
    """What it has to be told, each with an example that works on the samples of ``graphcorr demo``."""
    text: str


def browser_folder() -> Path:
    """Where guide, style and queries lie: beside the code in a wheel, at the top of a checkout."""
    package = Path(graphcorr.__file__).parent
    packaged = package / "_browser"
    return packaged if packaged.is_dir() else package.parent / "browser"


def load_queries() -> list[SavedQuery]:
    """All saved queries in their order."""
    return [read_query(path) for path in sorted((browser_folder() / "queries").glob("*.cypher"))]


def read_query(path: Path) -> SavedQuery:
    """One file; a ``ValueError`` when it does not begin with its title, which is a bug in the package."""
    text = path.read_text(encoding="utf-8")
    words: list[str] = []
    for line in text.splitlines():
        if not line.startswith("//"):
            break
        words.append(line.removeprefix("//").strip())
    if not words:
        raise ValueError(f"{path.name} does not begin with // and a title")
    parameters = {match["name"]: match["example"] for word in words if (match := _PARAMETER.search(word))}
    meaning = " ".join(word for word in words[1:] if not _PARAMETER.search(word))
    return SavedQuery(path.stem, words[0], meaning, parameters, text)
