"""What contributors run: the menu, the hooks, the workflow and the templates call and name only what exists."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import REPOSITORY
from tests.reference import commands

MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
TARGETS = dict(re.findall(r"^([a-z-]+):([^\n]*(?:\n\t[^\n]*)*)", MAKEFILE, re.MULTILINE))
HOOKS = REPOSITORY / ".pre-commit-config.yaml"
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
TEMPLATES = sorted((REPOSITORY / ".github").rglob("*.md"))
PROGRAMS = Path(sys.executable).parent
"""Of the environment that runs the tests, which holds what ``make install`` installs."""


def programs_of(text: str) -> set[str]:
    return set(re.findall(r"(?:\$\(BIN\)|\.venv/bin)/([a-z0-9-]+)", text))


def missing(text: str) -> list[str]:
    """Programs, scripts and modules that a piece of the menu, a hook or a workflow calls, and that are not there."""
    scripts = {f".ci/{name}" for name in re.findall(r"\.ci/([a-z0-9-]+)", text)}
    modules = set(re.findall(r"-m ((?:graphcorr|tests|benchmarks)[\w.]*)", text))
    return [
        *sorted(name for name in programs_of(text) if not (PROGRAMS / name).exists()),
        *sorted(name for name in scripts if not os.access(REPOSITORY / name, os.X_OK)),
        *sorted(
            name
            for name in modules
            if not any((REPOSITORY / (name.replace(".", "/") + ending)).exists() for ending in (".py", "/__main__.py"))
        ),
        *sorted(set(re.findall(r"\bmake ([a-z-]+)", text)) - TARGETS.keys()),
    ]


@pytest.mark.parametrize("target", TARGETS)
def test_the_menu_calls_what_exists(target: str) -> None:
    assert missing(TARGETS[target]) == []
    needed = TARGETS[target].partition("##")[0].split("\n")[0].split()
    assert [name for name in needed if name not in TARGETS and not name.startswith("$")] == []


def test_the_menu_has_every_entry_and_says_what_it_does() -> None:
    [phony] = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert set(phony.split()) == TARGETS.keys()
    assert [name for name, body in TARGETS.items() if "## " not in body.split("\n")[0]] == []
    assert {"format", "lint", "test", "lock", "bless"} <= TARGETS.keys()


def test_what_is_not_there_is_noticed() -> None:
    text = "\t.ci/nothing\n\t$(BIN)/no-such-program -m tests.nowhere\n\tmake nonsense\n\t.venv/bin/python -m benchmarks"
    assert missing(text) == ["no-such-program", ".ci/nothing", "tests.nowhere", "nonsense"]


def test_hooks_call_what_exists_and_what_lint_calls() -> None:
    hooks = [hook for repository in _read(HOOKS)["repos"] for hook in repository["hooks"]]
    known = {name for name, _ in commands()}
    entries = [hook["entry"] for hook in hooks]
    assert [line for entry in entries for line in missing(entry)] == []
    assert [hook["id"] for hook in hooks if hook["language"] != "system"] == []
    for entry in entries:
        program, *words = shlex.split(entry)
        if program.endswith("/graphcorr"):
            assert " ".join(["graphcorr", *words]) in known
        else:
            assert f"$(BIN)/{Path(program).name} {' '.join(words)}".strip() in TARGETS["lint"]
    for hook in hooks:
        if "files" in hook:
            files = [path.relative_to(REPOSITORY).as_posix() for folder in ("cypher", "tests") for path in (REPOSITORY / folder).rglob("*")]
            assert len([path for path in files if re.search(hook["files"], path)]) > 2


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_what_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert missing(text) == []
    steps = [step for job in _read(path)["jobs"].values() for step in job["steps"]]
    assert ".ci/run" in [step.get("run") for step in steps]
    assert [step for step in steps if ("run" in step) == ("uses" in step)] == []


def test_there_is_a_workflow_and_a_template_for_each_occasion() -> None:
    assert [path.name for path in WORKFLOWS] == ["checks.yml"]
    assert [path.name for path in TEMPLATES] == ["defect.md", "proposal.md", "pull_request_template.md"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_names_what_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert missing(text) == []
    assert [name for name in re.findall(r"\b([A-Z]+\.md)\b", text) if not (REPOSITORY / name).exists()] == []
    if path.parent.name == "ISSUE_TEMPLATE":
        _, header, body = text.split("---\n", 2)
        assert set(yaml.safe_load(header)) == {"name", "about", "labels"}
        assert body.strip()


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def test_the_changelog_has_what_is_not_released_on_top() -> None:
    """In the order of Keep a Changelog; a version that is released here is the package's."""
    text = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert versions[0] == "Unreleased"
    kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
    for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]:
        told = re.findall(r"^### (.+)$", part, re.MULTILINE)
        assert told == [kind for kind in kinds if kind in told] != []
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}", version) for version in versions[1:])
