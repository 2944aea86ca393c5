"""TAXII 2.1: the objects of a server's collections, page by page, their texts as they came."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import msgspec
import requests
import xxhash
from requests.adapters import HTTPAdapter
from taxii2client import MEDIA_TYPE_TAXII_V21, v21  # type: ignore[import-untyped]
from taxii2client.common import _HTTPConnection  # type: ignore[import-untyped]
from taxii2client.exceptions import TAXIIServiceException  # type: ignore[import-untyped]

from graphcorr.errors import InputError, UsageError
from graphcorr.intel.objects import ObjectError, read_time
from graphcorr.intel.reading import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE: Final = 500
"""Objects that are asked for at a time; a server may give fewer."""
MOST_PAGES: Final = 100_000
"""A server that always has more would be asked for ever."""
PATIENCE: Final = 30.0
"""Seconds in which a server has to take the connection, and then again to send something."""
_PORTS: Final = {"http": 80, "https": 443}
_QUERY: Final = re.compile(r"\?[^\s'\")]+")
_USER: Final = re.compile(r"//[^/\s@]*@")


class _Envelope(msgspec.Struct):
    """A page of a collection; its objects are taken apart where those of files are."""

    more: bool | None = False
    next: str | int | None = None
    objects: msgspec.Raw = msgspec.Raw(b"[]")


_DECODER: Final = msgspec.json.Decoder(_Envelope)


class _Patient(HTTPAdapter):
    """Requests wait for ever unless each is told not to, and the library that asks for us tells none."""

    def send(  # noqa: PLR0917 - the base class passes them so
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        return super().send(request, stream, timeout or PATIENCE, verify, cert, proxies)


def fetch(
    url: str,
    *,
    user: str | None = None,
    password: str | None = None,
    collection: str | None = None,
    added_after: str | None = None,
    trusted: Iterable[str] = (),
) -> Iterator[Document]:
    """Every page of the collections that may be read, as a document of its own named ``URL!page``.

    ``url`` is a discovery URL (``…/taxii2/``) or one of a collection; a user and a query in it are sent and appear in
    no document and no message. A server may say that its collections are elsewhere: user, password and query are sent
    there only where it is a ``trusted`` host (``host`` or ``host:port``). ``InputError`` when the server cannot be asked,
    refuses, answers with something that is no TAXII 2.1, or has no such collection; ``UsageError`` when ``added_after``
    is no time or something trusted no host.
    """
    if added_after is not None:
        try:
            read_time("--added-after", added_after)
        except ObjectError as error:
            raise UsageError(error.detail) from error
    address = _strip(url)
    if address is None:
        raise InputError("the server cannot be asked: that is no URL that begins with http:// or https:// and names a host")
    parts = urlsplit(url)
    secrets = [one for one in (password, parts.password, parts.username) if one]
    ways = _Ways(
        address,
        frozenset(map(_read_host, trusted)),
        named=_connect(user or unquote(parts.username or ""), password or unquote(parts.password or ""), dict(parse_qsl(parts.query))),
        others=_connect("", "", {}),
    )
    try:
        for one in _find_collections(address, ways, collection):
            yield from _read_collection(one, ways.to(one.url), added_after)
    except requests.exceptions.HTTPError as error:
        status = error.response.status_code if error.response is not None else "an error"
        withheld = ways.withheld(error.response.url) if secrets and error.response is not None else None
        more = f" for {withheld}, which is not told who asks; --trust {withheld} tells it" if withheld else ""
        raise InputError(f"the server answers {status}{more}", address) from error
    except requests.exceptions.Timeout as error:
        raise InputError(f"the server cannot be asked: it is silent for {PATIENCE:g} s", address) from error
    except requests.exceptions.RequestException as error:
        raise InputError(f"the server cannot be asked: {_first_line(error, secrets)}", address) from error
    except RecursionError as error:
        raise InputError("the answer is nested deeper than can be decoded", address) from error
    except (TAXIIServiceException, ValueError, LookupError, TypeError, AttributeError) as error:
        # What a server answers instead of what it should reaches the library's internals as it is.
        raise InputError(f"the answer is not TAXII 2.1: {_first_line(error, secrets)}", address) from error
    finally:
        ways.close()


@dataclass(frozen=True, slots=True)
class _Ways:
    """How each place is asked: with user, password and query where the user named it, without them elsewhere."""

    address: str
    trusted: frozenset[tuple[str, int | None]]
    named: _HTTPConnection
    others: _HTTPConnection

    def to(self, url: str) -> _HTTPConnection:
        return self.others if self.withheld(url) else self.named

    def withheld(self, url: str) -> str | None:
        """The host and port of a place that is not told who asks; None for one that is."""
        here, there = urlsplit(self.address), urlsplit(url)
        host, port = there.hostname or "", there.port or _PORTS.get(there.scheme)
        # From https to http the same host would be told in clear.
        if here.scheme == "https" and there.scheme != "https":
            return f"{host}:{port}"
        if (here.hostname, here.port or _PORTS[here.scheme]) == (host, port) or {(host, port), (host, None)} & self.trusted:
            return None
        if here.hostname == host and (here.port, there.port) == (None, None):
            return None  # from http to https, where both stand at their usual places
        return f"{host}:{port}"

    def close(self) -> None:
        self.named.close()
        self.others.close()


def _connect(user: str, password: str, query: dict[str, str]) -> _HTTPConnection:
    connection = _HTTPConnection(user, password, user_agent=None, version="2.1")
    connection.session.params = query
    for scheme in ("http://", "https://"):
        connection.session.mount(scheme, _Patient())
    return connection


def _read_host(text: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{text}")
        if parts.hostname and parts.netloc == text and "@" not in text:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise UsageError(f"{text[:80]!a} is no host to trust: give host or host:port")


def _strip(url: str) -> str | None:
    """The URL without user, query and fragment, which may hold what nobody else must read; None for what is no URL."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or not url.isprintable():
        return None
    named = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, named if port is None else f"{named}:{port}", parts.path, "", ""))


