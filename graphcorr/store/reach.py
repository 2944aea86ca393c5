"""Why a Neo4j server cannot be reached, found out by knocking: the driver has one sentence for whatever is in the way."""

from __future__ import annotations

import socket
import ssl
from typing import Final
from urllib.parse import urlsplit

_SECONDS: Final = 5.0
_HELLO: Final = bytes.fromhex("6060b017 00040405 00000404 00000000 00000000")
"""What a client of Bolt begins with: the versions that it speaks. The server answers with four bytes."""


def diagnose(address: str) -> str | None:
    """What a person can do something about at ``scheme://host:port``; None when a server answers there as it should."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 0
    scheme, _, security = parts.scheme.partition("+")
    try:
        with socket.create_connection((host, port), timeout=_SECONDS) as plain:
            answer = _say_hello(plain) if not security else _say_hello_secretly(plain, host, trusting=security == "ssc")
    except ssl.SSLCertVerificationError as error:
        return (
            f"its certificate is not trusted ({error.verify_message}): name the file of its issuer in SSL_CERT_FILE, or use "
            f"{scheme}+ssc:// to trust any certificate"
        )
    except socket.gaierror:
        return f"there is no host {host!r}"
    except ConnectionRefusedError:
        return "nothing listens there"
    except TimeoutError:
        return f"no answer within {_SECONDS:g} s"
    except OSError as error:  # a failed handshake of TLS is one, too
        return f"it does not speak TLS there: use {scheme}://" if security else error.strerror or str(error)
    if answer and not answer.startswith(b"HTTP"):
        return None
    if not security and not answer and _speaks_tls(host, port):
        return f"it wants TLS: use {scheme}+s://"
    return "what listens there does not speak Bolt, Neo4j's own protocol (by default on port 7687)"


def _say_hello(connection: socket.socket) -> bytes:
    connection.sendall(_HELLO)
    try:
        return connection.recv(4)
    except ConnectionResetError:
        return b""


def _say_hello_secretly(plain: socket.socket, host: str, *, trusting: bool) -> bytes:
    with _context(trusting=trusting).wrap_socket(plain, server_hostname=host) as secret:
        return _say_hello(secret)


def _speaks_tls(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=_SECONDS) as plain:
            _context(trusting=True).wrap_socket(plain, server_hostname=host).close()
    except OSError:
        return False
    return True


def _context(*, trusting: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if trusting:
        # Nothing but a greeting is said; what ``+ssc`` means is the driver's business.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
