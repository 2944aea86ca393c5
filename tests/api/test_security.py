"""Who may ask, what of a request is refused, and what a hostile one gets."""

from __future__ import annotations

import io
import socket
import sqlite3
import subprocess
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from graphcorr_api.limits import read_limits
from graphcorr_api.server import Wishes, read_address, serve

from graphcorr.errors import NotFoundError, UsageError
from graphcorr.service.shelf import list_cases, make_case
from graphcorr.service.tokens import Role, add_token, find_token, known_tokens, list_tokens, revoke_token
from graphcorr.settings import Settings
from tests.api.conftest import Running, serving


@dataclass
class Guarded:
    """A server that knows tokens: one of each role, and one for a case alone."""

    running: Running
    tokens: dict[str, str]
    own: str
    other: str

    def ask(self, who: str | None, method: str, path: str, **more: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        return self.running.client.request(method, path, headers=headers, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    state = tmp_path_factory.mktemp("guarded")
    settings = Settings(state=state)
    own, other = make_case("own", settings).id, make_case("other", settings).id
    tokens = {role.value: add_token(role.value, role, settings)[1] for role in Role}
    tokens["bound"] = add_token("bound", Role.WRITE, settings, case=own)[1]
    tokens["expired"] = add_token("expired", Role.ADMIN, settings, expires="2020-01-01")[1]
    limits = ("body=16MiB", "header_time=1", "chunk_time=1", "streams_each=1", "guesses=100", "members=2000")
    with serving(state, [word for limit in limits for word in ("--limit", limit)]) as running:
        yield Guarded(running, tokens, own, other)


def test_nobody_is_answered_without_a_token_that_counts(guarded: Guarded) -> None:
    for headers in (
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer graphcorr_00000000_" + "A" * 43},
        {"Authorization": f"Basic {guarded.tokens['admin']}"},
        {"Authorization": f"Bearer {guarded.tokens['admin']}x"},
        {"Authorization": f"Bearer {guarded.tokens['expired']}"},
        {"Cookie": "graphcorr=none"},
    ):
        for path in ("/v1/cases", "/v1/version", f"/v1/cases/{guarded.own}", "/v1/jobs", "/v1/audit", "/metrics"):
            answer = guarded.running.client.get(path, headers=headers)
            assert answer.status_code == 401, (path, headers)
            assert answer.headers["www-authenticate"].startswith("Bearer")
    assert guarded.running.client.get("/v1/health").status_code == 200


def test_a_role_may_what_it_says(guarded: Guarded) -> None:
    case = f"/v1/cases/{guarded.other}"
    assert guarded.ask("read", "GET", case).status_code == 200
    assert guarded.ask("read", "POST", "/v1/cases", json={"name": "x"}).status_code == 403
    assert guarded.ask("read", "POST", f"{case}/detect", json={}).status_code == 403
    assert guarded.ask("read", "POST", f"{case}/events", content=b"x").status_code == 403
    assert guarded.ask("read", "GET", "/v1/audit").status_code == 403
    assert guarded.ask("write", "POST", "/v1/cases", json={"name": "x"}).status_code == 201
    assert guarded.ask("write", "GET", "/v1/audit").status_code == 403
    assert guarded.ask("admin", "GET", "/v1/audit").status_code == 200


def test_a_token_for_one_case_sees_no_other(guarded: Guarded) -> None:
    assert [each["id"] for each in guarded.ask("bound", "GET", "/v1/cases").json()["items"]] == [guarded.own]
    assert guarded.ask("bound", "GET", f"/v1/cases/{guarded.own}").status_code == 200
    there, nowhere = (guarded.ask("bound", "GET", f"/v1/cases/{each}") for each in (guarded.other, "nowhere"))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.text.replace(guarded.other, "nowhere") == nowhere.text
    assert guarded.ask("bound", "POST", f"/v1/cases/{guarded.other}/detect", json={}).status_code == 404
    assert guarded.ask("bound", "POST", "/v1/cases", json={"name": "x"}).status_code == 403
    assert guarded.ask("bound", "GET", "/metrics").status_code == 403
    job = guarded.ask("admin", "POST", f"/v1/cases/{guarded.other}/detect", json={}).json()["job"]["id"]
    assert guarded.ask("bound", "GET", f"/v1/jobs/{job}").status_code == 404
    assert guarded.ask("bound", "DELETE", f"/v1/jobs/{job}").status_code == 404
    assert guarded.ask("bound", "GET", f"/v1/jobs/{job}/events").status_code == 404
    assert {each["case"] for each in guarded.ask("bound", "GET", "/v1/jobs").json()["items"]} <= {guarded.own}
    assert guarded.ask("bound", "GET", "/v1/jobs", params={"case": guarded.other}).status_code == 404


def test_a_token_is_good_from_the_moment_that_it_is_made(guarded: Guarded) -> None:
    settings = Settings(state=guarded.running.state)
    for number in range(3):
        assert guarded.ask("read", "GET", "/v1/cases").status_code == 200  # the server has just read the tokens
        _, text = add_token(f"new {number}", Role.READ, settings)
        answer = guarded.running.client.get("/v1/cases", headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code == 200, answer.text


def test_a_revoked_token_is_one_no_longer(guarded: Guarded) -> None:
    settings = Settings(state=guarded.running.state)
    made, text = add_token("short", Role.READ, settings)
    headers = {"Authorization": f"Bearer {text}"}
    time.sleep(1.1)
    assert guarded.running.client.get("/v1/cases", headers=headers).status_code == 200
    revoke_token(made.id, settings)
    time.sleep(1.1)
    assert guarded.running.client.get("/v1/cases", headers=headers).status_code == 401


def test_a_browser_signs_in_and_out(guarded: Guarded) -> None:
    own = guarded.running.address.rstrip("/")
    page = {"Origin": own, "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=own) as browser:
        assert browser.post("/v1/session", json={"token": "none"}, headers=page).status_code == 401
        answer = browser.post("/v1/session", json={"token": guarded.tokens["write"]}, headers=page)
        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"]
        assert all(each in cookie for each in ("HttpOnly", "SameSite=strict", "Path=/"))
        assert guarded.tokens["write"] not in cookie
        assert browser.get("/v1/session").json()["role"] == "write"
        # What changes something needs to come from our own page, whatever cookie it brings.
        assert browser.post("/v1/cases", json={"name": "x"}).status_code == 403
        assert browser.post("/v1/cases", json={"name": "x"}, headers={"Origin": "http://evil.example"}).status_code == 403
        assert browser.post("/v1/cases", json={"name": "x"}, headers=page).status_code == 201
        kept = dict(browser.cookies)
        assert browser.delete("/v1/session", headers=page).status_code == 204
        assert browser.get("/v1/session").status_code == 401
        browser.cookies.update(kept)
        assert browser.get("/v1/session").status_code == 401


def test_who_changed_what_is_written_down_and_no_secret_is(guarded: Guarded) -> None:
    made = guarded.ask("write", "POST", "/v1/cases", json={"name": "audited"}).json()["id"]
    entries = guarded.ask("admin", "GET", "/v1/audit", params={"limit": 500}).json()["items"]
    assert any((each["author"], each["action"], each["subject"]) == ("write", "create_case", made) for each in entries)
    stored = (guarded.running.state / "server.sqlite").read_bytes() + (guarded.running.state / "server.sqlite-wal").read_bytes()
    assert not any(text.split("_", 2)[2].encode() in stored for text in guarded.tokens.values())


def test_guessing_ends_and_locks_nobody_out(tmp_path: Path) -> None:
    """On a server of its own: whoever guesses is refused for a while."""
    settings = Settings(state=tmp_path)
    _, right = add_token("reader", Role.READ, settings)
    with serving(tmp_path) as running:
        guess = {"Authorization": "Bearer graphcorr_00000000_" + "B" * 43}
        statuses = [running.client.get("/v1/cases", headers=guess).status_code for _ in range(30)]
        assert (statuses[0], statuses[-1]) == (401, 429)
        assert running.client.get("/v1/cases", headers={"Authorization": f"Bearer {right}"}).status_code == 200


def test_a_body_has_an_end(guarded: Guarded) -> None:
    events = f"/v1/cases/{guarded.own}/events"
    uploads = guarded.running.state / "cases" / guarded.own / "uploads"
    before = set(uploads.iterdir()) if uploads.exists() else set()  # of jobs that wait
    answer = guarded.ask("write", "POST", events, content=iter([b"x" * (1 << 20)] * 17))
    assert answer.status_code == 413
    assert "limit body" in answer.json()["detail"]
    assert guarded.ask("write", "POST", "/v1/cases", content=b'{"name": "' + b"x" * (2 << 20)).status_code in {413, 415}
    assert set(uploads.iterdir()) <= before


def test_an_archive_of_very_many_members_is_refused_before_it_is_opened(guarded: Guarded) -> None:
    for number, expected in ((1000, 202), (70_000, 413)):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for each in range(number):
                archive.writestr(f"{each}", b"")
        began = time.monotonic()
        answer = guarded.ask("write", "POST", f"/v1/cases/{guarded.own}/events", content=packed.getvalue())
        assert answer.status_code == expected, answer.text
        assert time.monotonic() - began < 5
    assert "70000 members" in answer.json()["detail"]


def raw(guarded: Guarded, data: bytes, pause: float = 0.0, *, patience: float = 8.0) -> bytes:
    """What the server answers to these bytes, sent one after the other where there is a pause."""
    url = httpx.URL(guarded.running.address)
    with socket.create_connection((url.host, url.port or 80), patience) as connection:
        try:
            if pause:
                for index in range(len(data)):
                    connection.sendall(data[index : index + 1])
                    time.sleep(pause)
            else:
                connection.sendall(data)
        except OSError:
            pass  # it was closed while we spoke; what it said stands to be read
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except ConnectionResetError:
            pass
        return answer


def head(guarded: Guarded, *lines: str, method: str = "GET", path: str = "/v1/health") -> bytes:
    host = httpx.URL(guarded.running.address).netloc.decode()
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *lines, "", ""]).encode("latin-1")


def test_silent_and_dripping_connections_are_closed(guarded: Guarded) -> None:
    uploads = guarded.running.state / "cases" / guarded.own / "uploads"
    before = set(uploads.iterdir()) if uploads.exists() else set()  # of jobs that wait
    began = time.monotonic()
    assert b" 408 " in raw(guarded, b"GET /v1/health HTTP/1.1\r\n")
    assert b" 408 " in raw(guarded, b"")
    assert b" 408 " in raw(guarded, head(guarded), pause=0.1)
    authorization = f"Authorization: Bearer {guarded.tokens['write']}"
    slow = head(guarded, authorization, "Content-Length: 10", method="POST", path=f"/v1/cases/{guarded.own}/events")
    assert b" 408 " in raw(guarded, slow + b"abc")
    assert time.monotonic() - began < 20
    assert set(uploads.iterdir()) <= before


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["X: " + "a" * 70_000], b" 431 "),
        (["Host: other.example"], b" 400 "),
        (["Content-Length: 3", "Transfer-Encoding: chunked"], b" 400 "),
        (["Content-Length: 3", "Content-Length: 4"], b" 400 "),
        (["Transfer-Encoding: gzip, chunked, x"], b" 400 "),
        (["Bad Name: x"], b" 400 "),
        (["Content-Length: -1"], b" 400 "),
    ],
)
def test_a_smuggled_head_is_refused(guarded: Guarded, lines: list[str], status: bytes) -> None:
    answer = raw(guarded, head(guarded, *lines, method="POST", path="/v1/session"))
    assert status in answer.split(b"\r\n")[0], answer[:300]
    assert b"application/problem+json" in answer


