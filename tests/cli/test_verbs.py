"""The verbs that look at a case again, and the application around them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import Result

from graphcorr import __version__
from graphcorr.cli import main
from graphcorr.cli.verb import Verb
from graphcorr.engine.plan import Made
from graphcorr.errors import UsageError
from graphcorr.outputs import inputs, story, text
from graphcorr.service.planning import Planned
from graphcorr.settings import Settings

if TYPE_CHECKING:
    from tests.cli.conftest import Service

Run = Callable[..., Result]


def test_every_verb_is_found_in_order() -> None:
    assert [verb.name for verb in main.find_verbs()] == [
        *("hunt", "show", "paths", "explain", "attribute", "ingest", "note", "suppress", "verdict"),
        *("detect", "intel", "rebuild", "patterns", "plan", "remove", "schema"),
        *("serve", "settings", "token", "demo", "browser"),
    ]


def test_two_files_of_one_verb_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from graphcorr.cli import show

    monkeypatch.setattr(show, "VERB", Verb("hunt", show.show, place=2))
    with pytest.raises(ValueError, match=r"^two files define the verb hunt; one is graphcorr/cli/show\.py$"):
        main.find_verbs()


def test_show_prints_the_last_report_again(service: Service, run: Run) -> None:
    result = run("show")
    assert (result.exit_code, result.stdout, service.asked) == (1, text.render(service.report).plain(), [Path("cases/9f2c")])
    assert json.loads(run("show", "--json", "--case", "other").stdout)["schema"] == "graphcorr.report/1"
    assert service.asked[1:] == [Path("other")]


def test_without_a_case_there_is_nothing_to_show(service: Service, run: Run) -> None:
    service.case = None
    for verb in (["show"], ["paths"], ["explain", "5f3a"], ["detect"], ["rebuild"]):
        result = run(*verb)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", "graphcorr: there is no case yet\n")


def test_paths(service: Service, run: Run) -> None:
    result = run("paths")
    assert (result.exit_code, result.stdout) == (0, story.render(service.report).plain())
    assert list(json.loads(run("paths", "--json").stdout)) == ["schema", "case", "paths", "findings", "unfinished"]


@pytest.mark.parametrize("command", [("show", "-o"), ("hunt", "logs", "-o"), ("patterns", "list", "--patterns")])
def test_a_name_that_no_file_can_have_is_told(service: Service, run: Run, command: tuple[str, ...]) -> None:
    result = run(*command, "a" * 300)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.rstrip().endswith("File name too long")


def test_a_folder_that_went_away_is_told(service: Service, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert run("show").exit_code == 1  # nothing of it is asked for
    service.error = FileNotFoundError(2, "No such file or directory")
    result = run("show")
    assert (result.exit_code, result.stderr) == (2, "graphcorr: the current folder: No such file or directory\n")


def test_explain(service: Service, run: Run) -> None:
    result = run("explain", "5f3a9c21")
    assert (result.exit_code, service.asked) == (0, [(Path("cases/9f2c"), "5f3a9c21")])
    assert result.stdout.splitlines()[-1] == "      EventID: 1"
    assert run("explain", "5f3a9c21", "--full").stdout.splitlines()[-3:] == ["      {", '        "EventID": 1', "      }"]
    assert len(json.loads(run("explain", "5f3a9c21", "--json").stdout)["steps"]) == 2


def test_an_id_that_is_unknown_is_told(service: Service, run: Run) -> None:
    service.error = UsageError("no finding starts with zz")
    result = run("explain", "zz")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "graphcorr: no finding starts with zz\n")


def test_ingest_says_what_was_read_and_what_comes_next(service: Service, run: Run) -> None:
    result = run("ingest", "logs", "--case", "c")
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        inputs.render(service.report.inputs, 100, Path("c")).plain(),
        "Next: graphcorr detect --case c\n",
    )
    assert service.asked == [(("logs",), Path("c"), None)]
    assert json.loads(run("ingest", "logs", "--case", "c", "--json").stdout)["records"] == 5290
    assert run("ingest", "logs", "--case", "c", "--fail-on-skipped").exit_code == 2


def test_detect_runs_over_the_case(service: Service, run: Run, tmp_path: Path) -> None:
    result = run("detect", "--patterns", "p", "--full")
    assert (result.exit_code, result.stdout) == (1, text.render(service.report).plain())
    case = Path("cases/9f2c")
    own = Settings(state=tmp_path / "state", patterns=(Path("p"),))
    asked = {"since": None, "until": None, "full": True, "as_read": False}
    assert service.asked == [(case, own, asked)]
    service.asked.clear()
    run("detect", "--as-read")
    assert service.asked == [(case, Settings(state=tmp_path / "state"), asked | {"full": False, "as_read": True})]


def test_rebuild_talks_on_stderr(service: Service, run: Run) -> None:
    result = run("rebuild", "--case", "c")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "The graph of c is new.\n")


def test_a_plan_says_what_it_does_not_know_of(run: Run, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made("writes", ("events",), 3, 0.5, 0.25)
    monkeypatch.setattr("graphcorr.service.planning.plan", lambda *_args, **_options: Planned([made], ["logs"]))
    said = "Incomplete: logs was not read to its end. Rows and times are those of what was read.\n"
    assert (run("plan").stdout.splitlines()[1].split()[:2], run("plan").stderr) == (["writes", "3"], said)
    assert (json.loads(run("plan", "--json").stdout)[0]["rows"], run("plan", "--json").stderr) == (3, said)


def test_a_named_pipe_is_said_to_be_waited_for(service: Service, run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    said = "pipe is a named pipe: waiting until it is written to and closed.\n"
    assert run("hunt", "logs", "pipe").stderr == said
    assert run("ingest", "pipe", "--case", "c").stderr.startswith(said)
    descriptors = os.pipe()
    assert run("hunt", f"/dev/fd/{descriptors[0]}").stderr == ""  # a shell's <(…) has a writer
    for descriptor in descriptors:
        os.close(descriptor)


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"graphcorr {__version__}\n"


def test_a_wrong_setting_is_told_and_help_still_helps(service: Service, run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("colour = 1\n")
    result = run("show", "--config", "own.toml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "graphcorr: own.toml: colour is not a setting; "
        "there are state, store, min_level, workers, patterns, mapping, neo4j_user, neo4j_password_file, archive_password_file, "
        "baseline_until, pattern_seconds\n"
    )
    assert run("show", "--config", "own.toml", "--help").exit_code == 0


def test_settings_are_shown_with_where_they_came_from(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.toml").write_text('min_level = "high"\n')
    monkeypatch.setenv("GRAPHCORR_WORKERS", "5")
    result = run("settings", "--config", "own.toml", "--store", "ladybug:///x")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "workers                 5  (GRAPHCORR_WORKERS)\n" in result.stdout
    document = json.loads(run("settings", "--config", "own.toml", "--store", "ladybug:///x", "--json").stdout)
    assert {one["name"]: (one["value"], one["origin"]) for one in document["settings"][:5]} == {
        "state": (f"{tmp_path}/state", "GRAPHCORR_STATE"),
        "store": ("ladybug:///x", "--store"),
        "min_level": ("high", "own.toml"),
        "workers": ("5", "GRAPHCORR_WORKERS"),
        "patterns": (None, "default"),
    }
