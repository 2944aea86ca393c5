"""A real server on a loopback port, over a state folder with the demo's case in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
import psutil
import pytest

from graphcorr.model.progress import Silent
from graphcorr.service.demo import hunt_demo
from graphcorr.settings import Settings

REPOSITORY = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-c", "from graphcorr.cli.main import main; main()")


@dataclass
class Running:
    """A server, and somebody who asks it."""

    address: str
    state: Path
    client: httpx.Client
    process: subprocess.Popen[str]

    def json(self, path: str, **query: object) -> Any:  # noqa: ANN401
        answer = self.client.get(path, params=cast("dict[str, str]", query))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wait(self, job: str, patience: float = 180.0) -> dict[str, Any]:
        """The job once it is over."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            told: dict[str, Any] = self.json(f"/v1/jobs/{job}")
            if told["state"] in {"done", "failed", "canceled"}:
                return told
            time.sleep(0.05)
        raise AssertionError(f"{told} is not over after {patience} s")


@contextmanager
def serving(state: Path, options: Sequence[str] = (), **environment: str) -> Iterator[Running]:
    """``graphcorr serve`` on a free port until this ends."""
    paths = os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "api")))
    process = subprocess.Popen(
        [*_COMMAND, "serve", "--state", str(state), "--listen", "127.0.0.1:0", *options],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http"), address
        if not address.startswith("http://127"):  # what a proxy's callers call it
            port = next(each.laddr.port for each in psutil.Process(process.pid).net_connections() if each.status == "LISTEN")
            address = f"http://127.0.0.1:{port}/"
        with httpx.Client(base_url=address, timeout=30) as client:
            yield Running(address, state, client, process)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


@pytest.fixture(scope="session")
def demo_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the demo's case, to be read only."""
    state = tmp_path_factory.mktemp("demo")
    hunt_demo(Settings(state=state, workers=1), Silent())
    return state


@pytest.fixture(scope="session")
def demo(demo_state: Path) -> Iterator[Running]:
    """A server over the demo's case."""
    with serving(demo_state) as running:
        yield running


@pytest.fixture(scope="session")
def case(demo: Running) -> str:
    """The path of the demo's case."""
    [only] = [each for each in demo.json("/v1/cases")["items"] if each["generation"] is not None and each["id"].startswith("case-")]
    return f"/v1/cases/{only['id']}"
