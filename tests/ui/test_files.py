"""What the interface is made of, read without a browser: no markup from values, nothing from elsewhere, what others wrote unchanged."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "api" / "graphcorr_api" / "ui"
OURS = sorted(path for path in UI.rglob("*") if path.suffix in {".mjs", ".js", ".html", ".css"} and "vendor" not in path.parts)
PUBLISHED = {
    "preact.mjs": "bdcbd9abdf2c77c5c45326eab42191e949222d479d0d5f69467387a77040cb55",
    "hooks.mjs": "e862ab2973aa6455eaa0f77c5d832d2157d6be59a17c8ba546550a575b58c6b4",
    "htm.mjs": "ab33dd3f38059b9be4d5f5350128eefb2356639c4e0bbe9d9e8b3ba75847e9e4",
}
"""SHA-256 of the files in the packages preact 11.2.0 and htm 3.1.1 of the npm registry."""
LEFT_OUT = {"preact.mjs": "//# sourceMappingURL=preact.mjs.map\n", "hooks.mjs": "//# sourceMappingURL=hooks.mjs.map\n", "htm.mjs": ""}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_what_others_wrote_is_as_they_published_it(name: str) -> None:
    text = (UI / "vendor" / name).read_bytes().decode()
    original = text.replace('from"./preact.mjs"', 'from"preact"') + LEFT_OUT[name]
    assert hashlib.sha256(original.encode()).hexdigest() == PUBLISHED[name]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(UI).as_posix())
def test_no_value_can_become_markup_or_code(path: Path) -> None:
    """Preact makes text of values; what goes around it is not used."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|javascript:", text) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(UI).as_posix())
def test_nothing_is_named_that_lies_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://[^\s\"'`]+|url\([^)]*", text) == []


@pytest.mark.parametrize("path", [path for path in OURS if path.suffix == ".mjs"], ids=lambda path: path.relative_to(UI).as_posix())
def test_modules_are_small_and_say_what_they_are_for(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("// ")
    assert len(lines) <= 400


def test_the_interface_is_small() -> None:
    """What is loaded in a moment: the code compressed, and all of it as it is."""
    code = b"".join(path.read_bytes() for path in sorted(UI.rglob("*.mjs")) if "vendor" not in path.parts)
    assert len(gzip.compress(code)) < 60_000
    assert sum(path.stat().st_size for path in UI.rglob("*") if path.suffix != ".txt") < 300_000
