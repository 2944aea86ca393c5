"""Whether the server lives, whether it can work, and what it is made of."""

from __future__ import annotations

import platform
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING, Final

import msgspec

import graphcorr
from graphcorr_api.calls import Call, Role

if TYPE_CHECKING:
    from graphcorr_api.calls import Asked, Nothing

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


def version(_asked: Asked[Nothing, None]) -> Version:
    return Version(graphcorr.__version__, platform.python_version(), {name: version_of(name) for name in _PARTS})


CALLS: Final = (
    Call(method="GET", path="/v1/health", summary="Whether the server lives", handler=health, answer=Health, role=Role.NONE),
    Call(method="GET", path="/v1/version", summary="Versions of all parts", handler=version, answer=Version),
)
