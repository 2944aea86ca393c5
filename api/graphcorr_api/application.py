"""All calls as one application."""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import asynccontextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from graphcorr.outputs.json import encode
from graphcorr_api import problems, routes
from graphcorr_api.calls import JSON, Call, perform
from graphcorr_api.guards import Guard
from graphcorr_api.openapi import make_document
from graphcorr_api.pages import make_route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from graphcorr_api.state import Serving

_KINDS: Final = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}
_OUT: Final[Any] = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def find_calls() -> list[Call]:
    """The ``CALLS`` of every module in ``routes``. Two of one method and path are an error."""
    found: dict[tuple[str, str], Call] = {}
    for module in pkgutil.iter_modules(routes.__path__):
        for call in importlib.import_module(f"{routes.__name__}.{module.name}").CALLS:
            if (call.method, call.path) in found:
                raise ValueError(f"two calls are {call.method} {call.path}; one is in routes/{module.name}.py")
            found[call.method, call.path] = call
    return list(found.values())


def make_application(serving: Serving, hosts: Collection[str]) -> ASGIApp:
    """``hosts`` are the names by which the server may be asked, none where any may."""
    calls = find_calls()
    document = encode(make_document(calls))

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        thread = Thread(target=serving.supervisor.run, name="supervisor")
        thread.start()
        try:
            yield
        finally:
            serving.supervisor.stop()
            serving.engines.close()
            thread.join()

    # Telemetry is off: what happens here is told to nobody.
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=running, redirect_slashes=False, telemetry=_OUT)
    for call in calls:
        # Keys of a graph have slashes in them, and a server sees no difference between one and %2F.
        path = call.path.replace("{id}", "{id:path}").replace("{host}", "{host:path}")
        app.router.routes.append(Route(path, _endpoint(call, serving), methods=[call.method]))

    async def openapi(_request: Request) -> Response:
        return Response(document, media_type=JSON)

    app.router.routes.append(Route("/v1/openapi.json", openapi, methods=["GET"]))
    app.router.routes.append(make_route())
    app.add_exception_handler(HTTPException, _refuse)
    app.add_exception_handler(Exception, _fail)
    return Guard(app, hosts, serving.limits)


def _endpoint(call: Call, serving: Serving) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await perform(call, request, serving)

    return endpoint


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = _KINDS.get(error.status_code, "bad-request")
    return problems.answer(kind, str(error.detail), error.headers)


async def _fail(_request: Request, _error: Exception) -> Response:
    return problems.answer("internal", "this is a defect of graphcorr; the server's log has more")
