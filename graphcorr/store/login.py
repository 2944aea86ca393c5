"""Where a Neo4j server is and who asks: its address taken apart, and user and password from where a person put them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, unquote, urlsplit

from graphcorr.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from graphcorr.settings import Credentials

SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
USAGE: Final = (
    "neo4j://HOST:7687/DATABASE (neo4j+s:// for TLS, bolt:// for exactly this server), user and password in "
    "GRAPHCORR_NEO4J_USER and GRAPHCORR_NEO4J_PASSWORD or GRAPHCORR_NEO4J_PASSWORD_FILE"
)
_PORT: Final = 7687
_DEFAULT_USER: Final = "neo4j"


@dataclass(frozen=True, slots=True)
class Login:
    """``address`` is what messages may show: it holds no user and no password."""

    address: str
    """``scheme://host:port``."""
    database: str | None
    """None is the user's home database."""
    user: str
    password: str | None = field(repr=False)
    """None is a server without authentication."""


def read_login(url: str, credentials: Credentials) -> Login:
    """What ``url`` says, and ``credentials`` where it says nothing of user and password.

    ``UsageError`` when the address makes no sense, ``ConfigError`` when the password's file cannot be read; neither
    repeats what may be a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORT
        host = parts.hostname
    except ValueError as error:  # a port that is no number, a bracket that never ends: the text after it may be a password
        raise UsageError(f"the address of the store cannot be read: {USAGE}") from error
    if parts.scheme not in SCHEMES or not host or parts.query or parts.fragment:
        raise UsageError(f"{hide_password(url)!r} is no address of a Neo4j server: {USAGE}")
    database = unquote(parts.path.strip("/")) or None
    if database is not None and ("/" in database or database.lower() == "system"):
        raise UsageError(f"{database!r} is no database that a graph can be kept in")
    place = f"[{host}]" if ":" in host else host
    user, password = _read_user(parts, credentials)
    return Login(f"{parts.scheme}://{place}:{port}", database, user, password)


def hide_password(url: str) -> str:
    """An address as it may be shown, logged and kept: without user and password."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return _cut_query(url.rpartition("@")[2])
    place, slash, path = rest.partition("/")
    # A password with a slash in it reaches into the path.
    if "@" in path:
        place, slash, path = rest.rpartition("@")[2], "", ""
    return _cut_query(f"{scheme}://{place.rpartition('@')[2]}{slash}{path}")


def _cut_query(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]


def _read_user(parts: SplitResult, credentials: Credentials) -> tuple[str, str | None]:
    user = unquote(parts.username or "") or credentials.user or _DEFAULT_USER
    if parts.password:
        return user, unquote(parts.password)
    if credentials.password:
        return user, credentials.password
    if (file := credentials.password_file) is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
            raise ConfigError(f"the password file {file} cannot be read: {reason}") from error
        if not text.strip("\r\n"):
            raise ConfigError(f"the password file {file} is empty")
        return user, text.strip("\r\n")
    return user, None
