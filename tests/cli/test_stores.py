"""Hunting with a server as the store, and the verbs about it, as a person types them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from graphcorr.simulate.demo import write_demo
from tests.intel.load import put_small_release
from tests.servers import Server

Done = subprocess.CompletedProcess[str]


def graphcorr(state: Path, *arguments: str | Path, program: str = "from graphcorr.cli.main import main; main()") -> Done:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"GRAPHCORR_STATE": str(state)})


def contents(server: Server) -> list[str]:
    rows = server.run(
        "MATCH (n) WHERE NOT n:GraphcorrCase RETURN labels(n) AS kind, properties(n) AS properties, null AS a, null AS b "
        "UNION ALL MATCH (a)-[r]->(b) RETURN [type(r)] AS kind, properties(r) AS properties, a.id AS a, b.id AS b"
    )
    return sorted(repr((kind, sorted(dict(properties).items()), a, b)) for kind, properties, a, b in rows)  # type: ignore[call-overload]


def test_a_second_batch_gives_what_one_run_over_both_gives(server: Server, tmp_path: Path) -> None:
    logs, state = tmp_path / "logs", tmp_path / "state"
    write_demo(logs)
    put_small_release(state, "S0029")
    files = sorted(path for path in logs.rglob("*") if path.is_file())
    assert len(files) > 1
    whole = graphcorr(state, "hunt", *files, "--case", tmp_path / "whole", "--store", server.url, "--json", "--workers", "1")
    assert whole.returncode == 1, whole.stderr
    expected = contents(server)
    refused = graphcorr(state, "hunt", files[0], "--case", tmp_path / "parts", "--store", server.url)
    assert refused.returncode == 2
    assert f"graphcorr: {server.url}/neo4j holds case whole-" in refused.stderr
    asked = graphcorr(state, "remove", "--store", server.url)
    assert (asked.returncode, "--yes would take away case whole-" in asked.stderr) == (2, True)
    assert graphcorr(state, "remove", "--store", server.url, "--yes").stderr.startswith("Gone: case whole-")
    shutil.rmtree(tmp_path / "parts")
    for part in (files[:1], files[1:]):
        last = graphcorr(state, "hunt", *part, "--case", tmp_path / "parts", "--store", server.url, "--json", "--workers", "1")
    assert [finding["id"] for finding in json.loads(last.stdout)["findings"]] == [
        finding["id"] for finding in json.loads(whole.stdout)["findings"]
    ]
    assert contents(server) == expected
    assert graphcorr(state, "rebuild", "--case", tmp_path / "parts", "--store", server.url).returncode == 0


def test_nobody_there_is_said_before_anything_is_read(tmp_path: Path) -> None:
    """A password in the address is in no message."""
    told = graphcorr(tmp_path, "hunt", tmp_path, "--store", "bolt://me:secret@127.0.0.1:1", "--ephemeral")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("graphcorr: bolt://127.0.0.1:1 cannot be reached: ")
    assert "secret" not in told.stderr
    assert "Traceback" not in told.stderr


def test_the_schema_of_each_store(tmp_path: Path) -> None:
    embedded = graphcorr(tmp_path, "schema")
    assert "  CREATE NODE TABLE `Host` (`id` STRING PRIMARY KEY, `name` STRING, `former_names` STRING);" in embedded.stdout.splitlines()
    assert json.loads(graphcorr(tmp_path, "schema", "--json").stdout)["nodes"][0]["label"] == "Host"
    away = graphcorr(tmp_path, "schema", "--store", "bolt://127.0.0.1:1")
    assert "CREATE CONSTRAINT graphcorr_host_id IF NOT EXISTS FOR (n:Host) REQUIRE n.id IS UNIQUE;" in away.stdout
    assert away.returncode == 2