def _find_collections(url: str, ways: _Ways, wanted: str | None) -> list[v21.Collection]:
    if "/collections/" in url:
        return [v21.Collection(url, conn=ways.named)]
    server = v21.Server(url, conn=ways.named)
    # The library opens a connection of its own for each root, which would wait for ever.
    roots = [v21.ApiRoot(root.url, conn=ways.to(root.url)) for root in server.api_roots]
    found = [one for root in roots for one in root.collections if one.can_read]
    if wanted is not None:
        chosen = [one for one in found if wanted in {one.id, one.title}]
        if not chosen:
            names = ", ".join(f"{one.title} ({one.id})" for one in found) or "none that may be read"
            raise InputError(f"there is no collection {wanted}; there are {names}", url)
        return chosen
    return found


def _read_collection(collection: v21.Collection, connection: _HTTPConnection, added_after: str | None) -> Iterator[Document]:
    file = _strip(collection.url) or "collection"
    if not collection.can_read:
        raise InputError("the collection may not be read", file)
    options = {"limit": str(PAGE)}
    if added_after is not None:
        options["added_after"] = added_after
    seen: set[str] = set()
    for number in range(1, MOST_PAGES + 1):
        envelope = _ask(collection.objects_url, connection, options)
        content = bytes(envelope.objects)
        if content[:1] != b"[":
            raise InputError("the answer is no envelope: its objects are no list", file)
        following = None if envelope.next is None else str(envelope.next)
        lost = bool(envelope.more) and not following
        problem = "the server has more and does not say where; the rest was not read" if lost else None
        if problem is not None or content.strip(b"[] \t\r\n"):
            yield Document(file, f"page-{number}", content, xxhash.xxh3_128_hexdigest(content), problem)
        if not envelope.more or not following:
            return
        if following in seen:
            raise InputError("the server gives the same page again and again", file)
        seen.add(following)
        options["next"] = following
    raise InputError(f"the server has more than {MOST_PAGES} pages", file)


def _ask(url: str, connection: _HTTPConnection, options: dict[str, str]) -> _Envelope:
    """One page. Not by the library's own call: what it decodes could not be written again as it came."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer: requests.Response = connection.session.get(url, headers={"Accept": MEDIA_TYPE_TAXII_V21}, params=options)
    answer.raise_for_status()
    kind = answer.headers.get("Content-Type", "nothing")
    if not connection.valid_content_type(content_type=kind, accept=MEDIA_TYPE_TAXII_V21):
        raise TAXIIServiceException(f"it is {kind}")
    try:
        return _DECODER.decode(answer.content)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # Half a surrogate pair in one record is no reason to lose the page: written again as escapes, it is cut out.
        found = json.loads(answer.content)
        objects = json.dumps(found.pop("objects", []), separators=(",", ":")).encode()
        return msgspec.structs.replace(msgspec.convert(found, _Envelope), objects=msgspec.Raw(objects))


def _first_line(error: Exception, secrets: list[str]) -> str:
    """What an error says, without what a URL in it may hold."""
    text = (str(error).splitlines() or [type(error).__name__])[0]
    for secret in secrets:
        text = text.replace(secret, "…")
    return _USER.sub("//", _QUERY.sub("?…", text))[:300]
