"""Every error as RFC 9457 problem details, with a stable ``type``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response

from graphcorr.errors import CaseError, CaseInUseError, GoneError, GraphcorrError, KeyUsedError, NotFoundError, StoreError, UsageError
from graphcorr.outputs.json import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE: Final = "application/problem+json"
PREFIX: Final = "urn:graphcorr:problem:"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong, for people and programs. A program looks at ``type``."""

    type: str
    title: str
    status: int
    detail: str


KINDS: Final[Mapping[str, tuple[int, str]]] = {
    "bad-request": (400, "The request makes no sense"),
    "unauthorized": (401, "Who asks is not known"),
    "forbidden": (403, "This may not be asked"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "This cannot be done with it"),
    "not-acceptable": (406, "There is no such form of it"),
    "timeout": (408, "The request took too long"),
    "conflict": (409, "It is not in a state for that"),
    "not-detected": (409, "Nothing was looked for in the case yet"),
    "gone": (410, "It was replaced since"),
    "too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "The body is of no known type"),
    "head-too-large": (431, "The head of the request is too large"),
    "misdirected": (421, "The request is for another host"),
    "too-many": (429, "Too much at once"),
    "internal": (500, "The server failed"),
    "case-unreadable": (500, "The case cannot be read"),
    "unavailable": (503, "This is not available now"),
}
"""By the end of their ``type``: status and title."""


class ProblemError(Exception):
    """Ends a request with this problem."""

    def __init__(self, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.kind = kind
        self.detail = detail
        self.headers = headers
        super().__init__(detail)


def make(kind: str, detail: str) -> Problem:
    status, title = KINDS[kind]
    return Problem(type=f"{PREFIX}{kind}", title=title, status=status, detail=detail)


def answer(kind: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    problem = make(kind, detail)
    return Response(encode(problem), problem.status, headers, MEDIA_TYPE)


def kind_of(error: GraphcorrError) -> str:
    """What an error of the service is over HTTP."""
    kinds = (
        (NotFoundError, "not-found"),
        (GoneError, "gone"),
        (StoreError, "unavailable"),
        (CaseInUseError, "conflict"),
        (KeyUsedError, "conflict"),
        (UsageError, "bad-request"),
        (CaseError, "case-unreadable"),
    )
    return next((kind for type_, kind in kinds if isinstance(error, type_)), "internal")
