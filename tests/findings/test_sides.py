"""Who a record says took part, by where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from graphcorr.findings.sides import change_of, is_blocked, sides_of, strength_of
from graphcorr.logs.testimony import Strength
from graphcorr.resolve.identity import Identity
from tests.findings.logs import CLIENT, OTHER, TARGET, Logs

OWN = "10.0.0.9"
COLUMNS = "log host source_address source_host target_address target_host initiated user user_domain target_user target_user_domain own_end"
EMPTY: dict[str, object] = dict.fromkeys(COLUMNS.split())


@pytest.fixture(scope="module")
def identity() -> Iterator[Identity]:
    """TARGET has the address 10.0.0.9, and OTHER is known by its full name."""
    with Logs().is_at().is_at(CLIENT, host=OTHER).projection() as projection:
        yield projection.identity


def row(log: str, **values: object) -> dict[str, Any]:
    return EMPTY | {"log": log, "host": TARGET, "time": 1_767_607_200_000_000} | values


@pytest.mark.parametrize(("kind", "values", "expected"), [
    ("Logon", row("security-4624", source_address=CLIENT), (CLIENT, TARGET, TARGET)),
    ("Logon", row("security-4624", source_address="::ffff:10.0.0.5"), (CLIENT, TARGET, TARGET)),
    ("Logon", row("security-4624", source_host="OTHER"), (OTHER, TARGET, TARGET)),
    ("Logon", row("security-4624"), (None, TARGET, TARGET)),
    # The machine speaks of what it did to another one: its own address column is that of a client of its own.
    ("Logon", row("security-4648", source_address=CLIENT, target_host="other"), (TARGET, OTHER, TARGET)),
    ("Write", row("zeek-smb-files", host=None, source_address=CLIENT, target_address=OWN), (CLIENT, OWN, "the network's monitor")),
    ("Logon", row("security-4624", host=None, source_address=CLIENT), (CLIENT, None, "a log that does not name its machine")),
    ("Connection", row("sysmon-3", source_address=OWN, target_address=CLIENT, initiated=True), (TARGET, CLIENT, TARGET)),
    ("Connection", row("sysmon-3", source_address=CLIENT, target_address=OWN, initiated=False), (CLIENT, TARGET, TARGET)),
    # Old Sysmon names the local side of an accepted connection as its source.
    ("Connection", row("sysmon-3", source_address=OWN, target_address=CLIENT, initiated=False), (CLIENT, TARGET, TARGET)),
    ("Connection", row("sysmon-3", source_address="10.1.1.1", target_address=CLIENT, initiated=False), (None, TARGET, TARGET)),
    ("Connection", row("sysmon-3", source_address="127.0.0.1", target_address=OWN, initiated=False), ("127.0.0.1", TARGET, TARGET)),
    # Which of its own ends the host is says the record, whatever is known of addresses from elsewhere.
    ("Connection", row("sysmon-3", source_address=OWN, target_address=CLIENT, initiated=False, own_end="target"), (OWN, TARGET, TARGET)),
    # Only the machine itself has the key of its account, whatever its address.
    ("Write", row("security-5145", source_address="fe80::1", user="TARGET$", user_domain="CORP"), (TARGET, TARGET, TARGET)),
    ("Logon", row("security-4624", source_address=CLIENT, target_user="target.corp.example$"), (TARGET, TARGET, TARGET)),
    ("Write", row("security-5145", source_address=CLIENT, user="OTHER$", user_domain="CORP"), (CLIENT, TARGET, TARGET)),
    ("Connection", row("sysmon-3", source_address=CLIENT, user="SYSTEM", user_domain="NT AUTHORITY"), (CLIENT, TARGET, TARGET)),
    ("ServiceInstall", row("system-7045"), (None, TARGET, TARGET)),
])  # fmt: skip
def test_sides(kind: str, values: dict[str, Any], expected: tuple[str | None, str | None, str], identity: Identity) -> None:
    assert sides_of(values, kind, identity)[:3] == expected


def test_of_a_session_it_is_whose_it_is(identity: Identity) -> None:
    """The account of a logon's own subject is the machine's, mostly."""
    named = row("security-4624", target_user="alice", target_user_domain="CORP", user="TARGET$", user_domain="CORP")
    assert sides_of(named, "Logon", identity).account == r"CORP\alice"
    assert sides_of(row("security-5145", user="bob"), "Write", identity).account == "bob"


@pytest.mark.parametrize(("log", "kind", "expected"), [
    ("security-5145", "Write", Strength.ASKED),
    ("security-4648", "Logon", Strength.ASKED),
    ("sysmon-11", "Write", Strength.IMPLIED),
    ("zeek-smb-files", "Write", Strength.STATED),
    ("sysmon-1", "ProcessStart", Strength.STATED),
    ("sysmon-1", "", Strength.STATED),
])  # fmt: skip
def test_a_record_is_as_strong_as_what_its_log_type_may_claim(log: str, kind: str, expected: Strength) -> None:
    assert strength_of(log, kind) is expected


def test_what_was_blocked_was_not_done() -> None:
    assert [is_blocked(f"sysmon-{number}", "Removal") for number in (23, 26, 27)] == [False, False, True]


def test_what_was_done_is_said_by_the_log() -> None:
    assert [change_of(log, "TaskChange") for log in ("security-4698", "security-4702", "taskscheduler-141", "sysmon-1")] == [
        *("registered", "updated", "removed", None)
    ]
