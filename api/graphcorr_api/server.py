"""uvicorn with the application, listening before anybody is told where."""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import uvicorn

from graphcorr.errors import UsageError
from graphcorr.service.engines import Engines
from graphcorr.service.supervising import Supervisor, only_server
from graphcorr.service.tokens import list_tokens
from graphcorr_api.application import make_application
from graphcorr_api.callers import Callers
from graphcorr_api.guards import local_hosts
from graphcorr_api.limits import read_limits
from graphcorr_api.protocol import make_protocol
from graphcorr_api.state import Serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphcorr.settings import Settings

_PRIVATE: Final = 0o077
_BACKLOG: Final = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How a server is wanted."""

    listen: str
    public_url: str | None = None
    """What callers call it where somebody else ends TLS for it."""
    limits: Sequence[str] = ()
    allow_cypher: bool = False
    neo4j_browser: str | None = None
    """Where the Neo4j Browser of the store is, as analysts reach it."""


def serve(settings: Settings, wishes: Wishes, told: Callable[[str], None]) -> None:
    """Serve the cases of a state folder until the process is asked to end; ``told`` gets the address once it answers.

    ``UsageError`` where that address cannot be, where others could ask without a token, and where another server has the
    folder.
    """
    host, port = read_address(wishes.listen)
    limits = read_limits(wishes.limits)
    public = _read_public(wishes.public_url)
    # Cases are their user's alone, whichever thread makes what in them.
    os.umask(_PRIVATE)
    with only_server(settings), _listen(host, port) as listening:
        address, port = listening.getsockname()[:2]
        local = ipaddress.ip_address(address.split("%")[0]).is_loopback and public is None
        if not local and not any(not token.is_expired for token in list_tokens(settings)):
            raise UsageError("whoever may reach this server needs a token, and there is none: graphcorr token add NAME --role admin")
        serving = Serving(
            settings=settings,
            supervisor=Supervisor(settings, limits.jobs, limits.job_time),
            callers=Callers(settings, local, secure=public is not None and public.startswith("https://"), guesses=limits.guesses),
            limits=limits,
            engines=Engines(limits.query_time),
            allow_cypher=wishes.allow_cypher,
            neo4j_browser=_read_browser(wishes.neo4j_browser, settings.store),
        )
        # Beyond this machine any name may be ours, unless we are told which is.
        hosts = [*local_hosts(port), *([urlsplit(public).netloc] if public else [])] if local or public else []
        config = uvicorn.Config(
            make_application(serving, hosts),
            http=make_protocol(limits),
            ws="none",
            lifespan="on",
            proxy_headers=False,
            server_header=False,
            log_level="warning",
            access_log=False,
            limit_concurrency=limits.connections,
            timeout_graceful_shutdown=5,
        )
        told(public or f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        with suppress(KeyboardInterrupt):  # whoever ends a server gets what was asked for, which is no failure
            uvicorn.Server(config).run([listening])


def read_address(text: str) -> tuple[str, int]:
    """``HOST:PORT``, an IPv6 address in brackets. ``UsageError`` for anything else."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise UsageError(f"--listen {text}: write ADDRESS:PORT, as in 127.0.0.1:8642")
    return host, int(port)


def _read_public(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and parts.netloc and parts.path in {"", "/"} and not (parts.query or parts.fragment)
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(f"--public-url {text}: write https://NAME, without a path")
    return text.rstrip("/").lower() + "/"


def _read_browser(text: str | None, store: str | None) -> str | None:
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and parts.netloc and not (parts.query or parts.fragment)
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(f"--neo4j-browser {text}: write http://HOST:7474/browser/")
    if store is None or not store.startswith(("neo4j", "bolt")):
        raise UsageError("--neo4j-browser opens what a Neo4j server holds: name it with --store, too")
    return text


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return listening
