"""``graphcorr demo`` and the verbs after it, over the real service: what a newcomer does first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from graphcorr.simulate.demo import write_demo
from tests.outputs.report_schema import REPORT, misfits

Run = Callable[..., Result]


def test_demo_finds_what_was_planted_and_the_case_can_be_asked_afterwards(run: Run, tmp_path: Path) -> None:
    demo = run("demo")
    shown = run("show", "--json")
    report = json.loads(shown.stdout)

    assert demo.exit_code == 0
    assert misfits(report, REPORT) == []
    (tmp_path / "again").mkdir()
    planted = write_demo(tmp_path / "again").chains
    assert [(each["file"], each["target"]["host"]) for each in report["findings"] if each["execution"]] == [
        (chain.file, chain.target) for chain in sorted(planted, key=lambda chain: chain.write_time)
    ]
    assert (
        demo.stdout.splitlines()[0] == "3 files were written over the network and then run, on 2 hosts; 1 attempt was blocked, on 1 host; 1"
    )
    assert demo.stderr.splitlines()[1] == f"These logs are made up; they are in {tmp_path}/state/demo. On your own:"
    assert demo.stderr.splitlines()[2:] == [
        "   graphcorr hunt /logs                      a folder: EVTX, JSON, XML, Zeek, archives, mixed",
        "   graphcorr hunt *.evtx zeek/ --json        the same for programs",
        "   graphcorr hunt /logs --since 2026-03-02   only from that day on",
    ]
    assert shown.exit_code == 1
    assert run("show").stdout == demo.stdout
    for finding in report["findings"]:
        explained = json.loads(run("explain", finding["id"][:8], "--json").stdout)
        assert [step["evidence"] for step in explained["steps"]] == finding["evidence"]
        assert all(step["raw"] for step in explained["steps"])
    assert run("paths").stdout.splitlines()[0] == "2 paths: 1 of several hops, over 3 machines, and 1 of one hop."


def test_a_hunt_that_reads_nothing_gives_no_clean_answer(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no log at all\n")
    result = run("hunt", "notes.txt", "--ephemeral")

    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        2,
        "No answer: nothing in the input could be read as a log that graphcorr knows.",
    )
    assert run("show").exit_code == 2


def test_a_path_that_does_not_exist_is_bad_input(run: Run) -> None:
    result = run("hunt", "nowhere")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "graphcorr: nowhere: no such file or folder\n")
