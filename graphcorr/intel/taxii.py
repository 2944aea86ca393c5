"""TAXII 2.1: the objects of a server's collections, page by page."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import orjson
import requests
import xxhash
from taxii2client import v21  # type: ignore[import-untyped]
from taxii2client.exceptions import TAXIIServiceException  # type: ignore[import-untyped]

from graphcorr.errors import InputError
from graphcorr.intel.reading import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = 500
"""Objects that are asked for at a time; a server may give fewer."""
MOST_PAGES: Final = 100_000
"""A server that always has more would be asked for ever."""


def fetch(
    url: str, *, user: str | None = None, password: str | None = None, collection: str | None = None, added_after: str | None = None
) -> Iterator[Document]:
    """Every page of the collections that may be read, as a document of its own named ``URL!page``.

    ``url`` is a discovery URL (``…/taxii2/``) or one of a collection. ``InputError`` when the server cannot be asked,
    refuses, answers with something that is no TAXII 2.1, or has no such collection.
    """
    try:
        for one in _find_collections(url, user, password, collection):
            yield from _read_collection(one, added_after)
    except requests.exceptions.HTTPError as error:
        status = error.response.status_code if error.response is not None else "an error"
        raise InputError(f"the server answers {status}", url) from error
    except requests.exceptions.RequestException as error:
        raise InputError(f"the server cannot be asked: {_first_line(error)}", url) from error
    except (TAXIIServiceException, ValueError, KeyError, TypeError, AttributeError) as error:
        # What a server answers instead of what it should reaches the library's internals as it is.
        raise InputError(f"the answer is not TAXII 2.1: {_first_line(error)}", url) from error


def _find_collections(url: str, user: str | None, password: str | None, wanted: str | None) -> list[v21.Collection]:
    if "/collections/" in url:
        return [v21.Collection(url, user=user, password=password)]
    server = v21.Server(url, user=user, password=password)
    found = [one for root in server.api_roots for one in root.collections if one.can_read]
    if wanted is not None:
        chosen = [one for one in found if wanted in {one.id, one.title}]
        if not chosen:
            names = ", ".join(f"{one.title} ({one.id})" for one in found) or "none that may be read"
            raise InputError(f"there is no collection {wanted}; there are {names}", url)
        return chosen
    return found


def _read_collection(collection: v21.Collection, added_after: str | None) -> Iterator[Document]:
    options: dict[str, object] = {"limit": PAGE}
    if added_after is not None:
        options["added_after"] = added_after
    seen: set[str] = set()
    for number in range(1, MOST_PAGES + 1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            envelope = collection.get_objects(**options)
        if not isinstance(envelope, dict):
            raise InputError("the answer is no envelope", collection.url)
        content = orjson.dumps(envelope.get("objects", []))
        if len(content) > 2:
            yield Document(collection.url, f"page-{number}", content, xxhash.xxh3_128_hexdigest(content))
        following = envelope.get("next")
        if not envelope.get("more") or not following:
            return
        if following in seen:
            raise InputError("the server gives the same page again and again", collection.url)
        seen.add(str(following))
        options["next"] = following
    raise InputError(f"the server has more than {MOST_PAGES} pages", collection.url)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
