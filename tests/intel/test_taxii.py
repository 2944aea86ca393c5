"""TAXII 2.1 against a real server on this machine: pages, filters, passwords, and every way to answer wrongly."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable

import pytest

from graphcorr.errors import InputError, UsageError
from graphcorr.intel import taxii
from graphcorr.intel.library import Library
from graphcorr.intel.loading import load
from graphcorr.intel.reading import Document, split
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


@pytest.mark.parametrize("url", ["", "http://", "ftp://x/", "http://h:x/", "http://[/", "http://h/\ud800"])
def test_what_is_no_url_is_told(url: str) -> None:
    with pytest.raises(InputError, match="no URL"):
        list(fetch(url))


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(UsageError, match="--added-after is 'garbage'"):
        list(fetch("http://127.0.0.1/", added_after="garbage"))


def test_secrets_in_a_url_are_sent_and_never_told() -> None:
    password = "hid" + "den"
    server = Server(OBJECTS[:1], password=password)
    with serving(server) as url:
        secret = url.replace("//", "//me:hidden@") + "?apikey=hidden"
        (document,) = fetch(secret)
        server.status = 503
        with pytest.raises(InputError) as refused:
            list(fetch(secret))
    with pytest.raises(InputError) as gone:
        list(fetch(secret))
    assert all("apikey=hidden" in path for path in server.asked)
    assert document.file == f"{server.url}/api/collections/{COLLECTION}/"
    assert [text for text in (str(refused.value), str(gone.value)) if "hidden" in text or "me:" in text] == []


@pytest.mark.parametrize("trusted", [(), ("127.0.0.1",), ("elsewhere.example", "127.0.0.1:1")])
def test_another_host_is_not_told_who_asks(trusted: tuple[str, ...]) -> None:
    """The server that the user named says that its collections are elsewhere; that may be anybody."""
    named, other = Server([]), Server(OBJECTS)
    with serving(named) as url, serving(other):
        named.roots = [f"{other.url}/api/"]
        secret = url.replace("//", "//me:hidden@") + "?apikey=hidden"
        documents = list(fetch(secret, trusted=trusted))
    assert len(documents) == 3
    assert len(named.told) == 1
    told = [path for path in other.asked if "hidden" in path]
    if trusted == ("127.0.0.1",):
        assert (len(other.told), len(told)) == (len(other.asked), len(other.asked))
    else:
        assert (other.told, told) == ([], [])


def test_a_redirect_takes_nobody_along() -> None:
    named, other = Server([]), Server(OBJECTS)
    with serving(named) as url, serving(other):
        named.elsewhere = other.url
        documents = list(fetch(url.replace("//", "//me:hidden@") + "?apikey=hidden"))
    assert len(documents) == 3
    assert len(named.told) == 1
    assert (other.told, [path for path in other.asked if "hidden" in path]) == ([], [])


def test_a_host_that_refuses_because_it_is_not_told_is_explained() -> None:
    password = "hid" + "den"
    named, other = Server([], password=password), Server(OBJECTS, password=password)
    with serving(named) as url, serving(other):
        named.roots = [f"{other.url}/api/"]
        with pytest.raises(InputError) as refused:
            list(fetch(url, user="me", password=password))
        host = other.url.removeprefix("http://")
        assert str(refused.value) == f"{url}: the server answers 401 for {host}, which is not told who asks; --trust {host} tells it"
        assert len(list(fetch(url, user="me", password=password, trusted=[host]))) == 3


@pytest.mark.parametrize(
    ("named", "other", "withheld"),
    [
        ("https://a.example/taxii2/", "https://a.example/api/", None),
        ("https://a.example/taxii2/", "https://A.example:443/api/", None),
        ("http://a.example/taxii2/", "https://a.example/api/", None),
        ("https://a.example/taxii2/", "http://a.example/api/", "a.example:80"),
        ("https://a.example/taxii2/", "https://a.example:8443/api/", "a.example:8443"),
        ("https://a.example/taxii2/", "https://b.a.example/api/", "b.a.example:443"),
        ("https://a.example/taxii2/", "https://a.example.evil/api/", "a.example.evil:443"),
        ("https://a.example/taxii2/", "https://c.example/api/", None),
        ("https://a.example/taxii2/", "http://c.example/api/", "c.example:80"),
        ("https://a.example/taxii2/", "https://d.example/api/", "d.example:443"),
        ("https://a.example/taxii2/", "https://d.example:8443/api/", None),
    ],
)
def test_which_places_are_the_same(named: str, other: str, withheld: str | None) -> None:
    ways = taxii._Ways(named, frozenset({("c.example", None), ("d.example", 8443)}), named=None, others=None)
    assert ways.withheld(other) == withheld


@pytest.mark.parametrize("text", ["", "https://a.example", "a.example/x", "me@a.example", "a.example:x", "["])
def test_what_is_no_host_is_not_trusted(text: str) -> None:
    with pytest.raises(UsageError, match="is no host to trust"):
        list(fetch("http://127.0.0.1/", trusted=[text]))


def test_a_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setattr(taxii, "PATIENCE", 0.05)
        with pytest.raises(InputError, match=r"silent for 0\.05 s"):
            list(fetch(f"http://127.0.0.1:{listening.getsockname()[1]}/taxii2/"))


def fetch_envelope(envelope: str) -> list[Document]:
    server = Server(OBJECTS, envelope=envelope.encode())
    with serving(server) as url:
        return list(fetch(url))


@pytest.mark.parametrize("odd", ['{"type":"x","n":' + "9" * 30 + "}", '{"type":"malware","name":"\\ud800"}'], ids=["number", "surrogate"])
def test_one_odd_record_costs_no_other(library: Library, odd: str) -> None:
    done = load(library, fetch_envelope(f'{{"objects":[{json.dumps(OBJECTS[0])},{odd}]}}'))
    assert (done.read, done.loaded, done.quarantined) == (2, 1, 1)
    assert library.text(done.records[1].id) == odd.encode()


def test_more_without_where_is_told(library: Library) -> None:
    done = load(library, fetch_envelope(f'{{"more":true,"objects":[{json.dumps(OBJECTS[0])}]}}'))
    assert (done.loaded, [one.reason for one in done.problems]) == (
        1,
        ["the server has more and does not say where; the rest was not read"],
    )


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        ('{"objects":' + "[" * 100_000 + "]" * 100_000 + "}", "nested deeper"),
        ('{"objects":"abc"}', "no list"),
        ('{"more":true,"next":["1"],"objects":[]}', "not TAXII"),
        ("", "not TAXII"),
    ],
    ids=["deep", "text", "next", "empty"],
)
def test_an_envelope_that_is_none_is_told(envelope: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        fetch_envelope(envelope)
