"""A TAXII 2.1 server over HTTP on this machine: discovery, an API root, collections, and objects in pages."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MEDIA_TYPE = "application/taxii+json;version=2.1"
COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
WRITE_ONLY = "52892447-4d7e-4f70-b94d-d7f22742ff63"


@dataclass
class Server:
    """What it holds and how it behaves; ``asked`` are the requests in order."""

    objects: list[dict[str, object]]
    page: int = 2
    password: str | None = None
    media_type: str = MEDIA_TYPE
    status: int = 200
    stuck: bool = False
    """Gives the same page again and again."""
    broken: bool = False
    envelope: bytes | None = None
    """Given as it is for every page."""
    roots: list[str] = field(default_factory=list)
    """URLs of the API roots it names, where they are not its own."""
    elsewhere: str | None = None
    """Where it redirects everything to."""
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """Who asked, of each request that said it."""
    url: str = ""

    def answer(self, path: str, query: dict[str, list[str]]) -> object | None:
        collections = [
            {"id": COLLECTION, "title": "Feed", "can_read": True, "can_write": False, "media_types": ["application/stix+json;version=2.1"]},
            {"id": WRITE_ONLY, "title": "Inbox", "can_read": False, "can_write": True, "media_types": []},
        ]
        if path == "/taxii2/":
            roots = self.roots or [f"{self.url}/api/"]
            return {"title": "Test", "api_roots": roots, "default": roots[0]}
        if path == "/api/":
            return {"title": "Root", "versions": [MEDIA_TYPE], "max_content_length": 1_000_000}
        if path == "/api/collections/":
            return {"collections": collections}
        if path == f"/api/collections/{COLLECTION}/":
            return collections[0]
        if path == f"/api/collections/{COLLECTION}/objects/":
            return self._objects(query)
        return None

    def _objects(self, query: dict[str, list[str]]) -> dict[str, object]:
        after = query.get("added_after", [""])[0]
        held = [one for one in self.objects if str(one["modified"]) > after]
        start = 0 if self.stuck else int(query.get("next", ["0"])[0])
        end = start + min(self.page, int(query.get("limit", ["1000"])[0]))
        more = self.stuck or end < len(held)
        return {"more": more, "objects": held[start:end]} | ({"next": str(end)} if more else {})


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """The discovery URL of a running server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            server.told += filter(None, [self.headers.get("Authorization")])
            parts = urlsplit(self.path)
            status, document = server.status, server.answer(parts.path, parse_qs(parts.query))
            wanted = f"Basic {base64.b64encode(f'me:{server.password}'.encode()).decode()}"
            if server.password is not None and self.headers.get("Authorization") != wanted:
                status = 401
            elif document is None:
                status = 404
            body = b"{broken" if server.broken else json.dumps(document if status == 200 else {"title": "no"}).encode()
            if server.envelope is not None and parts.path.endswith("/objects/"):
                body = server.envelope
            self.send_response(status if server.elsewhere is None else 302)
            if server.elsewhere is not None:
                self.send_header("Location", f"{server.elsewhere}{parts.path}")
            self.send_header("Content-Type", server.media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """A test's output is no place for it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        server.url = f"http://127.0.0.1:{running.server_address[1]}"
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"{server.url}/taxii2/"
        finally:
            running.shutdown()
            thread.join()
