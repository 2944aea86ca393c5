"""Every command that a page names works as it is pasted: it is about the case that the page is about."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from typer.testing import Result

from graphcorr.case.naming import remember
from graphcorr.service import cases
from graphcorr.settings import Settings
from tests.cli.conftest import Service

Run = Callable[..., Result]
OTHER = "other case"
COMMAND = re.compile(r"graphcorr (?:show|paths|explain|detect|suppress list)(?: (?:--[a-z-]+|informational|'[^']*'|[0-9a-f-]{8,}))*")
is_last = cases.is_last


@pytest.fixture(autouse=True)
def hiding(service: Service) -> None:
    """Some findings are below the level, many set aside by many rules, and a log is not read to its end: each has its command."""
    report = service.report
    aside = next(each for each in report.findings if each.suppressed is not None)
    assert aside.suppressed is not None
    more = [
        msgspec.structs.replace(aside, id=f"{number:08x}-0", suppressed=msgspec.structs.replace(aside.suppressed, rule=f"r{number}"))
        for number in range(9)
    ]
    inputs = msgspec.structs.replace(report.inputs, unfinished=["logs"])
    service.report = msgspec.structs.replace(report, findings=[*report.findings, *more], inputs=inputs)


@pytest.fixture(params=["40", "100"])
def width(request: pytest.FixtureRequest, run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of the page; ``run`` has set another one before."""
    monkeypatch.setenv("COLUMNS", request.param)
    return str(request.param)


@pytest.mark.usefixtures("width")
@pytest.mark.parametrize(
    ("verb", "named"),
    [
        (("show",), {"show", "paths", "explain", "detect", "suppress"}),
        (("detect",), {"show", "paths", "explain", "detect", "suppress"}),
        (("hunt", "logs"), {"show", "paths", "explain", "detect", "suppress"}),
        (("paths",), {"show", "explain"}),
        (("ingest", "logs"), {"detect"}),
    ],
)
def test_commands_name_the_case_that_they_would_not_take_else(service: Service, run: Run, verb: tuple[str, ...], named: set[str]) -> None:
    printed = run(*verb, "--case", OTHER).output
    commands = [match.group() for match in COMMAND.finditer(printed)]
    assert {command.split()[1] for command in commands} == named
    assert len(commands) == len(re.findall(r"graphcorr (?:show|paths|explain|detect|suppress)\b", printed))
    for command in commands:
        assert f" --case '{OTHER}'" in command
        if command.split()[1] != "suppress":  # the stand-in has no rules
            service.asked.clear()
            assert run(*shlex.split(command)[1:]).exit_code in {0, 1, 2}
            asked = service.asked[0]
            assert (asked[0] if isinstance(asked, tuple) else asked) == Path(OTHER)


@pytest.mark.parametrize("verb", [("show",), ("detect",), ("hunt", "logs"), ("paths",)])
def test_of_the_last_case_they_are_short(run: Run, verb: tuple[str, ...]) -> None:
    printed = run(*verb).stdout
    assert "graphcorr explain " in printed
    assert "--case 'cases" not in printed
    assert "--case cases" not in printed


@pytest.mark.parametrize("verb", [("show",), ("detect",), ("hunt", "logs"), ("paths",)])
def test_a_page_in_a_file_and_one_of_other_settings_always_name_it(run: Run, tmp_path: Path, verb: tuple[str, ...]) -> None:
    run(*verb, "-o", "page.txt")
    (tmp_path / "own.toml").write_text("", encoding="utf-8")
    for printed in ((tmp_path / "page.txt").read_text(encoding="utf-8"), run(*verb, "--config", "own.toml").stdout):
        assert re.search(r"graphcorr explain [0-9a-f-]+ --case cases/9f2c", printed)


def test_the_last_case_is_the_one_that_was_hunted_in_last(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert not is_last(tmp_path / "a", settings)
    remember(settings.state, tmp_path / "a")
    assert [is_last(tmp_path / name, settings) for name in ("a", "b", "b/../a")] == [True, False, True]
