"""Pages of a generation's list: the words of one made before there was a table of them are those of its columns."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec

from graphcorr.case.findings import write_findings
from graphcorr.case.pages import Condition, read_page
from graphcorr.model.progress import Silent
from graphcorr.service.demo import hunt_demo
from graphcorr.settings import Settings

WORDS = "number IN (SELECT number FROM searched WHERE instr(text, ?) > 0)"


def found(path: Path, word: str) -> list[str]:
    total, rows = read_page(path, [Condition(WORDS, [word])], sort="report", descending=False, after=None, limit=10)
    assert total == len(rows)
    return [msgspec.json.decode(row.body)["id"] for row in rows]


def test_words_are_found_in_new_lists_and_in_old_ones(tmp_path: Path) -> None:
    _, report = hunt_demo(Settings(state=tmp_path, workers=1), Silent())
    path = tmp_path / "findings.sqlite"
    write_findings(path, report, {})
    first = report.findings[0]
    assert first.file is not None
    assert first.executions[0].parent is None or found(path, "no such word") == []
    command = first.executions[0].image
    assert command is not None
    for word in (first.id, first.file.casefold(), command.casefold()):
        assert first.id in found(path, word)
    by_command = next(each for each in report.findings if each.execution == "command_line")
    line = by_command.executions[0].command_line
    assert line is not None
    assert found(path, line.casefold()) == [by_command.id]

    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE searched")
        database.execute("DROP INDEX listed")
    database.close()
    assert first.id in found(path, first.file.casefold())
    assert found(path, line.casefold()) == []
