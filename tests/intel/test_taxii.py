"""TAXII 2.1 against a real server on this machine: pages, filters, passwords, and every way to answer wrongly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphcorr.errors import InputError
from graphcorr.intel.library import Library
from graphcorr.intel.loading import load
from graphcorr.intel.reading import split
from graphcorr.intel.taxii import fetch
from tests.intel.taxii_server import COLLECTION, Server, serving

OBJECTS: list[dict[str, object]] = [
    {
        "type": "malware",
        "id": f"malware--11111111-1111-4111-8111-{number:012}",
        "name": f"Thing {number}",
        "created": "2024-01-01T00:00:00.000Z",
        "modified": f"2024-01-0{number}T00:00:00.000Z",
    }
    for number in range(1, 6)
]


def names(server: Server, suffix: str = "", **options: str) -> list[str]:
    with serving(server) as url:
        target = url if not suffix else f"{server.url}{suffix}"
        return [piece.text.decode() for document in fetch(target, **options) for piece in split(document.content)]


def test_every_page_of_what_may_be_read(library: Library) -> None:
    server = Server(OBJECTS)
    with serving(server) as url:
        documents = list(fetch(url))
    assert [document.member for document in documents] == ["page-1", "page-2", "page-3"]
    done = load(library, documents)
    assert (done.read, done.loaded) == (5, 5)
    assert sorted(str(held.name) for held in library.records()) == [f"Thing {number}" for number in range(1, 6)]
    assert load(library, documents).changes == {"unchanged": 5}


@pytest.mark.parametrize("name", [COLLECTION, "Feed"])
def test_one_collection(name: str) -> None:
    assert len(names(Server(OBJECTS), collection=name)) == 5
    assert len(names(Server(OBJECTS, page=100), f"/api/collections/{COLLECTION}/")) == 5


def test_only_what_is_new() -> None:
    found = names(Server(OBJECTS), added_after="2024-01-03T00:00:00.000Z")
    assert [text.count("Thing 4") + 2 * text.count("Thing 5") for text in found] == [1, 2]


def test_a_password_is_sent_and_a_wrong_one_is_told() -> None:
    right, wrong = "a" * 8, "b" * 8
    assert len(names(Server(OBJECTS, password=right), user="me", password=right)) == 5
    with pytest.raises(InputError, match="the server answers 401"):
        names(Server(OBJECTS, password=right), user="me", password=wrong)


def test_an_empty_collection_gives_nothing() -> None:
    assert names(Server([])) == []


@pytest.mark.parametrize(
    ("server", "options", "reason"),
    [
        (lambda: Server(OBJECTS, status=503), {}, "the server answers 503"),
        (lambda: Server(OBJECTS, media_type="text/html"), {}, "no TAXII 2.1|not TAXII 2.1"),
        (lambda: Server(OBJECTS, broken=True), {}, "not TAXII 2.1"),
        (lambda: Server(OBJECTS, stuck=True), {}, "the same page again and again"),
        (lambda: Server(OBJECTS), {"collection": "Inbox"}, r"no collection Inbox; there are Feed \("),
    ],
    ids=["503", "html", "broken", "stuck", "no such collection"],
)
def test_wrong_answers_are_told(server: Callable[[], Server], options: dict[str, str], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        names(server(), **options)


def test_nobody_there() -> None:
    with serving(Server([])) as url:
        pass
    with pytest.raises(InputError, match="cannot be asked"):
        list(fetch(url))
    with pytest.raises(InputError, match=r"cannot be asked|not TAXII"):
        list(fetch("no url"))