def test_a_request_without_a_host_is_refused(guarded: Guarded) -> None:
    assert b" 400 " in raw(guarded, b"GET /v1/health HTTP/1.0\r\n\r\n")


@pytest.mark.parametrize(
    "path", ["/%", "/v1/cases/%ff%fe", "/v1/cases/%00", "//v1/cases", "/v1/cases/" + "a" * 3000, "/../etc/passwd", "/ui/../../x.js"]
)
def test_strange_paths_are_problems(guarded: Guarded, path: str) -> None:
    answer = raw(guarded, head(guarded, f"Authorization: Bearer {guarded.tokens['read']}", path=path))
    assert answer.split(b" ")[1] in {b"200", b"400", b"404"}, answer[:200]
    assert b"root:" not in answer


def test_huge_cursors_and_queries_are_refused(guarded: Guarded) -> None:
    findings = f"/v1/cases/{guarded.own}/findings"
    for query in ("cursor=" + "A" * 5000, "q=" + "x" * 5000, "&".join(f"host=h{n}" for n in range(200)), "limit=" + "9" * 4000):
        assert guarded.ask("read", "GET", f"{findings}?{query}").status_code == 400, query[:20]


def test_a_caller_has_so_many_event_streams(guarded: Guarded) -> None:
    job = guarded.ask("admin", "POST", f"/v1/cases/{guarded.own}/detect", json={}).json()["job"]["id"]
    with sqlite3.connect(guarded.running.state / "server.sqlite") as database:
        database.execute("UPDATE jobs SET state = 'queued', finished = NULL WHERE id = ?", [job])
        database.execute("""UPDATE jobs SET state = 'failed' WHERE state = 'queued' AND id <> ?""", [job])
    database.close()
    stream = f"/v1/jobs/{job}/events"
    headers = {"Authorization": f"Bearer {guarded.tokens['read']}"}
    with httpx.Client(base_url=guarded.running.address) as client, client.stream("GET", stream, headers=headers) as first:
        assert first.headers["content-type"].startswith("text/event-stream")
        last = ""
        for line in first.iter_lines():
            if line.startswith("data: "):
                last = line
    assert '"state":"failed"' in last or '"state":"done"' in last


