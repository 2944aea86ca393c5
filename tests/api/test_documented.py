"""Every example of ``docs/api.md`` runs as it stands there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from graphcorr_api.application import find_calls
from graphcorr_api.limits import Limits

from tests.api.conftest import Running

REPOSITORY = Path(__file__).parents[2]
BASH = shutil.which("bash") or "bash"
TEXT = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def environment(demo: Running, case: str) -> dict[str, str]:
    finding = demo.json(f"{case}/findings")["items"][0]["id"]
    # Nobody needs a token here; what is sent for none has to be one all the same.
    return {**os.environ, "URL": demo.address.rstrip("/"), "CASE": case.rsplit("/", 1)[1], "FINDING": finding, "TOKEN": ""}


def test_curl(demo: Running, demo_state: Path, environment: dict[str, str], tmp_path: Path) -> None:
    made = demo.client.post("/v1/cases", json={"name": "curl"}).json()["id"]
    reading, writing, judging = (block.replace('-H "Authorization: Bearer $TOKEN" ', "") for block in blocks("sh"))
    for script, case in ((reading, environment["CASE"]), (writing, made), (judging, environment["CASE"])):
        done = subprocess.run(
            [BASH, "-euc", script.replace("report.txt\n", f"{tmp_path}/report.txt\n")],
            env={**environment, "CASE": case},
            cwd=demo_state / "demo",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "urn:graphcorr:problem" not in done.stdout
    assert "How it moved on" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert [demo.wait(each["id"])["state"] for each in demo.json("/v1/jobs", case=made)["items"]] == ["done"] * 3


def test_python(demo_state: Path, environment: dict[str, str]) -> None:
    signed = """headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}"""
    [script] = (block.replace(signed, "headers = {}") for block in blocks("python"))
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=demo_state / "demo", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4


def test_every_limit_and_call_is_documented() -> None:
    assert [name for name in Limits.__struct_fields__ if f"`{name}`" not in TEXT] == []
    last = {call.path.rstrip("}").split("/")[-1].split("{")[0] or call.path.split("/")[-2] for call in find_calls()}
    assert sorted(word for word in last if word not in TEXT) == []


def test_the_examples_of_the_document_are_json() -> None:
    assert all(call.example.body is None or json.dumps(call.example.body) for call in find_calls())
