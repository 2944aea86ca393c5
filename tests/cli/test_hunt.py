"""``graphcorr hunt``: what it asks for, what it prints where, how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import msgspec
import pytest
from typer.testing import Result

from graphcorr.errors import InputError
from graphcorr.model.findings import Level
from graphcorr.outputs import text
from graphcorr.service.hunting import HuntOptions
from graphcorr.settings import Settings
from tests.powerless import only_readable

if TYPE_CHECKING:
    from tests.cli.conftest import Service

Run = Callable[..., Result]
replace = msgspec.structs.replace


def test_findings_exit_1_and_the_report_is_on_stdout_alone(service: Service, run: Run) -> None:
    result = run("hunt", "logs")

    assert (result.exit_code, result.stdout, result.stderr) == (1, text.render(service.report).plain(), "")


def test_nothing_found_exits_0(service: Service, run: Run) -> None:
    service.report = replace(service.report, findings=[])
    assert run("hunt", "logs").exit_code == 0


@pytest.mark.parametrize(("level", "status"), [("critical", 0), ("high", 1), ("medium", 1), ("low", 1), ("informational", 1)])
def test_min_level_decides_the_status(service: Service, run: Run, level: str, status: int) -> None:
    assert run("hunt", "logs", "--min-level", level).exit_code == status


def test_below_min_level_and_suppressed_do_not_count(service: Service, run: Run) -> None:
    service.report = replace(service.report, findings=service.report.findings[3:])

    assert [(each.level, each.suppressed is None) for each in service.report.findings] == [(Level.LOW, True), (Level.HIGH, False)]
    assert run("hunt", "logs").exit_code == 0
    assert run("hunt", "logs", "--min-level", "low").exit_code == 1


def test_json_is_the_whole_report(service: Service, run: Run) -> None:
    result = run("hunt", "logs", "--json", "--min-level", "critical")

    assert result.exit_code == 0
    assert [each["id"] for each in json.loads(result.stdout)["findings"]] == [each.id for each in service.report.findings]
    assert result.stderr == ""


@pytest.mark.parametrize(("arguments", "as_json"), [(["-o", "r.txt"], False), (["-o", "r.json"], True), (["--json", "-o", "r.txt"], True)])
def test_output_goes_to_the_file_instead(service: Service, run: Run, tmp_path: Path, arguments: list[str], as_json: bool) -> None:
    result = run("hunt", "logs", *arguments)
    written = (tmp_path / arguments[-1]).read_text(encoding="utf-8")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{text.render(service.report, width=1000).lines[0].text} The report is in {arguments[-1]}.\n"
    if as_json:
        assert json.loads(written)["schema"] == "graphcorr.report/1"
    else:
        assert written == text.render(service.report, case=Path("cases/9f2c")).plain()
    assert sorted(each.name for each in tmp_path.iterdir()) == [arguments[-1]]


def test_an_output_that_cannot_be_written_is_refused_before_the_work(service: Service, run: Run) -> None:
    result = run("hunt", "logs", "--output", "nowhere/r.json")

    assert (result.exit_code, result.stderr) == (2, "graphcorr: --output nowhere/r.json: its folder does not exist\n")
    assert service.asked == []


@pytest.mark.parametrize(
    ("path", "output"),
    [
        ("logs/a.json", "logs/a.json"),
        ("logs/a.json", "./logs/../logs/a.json"),
        ("logs", "logs/a.json"),
        ("log*/*.json", "logs/a.json"),
        ("logs", "hard.json"),
        ("logs", "soft.json"),
        ("soft.json", "logs/a.json"),
    ],
)
def test_no_log_is_replaced_by_the_report(service: Service, run: Run, tmp_path: Path, path: str, output: str) -> None:
    log = tmp_path / "logs" / "a.json"
    log.parent.mkdir()
    log.write_text("evidence", encoding="utf-8")
    (tmp_path / "hard.json").hardlink_to(log)
    (tmp_path / "soft.json").symlink_to(log)
    result = run("hunt", path, "-o", output)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"graphcorr: --output {Path(output)}: is one of the files that are to be read; name another\n"
    assert (service.asked, log.read_text(encoding="utf-8")) == ([], "evidence")


def test_a_log_on_standard_input_is_not_replaced_either(
    service: Service, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "a.json"
    log.write_text("evidence", encoding="utf-8")
    with log.open() as stdin:
        monkeypatch.setattr("graphcorr.sources.inputs.sys", SimpleNamespace(stdin=stdin))
        assert run("hunt", "-", "-o", "a.json").exit_code == 2
    assert (service.asked, log.read_text(encoding="utf-8")) == ([], "evidence")


def test_a_report_may_replace_another_file_and_stand_new_among_the_logs(service: Service, run: Run, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.json").write_text("evidence", encoding="utf-8")
    (tmp_path / "old.json").write_text("an older report", encoding="utf-8")
    for output in ("old.json", "logs/new.json"):
        assert run("hunt", "logs", "-o", output).exit_code == 1
        assert json.loads((tmp_path / output).read_text(encoding="utf-8"))["schema"] == "graphcorr.report/1"
    assert service.asked == [(HuntOptions(("logs",)), Settings(state=tmp_path / "state"))] * 2


def test_a_log_that_was_not_judged_ends_with_2_also_beside_findings(service: Service, run: Run) -> None:
    """Files that are no logs change nothing; what is left of a log that was cut off is no answer about the rest."""
    cut, other = service.report.inputs.files[1:3]
    cut.judged = False
    result = run("hunt", "logs")
    said = f"{cut.path} could not be judged, or not in whole: {cut.reason}.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, text.render(service.report).plain(), said)
    other.judged = False
    assert run("show").stderr == f"2 logs could not be judged, or not in whole, the first {cut.path}: {cut.reason}.\n"
    assert (run("ingest", "logs", "--case", "c").exit_code, run("detect").exit_code) == (2, 2)


def test_fail_on_skipped(service: Service, run: Run) -> None:
    result = run("hunt", "logs", "--fail-on-skipped")
    assert (result.exit_code, result.stderr) == (2, "2 records skipped, and --fail-on-skipped was given.\n")

    service.report.inputs.skipped = 0
    assert run("hunt", "logs", "--fail-on-skipped").exit_code == 1


def test_every_option_reaches_the_service(service: Service, run: Run, tmp_path: Path) -> None:
    run(
        *("hunt", "a", "b.zip", "--since", "2026-03-02", "--until", "2026-03-02T12:00:00+02:00", "--patterns", "p", "--patterns", "q"),
        *("--store", "ladybug:///g", "--case", "c", "--workers", "3", "--full"),
    )
    run("hunt", "-", "--ephemeral")

    state = tmp_path / "state"
    assert service.asked == [
        (
            HuntOptions(("a", "b.zip"), Path("c"), since=1_772_409_600_000_000, until=1_772_445_600_000_000, full=True),
            Settings(state=state, store="ladybug:///g", patterns=(Path("p"), Path("q")), workers=3),
        ),
        (HuntOptions(("-",), ephemeral=True), Settings(state=state)),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "yesterday"], "--since yesterday: not a time; write 2026-03-02 or 2026-03-02T10:15:00Z"),
        (["--until", "2026-02-30"], "--until 2026-02-30: not a time; write 2026-03-02 or 2026-03-02T10:15:00Z"),
        (["--since", "2026-03-03", "--until", "2026-03-02"], "--since 2026-03-03 is after --until 2026-03-02"),
        (["--ephemeral", "--case", "c"], "--ephemeral keeps nothing and --case keeps it: give one of the two"),
    ],
)
def test_senseless_requests_are_refused_in_one_sentence(service: Service, run: Run, arguments: list[str], message: str) -> None:
    result = run("hunt", "logs", *arguments)

    assert (result.exit_code, result.stdout, result.stderr, service.asked) == (2, "", f"graphcorr: {message}\n", [])


@pytest.mark.parametrize("before", [True, False], ids=["before the verb", "behind it"])
def test_settings_stand_in_for_options(service: Service, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool) -> None:
    (tmp_path / "own.toml").write_text('store = "ladybug:///toml"\nworkers = 2\nmin_level = "critical"\npatterns = ["mine"]\n')
    monkeypatch.setenv("GRAPHCORR_WORKERS", "5")
    config = ["--config", "own.toml"]

    def hunt(*options: str) -> int:
        return run(*config, "hunt", "logs", *options).exit_code if before else run("hunt", "logs", *options, *config).exit_code

    assert hunt() == 0
    assert hunt("--store", "ladybug:///flag", "--min-level", "high", "--patterns", "p") == 1
    state, own = tmp_path / "state", Path("mine")
    first = Settings(state=state, store="ladybug:///toml", min_level=Level.CRITICAL, workers=5, patterns=(own,))
    second = Settings(state=state, store="ladybug:///flag", min_level=Level.HIGH, workers=5, patterns=(Path("p"),))
    assert service.asked == [(HuntOptions(("logs",)), first), (HuntOptions(("logs",)), second)]


def test_a_settings_file_in_the_current_folder_is_named_and_not_obeyed(
    service: Service, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks at logs stands among what others left there; what stands in it need not even be readable."""
    (tmp_path / "graphcorr.toml").write_text('store = "neo4j://elsewhere"\nmin_level = "critical"\ncolour = \n')
    warning = (
        "graphcorr.toml in the current folder is not obeyed: it may be evidence. If it is yours, name it with --config graphcorr.toml.\n"
    )

    result = run("hunt", ".", "--json")
    assert (result.exit_code, result.stderr) == (1, warning)
    assert service.asked == [(HuntOptions((".",)), Settings(state=tmp_path / "state"))]

    (tmp_path / "graphcorr.toml").write_text("workers = 2\n")
    assert warning not in run("hunt", ".", "--config", "graphcorr.toml").stderr
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "graphcorr").mkdir()
    (tmp_path / "graphcorr" / "graphcorr.toml").hardlink_to(tmp_path / "graphcorr.toml")
    assert warning not in run("hunt", ".").stderr  # it is the user's own
    assert service.asked[-1] == (HuntOptions((".",)), Settings(state=tmp_path / "state", workers=2))


