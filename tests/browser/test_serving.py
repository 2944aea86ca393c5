"""The small server: the files, what Browser's origin asks first, and nothing else of this machine."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator

import pytest

from graphcorr.browser.material import make_material
from graphcorr.browser.serving import GuideServer
from graphcorr.errors import UsageError


@pytest.fixture(scope="module")
def server() -> Iterator[GuideServer]:
    with GuideServer("127.0.0.1", 0) as started:
        threading.Thread(target=started.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield started
        started.shutdown()


def ask(server: GuideServer, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_every_file_is_served_as_what_it_is(server: GuideServer) -> None:
    types = {".html": "text/html", ".zip": "application/zip"}
    for name, content in make_material(f"http://localhost:{server.server_port}").items():
        status, headers, body = ask(server, "GET", f"/{name}")
        assert (status, body) == (200, content)
        assert headers["Content-Type"] == f"{types.get(name[name.rindex('.') :], 'text/plain')}; charset=utf-8"
        assert headers["Access-Control-Allow-Origin"] == "*"


def test_a_query_string_and_escapes_name_the_same_file(server: GuideServer) -> None:
    assert ask(server, "GET", "/guide%2Ehtml?x=1")[0] == 200


def test_head_has_no_body(server: GuideServer) -> None:
    status, headers, body = ask(server, "HEAD", "/style.grass")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_browser_may_fetch_from_another_origin(server: GuideServer) -> None:
    status, headers, _ = ask(server, "OPTIONS", "/guide.html")
    assert status == 204
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert {"pragma", "cache-control"} <= {word.strip() for word in headers["Access-Control-Allow-Headers"].split(",")}


@pytest.mark.parametrize("path", ["/", "/../pyproject.toml", "/%2e%2e/pyproject.toml", "//etc/passwd", "/queries", "/guide.html/", "/%00"])
def test_nothing_else_is_served(server: GuideServer, path: str) -> None:
    status, _, body = ask(server, "GET", path)
    assert (status, body) == (404, b"There is no such file.\n")


def test_other_methods_are_refused(server: GuideServer) -> None:
    assert ask(server, "POST", "/guide.html")[0] == 501


def test_a_port_in_use_is_told_in_a_sentence(server: GuideServer) -> None:
    with pytest.raises(UsageError, match=rf"cannot listen on 127\.0\.0\.1:{server.server_port}: Address already in use"):
        GuideServer("127.0.0.1", server.server_port)


def test_an_address_that_is_not_ours_is_told_in_a_sentence() -> None:
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1:0"):
        GuideServer("192.0.2.1", 0)
    with pytest.raises(UsageError, match="cannot listen on no such host:0"):
        GuideServer("no such host", 0)