def test_tokens_are_told_apart_and_kept_as_digests(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    made, text = add_token("a", Role.READ, settings, expires="30d")
    known = known_tokens(settings)
    assert find_token(text, known) == made
    assert find_token(text[:-1], known) is None
    assert find_token(text[:-1] + ("A" if text[-1] != "A" else "B"), known) is None
    assert find_token("", known) is None
    assert text not in str(known)
    assert list_tokens(settings) == [made]
    with pytest.raises(NotFoundError):
        revoke_token("none", settings)
    with pytest.raises(NotFoundError):
        add_token("b", Role.READ, settings, case="none")
    with pytest.raises(UsageError):
        add_token("b", Role.READ, settings, expires="soon")


def test_beyond_this_machine_nobody_listens_without_tokens(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    with pytest.raises(UsageError, match="needs a token"):
        serve(settings, Wishes(listen="0.0.0.0:0"), print)
    with pytest.raises(UsageError, match="needs a token"):
        serve(settings, Wishes(listen="127.0.0.1:0", public_url="https://graphcorr.example"), print)
    assert list_cases(settings) == []


@pytest.mark.parametrize("text", ["8642", ":8642", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:99999", "127.0.0.1:٣"])
def test_an_address_has_a_host_and_a_port(text: str) -> None:
    with pytest.raises(UsageError):
        read_address(text)


def test_limits_are_read() -> None:
    assert read_limits(["body=2GiB", "jobs=3"]).body == 2 << 30
    for wrong in ("body", "body=", "body=x", "none=1", "jobs=0", "body=1GB"):
        with pytest.raises(UsageError):
            read_limits([wrong])


def test_behind_a_proxy_the_cookie_is_for_tls_alone(tmp_path: Path) -> None:
    _, text = add_token("a", Role.READ, Settings(state=tmp_path))
    with serving(tmp_path, ("--public-url", "https://graphcorr.example")) as running:
        headers = {"Host": "graphcorr.example", "Origin": "https://graphcorr.example"}
        answer = running.client.post("/v1/session", json={"token": text}, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["set-cookie"].startswith("__Host-graphcorr=")
        assert "Secure" in answer.headers["set-cookie"]


def test_a_server_that_is_asked_to_end_does(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        running.process.terminate()
        try:
            running.process.wait(10)
        except subprocess.TimeoutExpired:
            pytest.fail("it did not end")
