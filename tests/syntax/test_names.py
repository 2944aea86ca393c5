"""Names of hosts, accounts, addresses and pipes: one key for one thing, none for absence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.syntax.accounts import account_key, account_name, is_machine_account, is_service_account, may_be_one, split_account
from graphcorr.syntax.addresses import address_key, is_link_local, is_loopback, is_multicast_or_broadcast
from graphcorr.syntax.hosts import host_key, is_same_host, short_name
from graphcorr.syntax.pipes import PsexecPipe, pipe_key, psexec_stdio


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("WORKSTATION6", "workstation6"),
        ("WORKSTATION6.theshire.local.", "workstation6.theshire.local"),
        (r"\\WORKSTATION5", "workstation5"),
        (r"\\WORKSTATION5\ADMIN$", "workstation5"),
        ("WORKSTATION5$", "workstation5"),
        (r"THESHIRE\WORKSTATION5$", "workstation5"),
        ("-", None),
        ("", None),
        (None, None),
        ("localhost", None),
        ("LOCAL", None),
        ("*", None),
        ("10.0.0.1", None),
        ("::1", None),
        ("fe80::1%12", None),
        ("NT AUTHORITY", None),
        (r"\\", None),
        ("$", None),
        ("a..b", None),
        ("co{rp.example", None),
        ("co{rp", "co{rp"),
        ("a;b", None),
        ("\ufffd\ufffd", None),
        ("---", None),
    ],
)
def test_host_key(name: str | None, key: str | None) -> None:
    assert host_key(name) == key


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("workstation6", "workstation6.theshire.local", True),
        ("workstation6", "workstation5.theshire.local", False),
        ("dc.a.local", "dc.b.local", False),
        ("dc.a.local", "dc.a.local", True),
        ("verylongcompute", "verylongcomputername.a.local", True),  # NetBIOS cuts after 15 characters
        ("verylongcomput", "verylongcomputername.a.local", False),
        ("verylongcompute.a.local", "verylongcomputername", False),
    ],
)
def test_short_and_full_names_of_one_machine(a: str, b: str, same: bool) -> None:
    assert is_same_host(a, b) is same
    assert is_same_host(b, a) is same


def test_short_name() -> None:
    assert short_name("workstation6.theshire.local") == "workstation6"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::FFFF:172.18.39.5", "172.18.39.5"),
        ("fe80::A1:0%12", "fe80::a1:0"),
        ("[fe80::1]", "fe80::1"),
        ("[fe80::1]:445", "fe80::1"),
        ("10.0.0.1:445", "10.0.0.1"),
        ("FE80:0:0:0:0:0:0:1", "fe80::1"),
        ("::1", "::1"),
        (" 10.0.0.1\0", "10.0.0.1"),
        ("-", None),
        ("", None),
        (None, None),
        ("0.0.0.0", None),  # noqa: S104
        ("::", None),
        ("::ffff:0.0.0.0", None),
        ("LOCAL", None),
        ("10.0.0.256", None),
        ("host", None),
    ],
)
def test_address_key(text: str | None, key: str | None) -> None:
    assert address_key(text) == key


def test_kinds_of_addresses() -> None:
    assert [is_loopback(a) for a in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "10.127.0.1", "-", None)] == [
        True, True, True, True, False, False, False,
    ]  # fmt: skip
    assert [is_link_local(a) for a in ("fe80::1%3", "169.254.1.1", "febf::1", "fec0::1", "fe8::1", "10.0.0.1")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    everyone = ("224.0.0.252", "239.1.1.1", "255.255.255.255", "ff02::1:3", "ff0::1", "240.0.0.1", "10.0.0.255")
    assert [is_multicast_or_broadcast(a) for a in everyone] == [
        True, True, True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "user", "key", "name"),
    [
        ("THESHIRE", "pgustavo", r"theshire\pgustavo", r"THESHIRE\pgustavo"),
        (None, r"THESHIRE\pgustavo", r"theshire\pgustavo", r"THESHIRE\pgustavo"),
        ("-", "pgustavo@theshire.local", r"theshire.local\pgustavo", r"theshire.local\pgustavo"),
        ("THESHIRE", "pgustavo@theshire.local", r"theshire\pgustavo", r"THESHIRE\pgustavo"),
        (".", "admin", "admin", "admin"),
        ("THESHIRE", "-", None, None),
        (None, None, None, None),
        ("-", "-", None, None),
    ],
)
def test_account_key(domain: str | None, user: str | None, key: str | None, name: str | None) -> None:
    assert account_key(domain, user) == key
    assert account_name(domain, user) == name


def test_split_account_keeps_a_lone_domain() -> None:
    assert split_account("THESHIRE", "-") == ("THESHIRE", None)


def test_machine_accounts_end_in_a_dollar() -> None:
    assert [is_machine_account(user) for user in ("WORKSTATION5$", r"THESHIRE\WORKSTATION5$", "pgustavo", "$", None)] == [
        True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "user", "sid", "service"),
    [
        ("NT AUTHORITY", "SYSTEM", None, True),
        ("AUTORITE NT", "Système", "S-1-5-18", True),
        ("NT-AUTORITÄT", "Lokaler Dienst", "S-1-5-19", True),
        ("NT AUTHORITY", "ANONYMOUS LOGON", "S-1-5-7", True),
        ("Window Manager", "DWM-1", "S-1-5-90-0-1", True),
        ("THESHIRE", "SYSTEM", "S-1-5-21-1-2-3-1104", False),
        ("THESHIRE", "SYSTEM", None, False),
        (None, "LocalSystem", None, True),
        ("THESHIRE", "pgustavo", "S-1-5-180", False),
        (None, None, "-", False),
    ],
)
def test_service_accounts_in_any_language(domain: str | None, user: str | None, sid: str | None, service: bool) -> None:
    assert is_service_account(domain, user, sid) is service


@pytest.mark.parametrize(
    ("pipe", "service", "expected"),
    [
        (r"\PSEXESVC-WORKSTATION5-7256-stdin", None, PsexecPipe("PSEXESVC", "WORKSTATION5", 7256, "stdin")),
        (r"PSEXESVC-FS03-VULN-2124-stderr", None, PsexecPipe("PSEXESVC", "FS03-VULN", 2124, "stderr")),
        (r"\PIPE\csrss-DESKTOP-ABCDEFG-12-stdout", None, PsexecPipe("csrss", "DESKTOP-ABCDEFG", 12, "stdout")),
        (r"my-svc-DESKTOP-ABCDEFG-12-stdout", None, PsexecPipe("my-svc", "DESKTOP-ABCDEFG", 12, "stdout")),
        (r"my-svc-PC-1-12-stdout", "my-svc", PsexecPipe("my-svc", "PC-1", 12, "stdout")),
        (r"PSEXESVC", None, None),
        (r"\PSEXESVC-7256-stdin", None, None),
        (r"a-stdin", None, None),
        (r"\-WS5-7256-stdin", None, None),
        ("-", None, None),
        (None, None, None),
    ],
)
def test_psexec_pipes_name_the_source(pipe: str | None, service: str | None, expected: PsexecPipe | None) -> None:
    assert psexec_stdio(pipe, service) == expected


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (r"\svcctl", "svcctl"),
        (r"\PIPE\svcctl", "svcctl"),
        (r"\Device\NamedPipe\SvcCtl", "svcctl"),
        (r"\\.\pipe\uaojea", "uaojea"),
        (r"\\WS5\pipe\spoolss", "spoolss"),
        ("samr", "samr"),
        (r"\Winsock2\CatalogChangeListener-bf0-0", r"winsock2\catalogchangelistener-bf0-0"),
        ("<Anonymous Pipe>", None),
        ("&lt;Anonymous Pipe&gt;", None),
        ("-", None),
        (None, None),
    ],
)
def test_pipe_key(name: str | None, key: str | None) -> None:
    assert pipe_key(name) == key


@given(st.text(), st.text())
def test_nothing_raises(a: str, b: str) -> None:
    for found in (host_key(a), address_key(a), pipe_key(a), account_key(a, b)):
        assert found is None or found
    key = host_key(a)
    assert key is None or host_key(key) == key
    address = address_key(a)
    assert address is None or address_key(address) == address
    psexec_stdio(a, b)
    is_service_account(a, b, a)


@pytest.mark.parametrize(
    ("other", "one"),
    [
        (r"CORP\bob", True),
        (r"corp.example\Bob", True),
        ("bob@corp.example", True),
        ("BOB", True),
        (r"CORP2\bob", False),
        (r"SRV1\bob", False),
        (r"CORP\bobby", False),
        ("CORP\\", False),
        ("", False),
    ],
)
def test_spellings_that_may_be_one_account(other: str, *, one: bool) -> None:
    assert may_be_one(r"CORP\bob", other) is may_be_one(other, r"CORP\bob") is one
