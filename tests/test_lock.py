"""The lock file is what ``make install`` installs: it has to be within the ranges and to name no package index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

REPOSITORY = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
LOCKED = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", LOCK, re.MULTILINE))


REQUIRED = [Requirement(line) for line in PROJECT["dependencies"]]
EXACT = {"duckdb", "ladybug"}
"""The engines; ``pyproject.toml`` says why."""


def test_the_lock_is_within_the_ranges() -> None:
    locked = {requirement.name: LOCKED.get(requirement.name) for requirement in REQUIRED}
    assert None not in locked.values()
    assert [str(one) for one in REQUIRED if not one.specifier.contains(locked[one.name] or "")] == []


def test_only_the_engines_are_exact() -> None:
    """Everything else can be installed beside something: it has the lowest version that was tried, and none that it must be."""
    operators = {requirement.name: sorted(part.operator for part in requirement.specifier) for requirement in REQUIRED}
    assert {name: found for name, found in operators.items() if "==" in found} == {key: ["=="] for key in EXACT}
    assert [name for name, found in operators.items() if name not in EXACT and found not in ([">="], ["<", ">="])] == []


def test_the_lowest_versions_are_no_higher_than_the_lock() -> None:
    """Nor are they all the same as it: that would be pins by another name."""
    lowest = {one.name: part.version for one in REQUIRED for part in one.specifier if part.operator == ">="}
    assert [name for name, version in lowest.items() if Version(version) > Version(LOCKED[name])] == []
    assert sum(Version(version).release[:2] < Version(LOCKED[name]).release[:2] for name, version in lowest.items()) > len(lowest) / 2


def test_the_lock_holds_every_development_dependency() -> None:
    assert set(PROJECT["optional-dependencies"]["dev"]) - set(LOCKED) == set()


def test_every_package_has_a_hash() -> None:
    blocks = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_address() -> None:
    assert re.findall(r"^.*(?:://|index-url|find-links).*$", LOCK, re.MULTILINE) == []
