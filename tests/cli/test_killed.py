"""Whole commands that end by ``kill -9``, on either side and in the middle of a transaction: the same command completes them.

The moment is a statement, not a time: each run is ended while the first rows of one kind are written and not yet committed.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from graphcorr.simulate.demo import write_demo
from tests.cli.test_stores import Done, contents, graphcorr
from tests.intel.load import put_small_release
from tests.servers import Server
from tests.test_detection import indicator

_KILLER = """
import os, signal, sys
from graphcorr.cli.main import main
from graphcorr.store import bolt
from graphcorr.store.neo4j import Neo4jStore
moment, victim = sys.argv.pop(1), int(sys.argv.pop(1))
change = bolt.Connection.change
def change_and_kill(self, hold, writer, statement, rows, check):
    def kill_and_check(nodes, edges):
        if moment in statement:
            os.kill(victim or os.getpid(), signal.SIGKILL)
        check(nodes, edges)
    change(self, hold, writer, statement, rows, kill_and_check)
bolt.Connection.change = change_and_kill
Neo4jStore.__init__.__kwdefaults__["patience"] = 1.0
main()
"""
"""Runs ``graphcorr`` and kills a process, its own where none is given, while rows of a kind are on their way."""


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_demo(tmp_path / "logs")
    return tmp_path / "logs"


def killed(state: Path, moment: str, victim: int, *arguments: str | Path) -> Done:
    return graphcorr(state, moment, str(victim), *arguments, program=_KILLER)


def test_a_hunt_that_is_killed_again_and_again(server: Server, logs: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    put_small_release(state, "S0029")
    (tmp_path / "feed.json").write_text(json.dumps([indicator(1, "[file:name = 'sync000001.exe']")]))
    assert graphcorr(state, "intel", "load", tmp_path / "feed.json").returncode == 0
    command = ("hunt", logs, "--case", tmp_path / "case", "--store", server.url, "--json", "--full", "--workers", "1")
    whole = graphcorr(state, *command)
    expected = contents(server)
    report = json.loads(whole.stdout)
    assert [len(report[part]) > 0 for part in ("findings", "paths", "sightings")] == [True] * 3
    server.clear()
    shutil.rmtree(tmp_path / "case")
    for moment in ("OCCURRED_ON", "USES"):  # what was logged, and what is known
        assert killed(state, moment, 0, *command).returncode == -9
    told = killed(state, "EVIDENCE", server.pid, *command)
    assert (told.returncode, told.stdout) == (2, "")
    assert "cannot be reached: nothing listens there; " in told.stderr
    assert "rows were stored, and the same command goes on from there" in told.stderr
    server.start()
    again = graphcorr(state, *command)
    assert again.stdout == whole.stdout
    assert contents(server) == expected


def test_an_ingest_that_is_killed(server: Server, logs: Path, tmp_path: Path) -> None:
    command = ("ingest", logs, "--case", tmp_path / "case", "--store", server.url, "--json")
    whole = graphcorr(tmp_path / "state", *command)
    expected = contents(server)
    server.clear()
    shutil.rmtree(tmp_path / "case")
    for moment in ("ProcessStart", "WENT_TO"):
        assert killed(tmp_path / "state", moment, 0, *command).returncode == -9
    again = graphcorr(tmp_path / "state", *command)
    assert again.stdout == whole.stdout
    assert contents(server) == expected
