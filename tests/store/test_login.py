"""Addresses of servers, and where user and password come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.errors import ConfigError, UsageError
from graphcorr.settings import NOBODY, Credentials
from graphcorr.store.login import Login, hide_password, read_login


@pytest.mark.parametrize(
    ("url", "credentials", "expected"),
    [
        ("neo4j://host", NOBODY, Login("neo4j://host:7687", None, "neo4j", None)),
        ("bolt+s://host:1/db/", NOBODY, Login("bolt+s://host:1", "db", "neo4j", None)),
        ("neo4j+ssc://[::1]/a%20b", NOBODY, Login("neo4j+ssc://[::1]:7687", "a b", "neo4j", None)),
        (
            "neo4j://host",
            Credentials("u", "p"),
            Login("neo4j://host:7687", None, "u", "p"),
        ),
        (
            "neo4j://me:a%40b%3A@host",
            Credentials("u", "p"),
            Login("neo4j://host:7687", None, "me", "a@b:"),
        ),
    ],
)
def test_an_address_over_what_is_set(url: str, credentials: Credentials, expected: Login) -> None:
    assert read_login(url, credentials) == expected
    assert expected.password is None or expected.password not in repr(expected).replace("password", "").replace("me", "")


def test_a_password_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    kept = " pass word"
    file.write_text(f"{kept}\n")
    credentials = Credentials(password_file=file)
    assert read_login("neo4j://host", credentials).password == kept
    file.write_text("\n")
    with pytest.raises(ConfigError, match="is empty"):
        read_login("neo4j://host", credentials)
    file.unlink()
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory"):
        read_login("neo4j://host", credentials)


@pytest.mark.parametrize(
    "url",
    [
        *("neo4j://", "neo4j:///db", "neo4j://u:secret@host:port", "neo4j://u:secret@host/a/b", "neo4j://u:secret@host/system"),
        *("neo4j://u:secret@host?x=1", "neo4j://u:secret@[::1", "http://u:secret@host", "neo4j://u:sec/secret@host"),
    ],
)
def test_what_is_no_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(UsageError) as error:
        read_login(url, NOBODY)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("neo4j://u:p@host:1/db", "neo4j://host:1/db"),
        ("neo4j://u:p/q@host", "neo4j://host"),
        ("neo4j://u:p@q@host", "neo4j://host"),
        ("ladybug:///a", "ladybug:///a"),
        ("no address", "no address"),
    ],
)
def test_an_address_as_it_may_be_shown(url: str, shown: str) -> None:
    assert hide_password(url) == shown
