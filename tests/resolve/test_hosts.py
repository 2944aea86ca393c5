"""Which names are one machine."""

from __future__ import annotations

import pytest

from graphcorr.logs.claims import OWN_LOG
from graphcorr.resolve.addresses import Addresses, Binding
from graphcorr.resolve.hosts import HostNames
from graphcorr.resolve.identity import Identity
from graphcorr.resolve.shares import Shares
from tests.findings.logs import TARGET, TOOL, Logs, brief

A, B = "ws6.a.example", "ws6.b.example"


@pytest.mark.parametrize(
    ("names", "name", "key"),
    [
        ([A], "WS6", A),
        ([A], "WS6$", A),
        ([A], r"\\WS6", A),
        ([A], "WS6.A.EXAMPLE", A),
        ([A, B], "WS6", "ws6"),
        ([A, B], "WS6.B.example", B),
        ([], "WS6", "ws6"),
        (["a-very-long-server-name.a.example"], "A-VERY-LONG-SER", "a-very-long-server-name.a.example"),
        ([A], "-", None),
        ([A], "10.0.0.5", None),
        ([A], None, None),
    ],
)
def test_a_short_name_is_the_one_full_name_it_fits(names: list[str], name: str | None, key: str | None) -> None:
    assert HostNames(names).key(name) == key


def test_what_others_call_a_machine_counts_only_where_it_does_not_say_itself() -> None:
    assert HostNames(["WS6"], [A]).key("WS6") == A
    assert HostNames([B], [A]).key("WS6") == B
    assert HostNames([], [A, B]).key("WS6") == "ws6"


def test_logs_under_both_names_are_of_one_host() -> None:
    assert brief(Logs().security_5145("10:00:00", host="TARGET").sysmon_1("10:00:05", host=TARGET).hunt()) == [(TOOL, "image")]


def test_two_machines_of_one_short_name_stay_two() -> None:
    logs = Logs().security_5145("10:00:00", host=A).sysmon_1("10:00:05", host=B)
    assert brief(logs.hunt()) == []
    assert brief(logs.sysmon_1("10:00:06", host="WS6").hunt()) == []


LONG = "fs-berlin-storage-01"


@pytest.mark.parametrize(("names", "account", "host"), [
    (["fs.corp.example"], ("CORP", "FS$"), "fs.corp.example"),
    (["fs.corp.example"], (None, "FS$"), "fs.corp.example"),
    (["fs.corp.example"], ("CORP.EXAMPLE", "fs$"), "fs.corp.example"),
    ([f"{LONG}.corp.example"], ("CORP", "FS-BERLIN-STORA$"), f"{LONG}.corp.example"),
    # The machine's own suffix may be below its domain, or above it.
    (["fs.emea.corp.example"], ("CORP.EXAMPLE", "FS$"), "fs.emea.corp.example"),
    (["fs.corp.example"], ("EMEA.CORP.EXAMPLE", "FS$"), "fs.corp.example"),
    # A machine of that name in another domain, and one of two that have it.
    (["fs.corp.example"], ("LAB.TEST", "FS$"), "fs.lab.test"),
    (["fs.corp.example", "fs.lab.test"], ("LAB", "FS$"), "fs.lab.test"),
    (["fs.corp.example", "fs.lab.test"], ("OTHER", "FS$"), "fs"),
    (["fs", "dc.corp.example"], ("CORP", "FS$"), "fs"),
    (["dc.corp.example"], ("CORP", "WS5$"), "ws5.corp.example"),
    (["dc.corp.example", "x.corp.test"], ("CORP", "WS5$"), "ws5"),
])  # fmt: skip
def test_whose_account_it_is(names: list[str], account: tuple[str | None, str], host: str) -> None:
    assert HostNames(names).key_of_account(*account) == host


@pytest.mark.parametrize(("host", "account", "own"), [
    ("fs.corp.example", r"CORP\FS$", True), ("fs.corp.example", "FS$@CORP.EXAMPLE", True),
    ("fs.corp.example", r"NT AUTHORITY\SYSTEM", True),
    ("fs.corp.example", r"CORP\FS", False), ("fs.corp.example", r"CORP\WS5$", False), ("fs.corp.example", r"LAB.TEST\FS$", False),
    ("fs.corp.example", "SYSTEM", False), ("fs.corp.example", None, False), (LONG, r"WORKGROUP\FS-BERLIN-STORA$", True),
])  # fmt: skip
def test_only_a_machine_has_the_key_of_its_account(host: str, account: str | None, own: bool) -> None:
    assert Identity(HostNames([host]), Shares({}), Addresses({}), []).is_own_account(host, account, "10.0.0.5", 0) is own


@pytest.mark.parametrize(("bindings", "address", "own"), [
    ({}, "10.0.0.5", True),
    ({"10.0.0.9": ["fs"]}, "10.0.0.9", True),
    ({"10.0.0.9": ["fs"]}, "fe80::9", True),
    ({"10.0.0.9": ["fs"]}, "10.0.0.5", False),
    ({"10.0.0.5": ["ws5"]}, "10.0.0.5", False),
    ({"10.0.0.5": ["ws5", "ws6"]}, "10.0.0.5", False),
    ({"10.0.0.5": ["ws5", "fs"]}, "10.0.0.5", True),
])  # fmt: skip
def test_system_from_elsewhere_is_not_the_machine(bindings: dict[str, list[str]], address: str, own: bool) -> None:
    """What exploits the server (EternalRomance) has a session of its SYSTEM from another machine."""
    known = Addresses({one: [Binding(host, 0, 10, OWN_LOG) for host in hosts] for one, hosts in bindings.items()})
    identity = Identity(HostNames(["fs", "ws5", "ws6"]), Shares({}), known, [])
    assert identity.is_own_account("fs", r"NT AUTHORITY\SYSTEM", address, 5) is own
