"""HTTP as uvicorn reads it, with an end to patience: a head that does not come, or does not end, closes its connection."""

from __future__ import annotations

import http
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from graphcorr.outputs.json import encode
from graphcorr_api import problems
from graphcorr_api.guards import HEADERS
from graphcorr_api.limits import Limits

if TYPE_CHECKING:
    import asyncio

    from uvicorn.config import Config
    from uvicorn.server import ServerState


def _refusal(kind: str, detail: str) -> bytes:
    problem = problems.make(kind, detail)
    body = encode(problem)
    head = [f"HTTP/1.1 {problem.status} {http.HTTPStatus(problem.status).phrase}".encode(), b"connection: close"]
    head += [b"content-type: " + problems.MEDIA_TYPE.encode(), b"content-length: %d" % len(body), b"cache-control: no-store"]
    head += [b"%s: %s" % pair for pair in HEADERS]
    return b"\r\n".join([*head, b"", body])


class Patient(HttpToolsProtocol):
    """One connection."""

    limits = Limits()

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any], _loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._waiting: asyncio.TimerHandle | None = None
        self._head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        if self._waiting is not None:
            self._head += len(data)
            # What follows the head in the same piece is no part of it: only a head that has no end is too large.
            end = data.find(b"\r\n\r\n")
            if self._head > self.limits.header_size and (end < 0 or self._head - len(data) + end > self.limits.header_size):
                self._refuse("head-too-large", f"more than {self.limits.header_size} bytes (the limit header_size)")
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._waiting is None:
            self._wait()

    def on_headers_complete(self) -> None:
        self._done()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._head = 0
        late = "the head of the request did not come in time (the limit header_time)"
        self._waiting = self.loop.call_later(self.limits.header_time, self._refuse, "timeout", late)

    def _done(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def send_400_response(self, msg: str) -> None:
        self._refuse("bad-request", msg)

    def _refuse(self, kind: str, detail: str) -> None:
        self._done()
        if not self.transport.is_closing():
            self.transport.write(_refusal(kind, detail))
            self.transport.close()


def make_protocol(limits: Limits) -> type[Patient]:
    """The protocol's class for these limits: uvicorn makes its connections itself."""
    return type("Patient", (Patient,), {"limits": limits})