def test_errors_are_one_escaped_sentence(service: Service, run: Run) -> None:
    service.error = InputError("cannot be opened: Permission denied", "logs/\x1b[2J\u202ea.evtx")
    result = run("hunt", "logs")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "graphcorr: logs/<U+001B>[2J<U+202E>a.evtx: cannot be opened: Permission denied\n"


@pytest.mark.parametrize(
    ("arguments", "made", "message"),
    [
        (["logs"], "new", "Interrupted. What was read is kept in new: the same command goes on from there.\n"),
        (["-"], "new", "Interrupted. What was read is kept in new: graphcorr detect --case new looks into it.\n"),
        (["logs"], "old", "Interrupted. Whatever was read is kept: the same command goes on from there.\n"),
        (["logs"], "gone", "Interrupted before a case was made; nothing is kept.\n"),
        (["logs"], None, "Interrupted before a case was made; nothing is kept.\n"),
        (["logs", "--case", "old"], None, "Interrupted. What was read is kept in old: the same command goes on from there.\n"),
        (["logs", "--case", "gone"], None, "Interrupted before a case was made; nothing is kept.\n"),
        (["logs", "--ephemeral"], "new", "Interrupted; nothing is kept of an ephemeral run.\n"),
    ],
)
def test_ctrl_c_says_what_is_left(service: Service, run: Run, arguments: list[str], made: str | None, message: str) -> None:
    for name in ("old", "new"):
        Path(name).mkdir()
    service.error, service.case, service.next_case = KeyboardInterrupt(), Path("old"), Path(made) if made else None
    result = run("hunt", *arguments)

    assert (result.exit_code, result.stdout, result.stderr) == (130, "", message)


def test_a_bug_is_not_hidden(service: Service, run: Run) -> None:
    service.error = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError, match=r"^a bug$"):
        run("hunt", "logs")


def test_no_path_is_bad_usage(service: Service, run: Run) -> None:
    assert (run("hunt").exit_code, run("hunt", "logs", "--nonsense").exit_code) == (2, 2)


def test_a_state_folder_that_cannot_be_written_is_told(service: Service, run: Run, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    assert "remembered" not in run("hunt", "logs", "--case", "mine").stderr
    with only_readable(tmp_path / "state"):
        result = run("hunt", "logs", "--case", "mine")
    said = f"{tmp_path}/state cannot be written, so this is not remembered as the last case: name it with --case mine"
    assert said in result.stderr.splitlines()
    assert len(service.asked) == 2


def test_a_password_is_asked_for_on_a_terminal_alone(run: Run) -> None:
    refused = run("hunt", "logs", "--archive-password")
    assert refused.exit_code == 2
    assert "there is none: set GRAPHCORR_ARCHIVE_PASSWORD or its _FILE" in refused.stderr
