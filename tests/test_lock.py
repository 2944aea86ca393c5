"""The lock file is what ``make install`` installs: it has to agree with the pins and to name no package index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
LOCKED = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", LOCK, re.MULTILINE))


def test_every_runtime_dependency_is_pinned_to_what_the_lock_holds() -> None:
    pins = dict(requirement.split("==") for requirement in PROJECT["dependencies"])
    assert {package: LOCKED.get(package) for package in pins} == pins


def test_the_lock_holds_every_development_dependency() -> None:
    assert set(PROJECT["optional-dependencies"]["dev"]) - set(LOCKED) == set()


def test_every_package_has_a_hash() -> None:
    blocks = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_address() -> None:
    assert re.findall(r"^.*(?:://|index-url|find-links).*$", LOCK, re.MULTILINE) == []
