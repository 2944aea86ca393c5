"""``--output`` replaces nothing that a case needs: not a file of its folder, and no log that it was read from."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import Result

from graphcorr.case.writer import open_writer
from tests.cli.conftest import Service
from tests.findings.logs import Logs, store_in

if TYPE_CHECKING:
    from collections.abc import Iterator

Run = Callable[..., Result]

VERBS = [("show",), ("paths",), ("detect",), ("hunt", "more.json")]


@pytest.fixture
def case(tmp_path: Path, service: Service, run: Run) -> Iterator[Path]:
    """A case that was read from ``logs``; beside them is a log that is read into it now. The current folder holds all of it."""
    with open_writer(tmp_path / "case", create=True) as opened:
        store_in(opened, Logs().sysmon_1("10:00:00").records)
        opened.places.old_report.write_text("the last report", encoding="utf-8")
    (tmp_path / "logs").write_text("evidence", encoding="utf-8")
    (tmp_path / "more.json").write_text("evidence", encoding="utf-8")
    before = contents(tmp_path)
    yield tmp_path / "case"
    # Whatever a test names, nothing that there was is another thing now.
    after = contents(tmp_path)
    assert {path: after.get(path) for path in before} == before


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "old.json"}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize(
    "output",
    ["case/report.json", "case/new.json", "case/events/new.json", "./case/../case/state.sqlite", "linked/report.json", "soft", "hard"],
)
def test_nothing_in_the_case_folder_is_written(service: Service, run: Run, case: Path, verb: tuple[str, ...], output: str) -> None:
    Path("linked").symlink_to("case")
    Path("soft").symlink_to("case/report.json")
    Path("hard").hardlink_to("case/report.json")
    result = run(*verb, "--case", "case", "-o", output)

    assert (result.exit_code, result.stdout, service.asked) == (2, "", [])
    assert result.stderr.endswith("is a file of the case; name another\n")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize("output", ["logs", "./case/../logs", "soft", "hard"])
def test_no_log_is_replaced_that_the_case_was_read_from(service: Service, run: Run, case: Path, verb: tuple[str, ...], output: str) -> None:
    Path("soft").symlink_to("logs")
    Path("hard").hardlink_to("logs")
    result = run(*verb, "--case", "case", "-o", output)

    assert (result.exit_code, result.stdout, service.asked) == (2, "", [])
    assert result.stderr == f"graphcorr: --output {Path(output)}: is one of the files that the case was read from; name another\n"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_another_case_is_as_safe(service: Service, run: Run, case: Path, tmp_path: Path, verb: tuple[str, ...]) -> None:
    result = run(*verb, "--case", "other", "-o", "case/report.json")
    assert (result.exit_code, service.asked) == (2, [])
    assert result.stderr.endswith("is a file of the case; name another\n")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_any_other_file_is_written(service: Service, run: Run, case: Path, tmp_path: Path, verb: tuple[str, ...]) -> None:
    """An older report, a new file, and one whose name a log had where the command was given then, but not here."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "old.json").write_text("an older report", encoding="utf-8")
    for output in ("old.json", "new.json", "elsewhere/logs"):
        assert run(*verb, "--case", "case", "--json", "-o", output).exit_code in {0, 1}
        assert json.loads((tmp_path / output).read_text(encoding="utf-8"))["schema"].startswith("graphcorr.")


def test_a_log_with_a_name_that_is_no_utf_8_is_known_too(service: Service, run: Run, tmp_path: Path) -> None:
    from graphcorr.case.folder import printable
    from graphcorr.case.segments import store_records

    name = os.fsdecode(b"log-\xff.json")
    with open_writer(tmp_path / "case", create=True) as opened:
        store_records(opened, printable(name), Logs().sysmon_1("10:00:00").records)
    (tmp_path / name).write_text("evidence", encoding="utf-8")
    Path("hard.json").hardlink_to(name)
    assert run("show", "--case", "case", "-o", "hard.json").exit_code == 2


@pytest.mark.parametrize("name", ["rep.html", "rep.csv", "rep.PDF", "rep.json.gz", "rep.xlsx", "rep.ndjson", "rep.xml", "rep.svg"])
@pytest.mark.parametrize("verb", [["hunt", "logs"], ["show"], ["detect"], ["paths"]])
def test_a_name_of_another_format_is_refused_before_the_work(service: Service, run: Run, verb: list[str], name: str) -> None:
    """Text in a file that says that it is a table would be opened as one."""
    result = run(*verb, "-o", name)
    ending = name[name.rindex(".") :]
    message = f"graphcorr: --output {name}: {ending} is not written; FILE.json gets JSON, FILE.txt the text\n"
    assert (result.exit_code, result.stdout, result.stderr, service.asked) == (2, "", message, [])


@pytest.mark.parametrize("name", ["rep", "rep.txt", "rep.md", "rep.2026-03-02", "rep.out"])
def test_any_other_name_gets_the_text(service: Service, run: Run, tmp_path: Path, name: str) -> None:
    assert run("hunt", "logs", "-o", name).exit_code == 1
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(("1 file", "2 files", "3 files"))
