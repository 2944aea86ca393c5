"""uvicorn with the application, listening before anybody is told where."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Final

import uvicorn

from graphcorr.errors import UsageError
from graphcorr.service.supervising import Supervisor, only_server
from graphcorr_api.application import make_application
from graphcorr_api.guards import local_hosts
from graphcorr_api.state import Serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphcorr.settings import Settings

_PRIVATE: Final = 0o077
_BACKLOG: Final = 2048


def serve(settings: Settings, listen: str, told: Callable[[str], None]) -> None:
    """Serve the cases of a state folder until the process is asked to end; ``told`` gets the address once it answers.

    ``UsageError`` where that address cannot be, or another server has the folder.
    """
    host, port = read_address(listen)
    # Cases are their user's alone, whichever thread makes what in them.
    os.umask(_PRIVATE)
    with only_server(settings), _listen(host, port) as listening:
        port = listening.getsockname()[1]
        serving = Serving(settings, Supervisor(settings))
        config = uvicorn.Config(
            make_application(serving, local_hosts(port)),
            http="httptools",
            ws="none",
            lifespan="on",
            proxy_headers=False,
            server_header=False,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        told(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        uvicorn.Server(config).run([listening])


def read_address(text: str) -> tuple[str, int]:
    """``HOST:PORT``, an IPv6 address in brackets. ``UsageError`` for anything else."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise UsageError(f"--listen {text}: write ADDRESS:PORT, as in 127.0.0.1:8642")
    return host, int(port)


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
