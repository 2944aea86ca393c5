"""A browser signs in with a token, and out; and whoever asks is told who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from msgspec import Meta
from starlette.responses import Response

from graphcorr.outputs.json import encode
from graphcorr.service.audit import Entry, list_entries
from graphcorr.service.pages import Limit
from graphcorr.service.tokens import Role
from graphcorr_api.callers import SESSION_TIME, Caller
from graphcorr_api.calls import JSON, Call, Example

if TYPE_CHECKING:
    from graphcorr_api.calls import Asked, Nothing


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token, as ``graphcorr token add`` printed it."""

    token: Annotated[str, Meta(min_length=1, max_length=200)]


class Session(msgspec.Struct, frozen=True):
    """Who asks."""

    name: str
    role: Role
    case: str | None
    """The only case that there is for them."""
    expires: str | None
    needs_token: bool
    """Whether this server asks for a token."""
    neo4j_browser: str | None
    """Where what is shown can be opened in Neo4j Browser; None where graphs are kept elsewhere."""


class AuditAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries."""

    limit: Limit = 50
    cursor: Annotated[int, Meta(ge=1, le=(1 << 63) - 1, description="`next` of the page before.")] | None = None


class AuditPage(msgspec.Struct, frozen=True):
    """The newest first."""

    items: list[Entry]
    next: int | None


def _told(asked: Asked[Any, Any], caller: Caller, *, needs_token: bool) -> Session:
    return Session(caller.name, caller.role, caller.case, caller.expires, needs_token, asked.serving.neo4j_browser)


def show_session(asked: Asked[Nothing, None]) -> Session:
    return _told(asked, asked.caller, needs_token=asked.serving.callers.needs_token)


def sign_in(asked: Asked[Nothing, SignIn]) -> Response:
    callers = asked.serving.callers
    caller = callers.sign(asked.body.token, asked.request)
    response = Response(encode(_told(asked, caller, needs_token=True)), media_type=JSON)
    session = callers.begin_session(caller)
    response.set_cookie(callers.cookie, session, SESSION_TIME, path="/", secure=callers.secure, httponly=True, samesite="strict")
    return response


def sign_out(asked: Asked[Nothing, None]) -> Response:
    callers = asked.serving.callers
    callers.end_session(asked.request)
    response = Response(status_code=204)
    response.delete_cookie(callers.cookie, path="/", secure=callers.secure, httponly=True, samesite="strict")
    return response


def list_audit(asked: Asked[AuditAsked, None]) -> AuditPage:
    found = list_entries(asked.serving.settings, asked.query.cursor, asked.query.limit + 1)
    shown = found[: asked.query.limit]
    return AuditPage(shown, shown[-1].number if len(found) > asked.query.limit else None)


CALLS: Final = (
    Call(method="GET", path="/v1/session", summary="Who asks", handler=show_session, answer=Session),
    Call(
        method="POST",
        path="/v1/session",
        summary="Sign a browser in with a token",
        handler=sign_in,
        answer=Session,
        body=SignIn,
        role=None,
        problems=("unauthorized", "too-many"),
        example=Example(body={"token": "graphcorr_0a1b2c3d_…"}),
    ),
    Call(method="DELETE", path="/v1/session", summary="Sign out", handler=sign_out, status=204, role=None),
    Call(
        method="GET",
        path="/v1/audit",
        summary="Who changed what",
        handler=list_audit,
        answer=AuditPage,
        query=AuditAsked,
        role=Role.ADMIN,
        whole=True,
    ),
)
