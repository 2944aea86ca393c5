"""Whether the server lives, whether it can work, and what it is made of."""

from __future__ import annotations

import platform
import shutil
import time
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING, Final

import msgspec
import psutil
from starlette.responses import Response

import graphcorr
from graphcorr.outputs.json import encode
from graphcorr.service.jobs import Jobs
from graphcorr.service.shelf import list_cases
from graphcorr_api.calls import JSON, Call

if TYPE_CHECKING:
    from graphcorr_api.calls import Asked, Nothing

PROMETHEUS: Final = "text/plain; version=0.0.4"
_LEAST_DISK: Final = 64 << 20
_PARTS: Final = ("duckdb", "ladybug", "fastapi", "uvicorn", "msgspec", "pyarrow", "neo4j")


class Health(msgspec.Struct, frozen=True):
    """The server lives."""

    status: str


class Version(msgspec.Struct, frozen=True):
    """Versions of all parts."""

    graphcorr: str
    python: str
    parts: dict[str, str]


def health(_asked: Asked[Nothing, None]) -> Health:
    return Health("ok")


class Ready(msgspec.Struct, frozen=True):
    """Whether the server can work, and if not, why."""

    ready: bool
    reasons: list[str]


def ready(asked: Asked[Nothing, None]) -> Ready | Response:
    serving = asked.serving
    reasons = []
    if not serving.supervisor.is_running:
        reasons.append("nobody runs jobs")
    free = shutil.disk_usage(serving.settings.state).free
    if free < _LEAST_DISK:
        reasons.append(f"{free} bytes are free where cases are kept")
    if reasons:
        return Response(encode(Ready(False, reasons)), 503, media_type=JSON)
    return Ready(True, [])


def metrics(asked: Asked[Nothing, None]) -> Response:
    """In the text format of Prometheus."""
    serving = asked.serving
    with Jobs(serving.settings) as jobs:
        counts = jobs.count()
    lines = ["# HELP graphcorr_jobs Jobs by state.", "# TYPE graphcorr_jobs gauge"]
    lines += [f'graphcorr_jobs{{state="{state}"}} {counts.get(state, 0)}' for state in ("queued", "running", "done", "failed", "canceled")]
    for name, text, value in (
        ("graphcorr_cases", "Cases of the state folder.", len(list_cases(serving.settings))),
        ("graphcorr_uptime_seconds", "Since the server began.", round(time.monotonic() - serving.started, 1)),
        ("graphcorr_memory_bytes", "Resident memory of the server.", psutil.Process().memory_info().rss),
        ("graphcorr_event_streams", "Event streams that are open.", serving.streams.total),
    ):
        lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge", f"{name} {value}"]
    return Response("\n".join(lines) + "\n", media_type=PROMETHEUS)


def version(_asked: Asked[Nothing, None]) -> Version:
    return Version(graphcorr.__version__, platform.python_version(), {name: version_of(name) for name in _PARTS})


CALLS: Final = (
    Call(method="GET", path="/v1/health", summary="Whether the server lives", handler=health, answer=Health, role=None),
    Call(method="GET", path="/v1/ready", summary="Whether the server can work", handler=ready, answer=Ready, role=None),
    Call(method="GET", path="/metrics", summary="Counts for Prometheus", handler=metrics, media_type=PROMETHEUS, whole=True),
    Call(method="GET", path="/v1/version", summary="Versions of all parts", handler=version, answer=Version),
)
