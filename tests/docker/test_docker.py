"""The image and the compose file: linted, no default password, and their start commands run here without Docker."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
DOCKERFILE = REPOSITORY / "docker" / "Dockerfile"
BIN = Path(sys.executable).parent
PORT = "8001"


def instructions(name: str) -> list[str]:
    """What follows ``name`` in the Dockerfile, each with its continued lines."""
    text = re.sub(r"\\\n\s*", " ", DOCKERFILE.read_text(encoding="utf-8"))
    return re.findall(rf"^{name} (.*)$", text, re.MULTILINE)


def words(name: str) -> list[str]:
    """The one instruction of the exec form that the last stage has."""
    [found] = instructions(name)
    read: list[str] = json.loads(found[found.index("[") :])
    return read


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker" / "compose.yaml").read_text(encoding="utf-8"))
    return read


def test_hadolint_has_nothing_to_say() -> None:
    done = subprocess.run([BIN / "hadolint", "--failure-threshold", "style", DOCKERFILE], capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


def test_hadolint_would_say_something(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python\nRUN cd / && pip install x\n", encoding="utf-8")
    done = subprocess.run([BIN / "hadolint", tmp_path / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DL3006" in done.stdout


def test_the_base_is_pinned_and_the_user_is_not_root() -> None:
    [base] = instructions("ARG")
    assert re.fullmatch(r"PYTHON=python:3\.1[1-3]\.\d+-slim-[a-z]+", base)
    assert instructions("FROM") == ["${PYTHON} AS build", "${PYTHON}"]
    assert instructions("USER") == ["10001:10001"]


def test_everything_that_is_copied_exists_and_reaches_the_builder() -> None:
    kept = {line[1:] for line in (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert {name for name in kept if not (REPOSITORY / name).exists()} == set()
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    included = set(re.findall(r'^"(\w+)" = "graphcorr/_', project, re.MULTILINE))
    assert included
    assert {"requirements.lock", "pyproject.toml", "README.md", "graphcorr", "api", *included} <= kept


def test_the_start_and_health_commands_work(tmp_path: Path) -> None:
    """The image's ENTRYPOINT, CMD and HEALTHCHECK, word by word but for the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "GRAPHCORR_STATE": str(tmp_path)}
    start, check = ([word.replace(PORT, port) for word in found] for found in (words("ENTRYPOINT") + words("CMD"), words("HEALTHCHECK")))
    assert port in start
    before = subprocess.run(check, env=environment, capture_output=True, check=False)
    assert before.returncode == 1
    with subprocess.Popen(start, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            deadline = time.monotonic() + 20
            while (healthy := subprocess.run(check, env=environment, capture_output=True, check=False)).returncode:
                assert time.monotonic() < deadline, healthy.stderr
                assert server.poll() is None
                time.sleep(0.1)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/style.grass", timeout=5) as answer:
                assert b"node.Host" in answer.read()
        finally:
            server.terminate()
            server.communicate(timeout=10)


def test_the_api_of_compose_starts_answers_and_is_healthy(compose: dict[str, Any], tmp_path: Path) -> None:
    """Its command and its check, word by word but for the address; it starts with a token only."""
    service = compose["services"]["api"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "GRAPHCORR_STATE": str(tmp_path)}
    command = [word.replace("8642", port).replace("0.0.0.0", "127.0.0.1") for word in service["command"]]  # noqa: S104
    command = [re.sub(r"\$\{GRAPHCORR_URL:-(.*)\}", r"\1", word) for word in command]
    check = [word.replace("8642", port) for word in service["healthcheck"]["test"][1:]]
    refused = subprocess.run([*words("ENTRYPOINT"), *command], env=environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, "needs a token" in refused.stderr) == (2, True), refused.stderr
    subprocess.run([*words("ENTRYPOINT"), "token", "add", "test"], env=environment, capture_output=True, check=True)
    with subprocess.Popen([*words("ENTRYPOINT"), *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            deadline = time.monotonic() + 60
            while (healthy := subprocess.run(check, env=environment, capture_output=True, check=False)).returncode:
                assert time.monotonic() < deadline, healthy.stderr
                assert server.poll() is None
                time.sleep(0.1)
        finally:
            server.terminate()
            server.communicate(timeout=30)


def test_no_password_stands_anywhere(compose: dict[str, Any]) -> None:
    """Compose refuses to start while the variable is unset or empty: that is what ``:?`` means."""
    required = re.compile(r"(neo4j/)?\$\{NEO4J_PASSWORD:\?[^}]+\}")
    assert required.fullmatch(compose["services"]["neo4j"]["environment"]["NEO4J_AUTH"])
    assert required.fullmatch(compose["services"]["graphcorr"]["environment"]["GRAPHCORR_NEO4J_PASSWORD"])
    text = (REPOSITORY / "docker" / "compose.yaml").read_text(encoding="utf-8")
    assert "NEO4J_AUTH: none" not in text
    assert re.findall(r"\$\{NEO4J_PASSWORD(?!:\?)", text) == []


def test_every_service_is_pinned_healthy_and_local(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"neo4j", "guide", "api", "graphcorr"}
    assert re.fullmatch(r"neo4j:\d+\.\d+\.\d+-community", services["neo4j"]["image"])
    assert services["neo4j"]["healthcheck"]["test"][0] == "CMD"
    for name, service in services.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        used = {volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith("$")}
        assert used <= set(compose["volumes"]), name
    assert services["neo4j"]["mem_limit"]
    assert (
        REPOSITORY / "docker" / services["guide"]["build"]["context"] / services["guide"]["build"]["dockerfile"]
    ).resolve() == DOCKERFILE


def test_the_settings_that_compose_gives_name_the_guide_that_it_serves(compose: dict[str, Any]) -> None:
    guide, neo4j = compose["services"]["guide"], compose["services"]["neo4j"]
    [port] = guide["ports"]
    assert port == f"127.0.0.1:{PORT}:{PORT}"
    assert shlex.split(neo4j["environment"]["NEO4J_browser_post__connect__cmd"]) == ["guide", f"http://localhost:{PORT}/guide.html"]
    assert PORT in words("CMD")
