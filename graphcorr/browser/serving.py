"""A server of a few fixed files for Neo4j Browser, which runs on another origin and asks before it fetches."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from graphcorr.browser.material import make_material
from graphcorr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST: Final = "localhost"
"""The name to type. Browser fetches guides and styles only from hosts that its server allows: this one is by default,
``127.0.0.1`` is not.
"""
_TYPES: Final = {".html": "text/html", ".grass": "text/plain", ".cypher": "text/plain", ".zip": "application/zip"}
_PATIENCE: Final = 10
"""Seconds that a client may be silent."""


class GuideServer(ThreadingHTTPServer):
    """Serves the files of :func:`make_material` and nothing else: no path of the machine can be asked for."""

    daemon_threads = True

    def __init__(self, listen: str, port: int) -> None:
        """Listen at once; port 0 takes any free one. ``UsageError`` when that cannot be."""
        try:
            super().__init__((listen, port), _Handler)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UsageError(f"cannot listen on {listen}:{port}: {reason}") from error
        self.files: Mapping[str, bytes] = make_material(self.address)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: GuideServer
    server_version = "graphcorr"
    sys_version = ""
    timeout = _PATIENCE

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_OPTIONS(self) -> None:
        """What Browser's origin asks before it fetches with headers of its own."""
        self.send_response(HTTPStatus.NO_CONTENT)
        self._allow()
        self.end_headers()

    def _answer(self, *, with_body: bool) -> None:
        name = unquote(urlsplit(self.path).path).removeprefix("/")
        body = self.server.files.get(name)
        status = HTTPStatus.OK if body is not None else HTTPStatus.NOT_FOUND
        body = body if body is not None else b"There is no such file.\n"
        self.send_response(status)
        self.send_header("Content-Type", f"{_TYPES.get(PurePosixPath(name).suffix, 'text/plain')}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self._allow()
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _allow(self) -> None:
        # Any origin: the files are the same for everybody and hold nothing of a case.
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
        self.send_header("Access-Control-Allow-Headers", "*, pragma, cache-control")
        self.send_header("Access-Control-Allow-Private-Network", "true")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Nobody reads a log of three files; the verb says what to type."""
