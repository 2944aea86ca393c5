"""What every request has to pass before anything looks at it, and what every answer carries."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from graphcorr_api import problems

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from graphcorr_api.limits import Limits

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere and nothing inline: what a log says is never markup, and were it, it would not run."""
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_UNSTORED: Final = (b"cache-control", b"no-store")
_MINUTE: Final = 60.0
_LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")


class Guard:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], limits: Limits) -> None:
        """``hosts`` are names, with their ports, by which this server may be asked; none where any may."""
        self._app, self._limits = app, limits
        self._hosts = frozenset(each.lower() for each in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_UNSTORED)
                message["headers"] = [*headers, *HEADERS]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await problems.answer(*refusal)(scope, receive, send_guarded)
            return
        await self._app(scope, self._patient(receive), send_guarded)

    def _patient(self, receive: Receive) -> Receive:
        """A body that comes, and in time: neither a silent nor a dripping sender keeps a connection."""
        began = time.monotonic()
        got = 0
        waiting = True

        async def receive_in_time() -> Message:
            nonlocal got, waiting
            if not waiting:
                return await receive()
            async with asyncio.timeout(self._limits.chunk_time):
                message = await receive()
            got += len(message.get("body", b""))
            waiting = message["type"] == "http.request" and message.get("more_body", False)
            spent = time.monotonic() - began
            if waiting and spent > _MINUTE and got < spent * self._limits.body_rate:
                raise TimeoutError
            return message

        return receive_in_time

    def _refusal(self, scope: Scope) -> tuple[str, str] | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            return "bad-request", "a request has to name exactly one host"
        host = hosts[0].decode("latin-1").lower()
        if self._hosts and host not in self._hosts:
            return "misdirected", "this server is not asked by that name"
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        if len(origins) > 1 or (origins and origins[0].decode("latin-1").lower() not in {f"http://{host}", f"https://{host}"}):
            return "forbidden", "pages of other origins may not ask"
        sites = [value for name, value in scope["headers"] if name == b"sec-fetch-site"]
        if sites and sites not in ([b"same-origin"], [b"none"]) and not _is_navigation(scope):
            return "forbidden", "pages of other sites may not ask"
        return None


def _is_navigation(scope: Scope) -> bool:
    """A link from elsewhere to a page of the interface; never to what is asked of the API."""
    headers = dict(scope["headers"])
    is_page = not scope["path"].startswith("/v1/") and scope["path"] != "/metrics"
    return (
        is_page
        and scope["method"] == "GET"
        and headers.get(b"sec-fetch-mode") == b"navigate"
        and headers.get(b"sec-fetch-dest") == b"document"
    )


def local_hosts(port: int) -> list[str]:
    """The names of this machine for itself."""
    names = [f"{name}:{port}" for name in _LOCAL]
    return [*names, *_LOCAL] if port == 80 else names
