"""The files of the web interface, as they lie in the package; every other path is a view of its one page."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from starlette.responses import Response
from starlette.routing import Route

from graphcorr_api import problems

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from starlette.requests import Request

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
"""What is served; anything else that lies there is not."""
_START: Final = "index.html"
_DOCS: Final = "/v1/docs"
_APART: Final = {"/docs.mjs"}
"""Modules of other pages."""
_VIEWS: Final = ("/cases/", "/patterns/", "/intel/")
"""Below these no file lies, and names of hosts have dots."""


class File(NamedTuple):
    content: bytes
    media_type: str
    tag: str


def load_files() -> dict[str, File]:
    """Every file of the interface by its path; read once, so that no path of the machine can be asked for."""
    files = dict(_walk(resources.files("graphcorr_api") / "ui", ""))
    files[f"/{_START}"] = _announcing(files[f"/{_START}"], files)
    return files


def _announcing(page: File, files: Mapping[str, File]) -> File:
    """The page with the names of all its modules: without them a browser learns of each from those that import it, in five rounds."""
    links = "".join(f'<link rel="modulepreload" href="{path}">\n' for path in files if path.endswith(".mjs") and path not in _APART)
    return _file(page.content.replace(b"</head>", links.encode() + b"</head>"), page.media_type)


def _file(content: bytes, media_type: str) -> File:
    return File(content, media_type, f'"{hashlib.sha256(content).hexdigest()[:20]}"')


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, File]]:
    found: list[tuple[str, File]] = []
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{prefix}/{each.name}"
        if each.is_dir():
            found += _walk(each, path)
        elif (media_type := _TYPES.get(PurePosixPath(each.name).suffix)) is not None:
            found.append((path, _file(each.read_bytes(), media_type)))
    return found


def make_route() -> Route:
    """The last of all routes."""
    files = load_files()

    async def serve(request: Request) -> Response:
        path = request.scope["path"]
        if path == _DOCS:
            path = "/docs.html"
        elif path.startswith("/v1/"):
            return problems.answer("not-found", "there is no such call")
        # A view's address has no file of its own: the page reads it.
        is_view = path not in files and (path.startswith(_VIEWS) or "." not in path.rsplit("/", 1)[-1])
        file = files.get(f"/{_START}" if is_view else path)
        if file is None:
            return problems.answer("not-found", "there is no such page")
        headers = {"etag": file.tag, "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == file.tag:
            return Response(None, 304, headers)
        return Response(file.content, 200, headers, file.media_type)

    return Route("/{path:path}", serve, methods=["GET"], include_in_schema=False)
