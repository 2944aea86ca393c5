"""The docs cannot lie: what they show exists, and what exists is documented."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from graphcorr.settings import IN_FILE, NAMES, PREFIX
from tests.reference import children, command_reference, commands, spellings, with_reference

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
DOCS = [
    REPOSITORY / name
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "docker/README.md",
        "docs/api.md",
        "docs/browser.md",
        "docs/default-logging.md",
        "docs/mapping.md",
        "docs/operations.md",
        "docs/pages.md",
    )
]
COMMANDS = dict(commands())
# `graphcorr hunt LOGS --json` in a code span, or at the start of a line of a code block.
_SHOWN = re.compile(r"`(?:\.venv/bin/)?(graphcorr [^`\n]+)`|^\s*\$?\s*(?:\.venv/bin/)?(graphcorr [^\n#]+)", re.MULTILINE)


def shown_commands(text: str) -> list[str]:
    return [(first or second).strip() for first, second in _SHOWN.findall(text)]


def refusal(shown: str) -> str | None:
    """Why a shown command line would not work; None when it would."""
    words = shown.split()
    name = words.pop(0)
    while words and children(COMMANDS[name]):
        if words[0].startswith(("-", "[")):
            break
        verb = words.pop(0)
        if verb not in children(COMMANDS[name]):
            return f"{shown}: {name} has no {verb}"
        name = f"{name} {verb}"
    known = spellings(COMMANDS[name]) | {"--help", "-h"}
    strange = [option for word in words if (option := word.split("=")[0]).startswith("--") and option not in known]
    return f"{shown}: {name} has no {' '.join(strange)}" if strange else None


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_every_command_and_option_in_the_docs_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [reason for shown in shown_commands(text) if (reason := refusal(shown))] == []


def test_the_check_sees_a_wrong_verb_and_a_wrong_option() -> None:
    text = "Run `graphcorr hunt LOGS --jsno` or\n\n    graphcorr hnut LOGS\n"
    assert [refusal(shown) for shown in shown_commands(text)] == [
        "graphcorr hunt LOGS --jsno: graphcorr hunt has no --jsno",
        "graphcorr hnut LOGS: graphcorr has no hnut",
    ]


def test_the_readme_holds_the_command_reference() -> None:
    """`make bless` rewrites it."""
    text = README.read_text(encoding="utf-8")
    assert command_reference() in text
    assert with_reference(text) == text


def test_every_command_is_documented() -> None:
    text = README.read_text(encoding="utf-8")
    leaves = {name for name, command in COMMANDS.items() if not children(command)}
    assert {name for name in leaves if f"### `{name}" not in text} == set()


def test_every_setting_is_in_the_readme_and_there_is_no_other() -> None:
    """With its variable, and its name in a file where a file may say it."""
    rows = re.findall(r"^\| `(GRAPHCORR_[A-Z0-9_]+)` \| (?:`(\w+)` )?\|", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(rows) == {f"{PREFIX}{name.upper()}": name if name in IN_FILE else "" for name in NAMES}
    assert len(rows) == len(NAMES)
    code = (REPOSITORY / "graphcorr" / "settings.py").read_text(encoding="utf-8")
    assert {name for name in re.findall(r"GRAPHCORR_[A-Z0-9_]+", code) if not name.endswith("_")} == dict(rows).keys()


def test_every_make_target_in_the_docs_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {target for path in DOCS for target in re.findall(r"(?:`|^\s*)make ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE)}
    assert shown - targets == set()
    assert {"install", "demo", "test", "lint", "bench", "bless"} <= targets


def test_every_file_that_the_docs_name_exists() -> None:
    """Links, and paths in code spans that begin with a folder of the repository; ``<…>`` and ``*`` stand for a name."""
    folders = "|".join(entry.name for entry in REPOSITORY.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    named = re.compile(rf"`((?:{folders})/[\w./-]*)`|\]\((?!https?:|#)([^)#]+)")
    missing = [
        f"{path.name}: {target}"
        for path in DOCS
        for pair in named.findall(path.read_text(encoding="utf-8"))
        if (target := pair[0] or pair[1]) and not ((REPOSITORY / target).exists() or (path.parent / target).exists())
    ]
    assert missing == []


def test_the_supported_pythons_are_the_ones_in_the_readme() -> None:
    required = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert required == ">=3.11,<3.14"
    assert "Python 3.11, 3.12 or 3.13" in README.read_text(encoding="utf-8")
