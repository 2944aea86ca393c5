"""Tables of contacts, with a few rows and no hunt: what counts as one, whose they are, and what they leave out."""

from __future__ import annotations

from typing import Any

import pytest

from graphcorr.links.contacts import MANY
from tests.links.trying import SECOND, T, at, ids, tried

WS, OWN = "10.0.0.5", "10.0.0.9"
OWNER = {"address": OWN, "host": "t", "since": 0, "until": 100 * SECOND}


def logon(id_: str = "l", **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "vantage": "own", "logon_type": 3, "source_address": WS, "account": "Alice", "account_domain": "CORP", **at(1)}
    return {**row, **more}


def connection(id_: str = "c", **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "vantage": "own", "initiated": False, "protocol": "tcp", "source_address": WS, "source_port": 50123}
    return {**row, "target_address": OWN, "target_port": 445, **at(1), **more}


# --- commands ---


@pytest.mark.parametrize(
    ("image", "line", "target"),
    [
        (r"C:\Windows\System32\sc.exe", r"sc \\WS query", "ws"),
        (r"C:\Windows\System32\sc.exe", r"sc \\10.0.0.5 query", "ws"),
        (r"C:\Windows\System32\sc.exe", r"sc \\10.0.0.77 query", "10.0.0.77"),
        (r"C:\Windows\System32\sc.exe", r"sc \\10.0.0.9 query", None),
        (r"C:\Windows\System32\sc.exe", "sc query", None),
        (r"C:\other.exe", r"sc \\WS query", None),
    ],
)
def test_commanded(image: str, line: str, target: str | None) -> None:
    start = {"id": "p", **T, "image": image, "command_line": line, "account": "alice", "account_domain": "CORP", **at(1)}
    found = [(row["id"], row["way"], row["target"], row["account"]) for row in tried("commanded", ProcessStart=[start])]
    assert found == ([("p", "service", target, r"CORP\alice")] if target else [])


def test_commanded_by_its_own_name() -> None:
    start = {"id": "p", "host": "t.corp", "image": "sc.exe", "command_line": r"sc \\T query", **at(1)}
    assert tried("commanded", ProcessStart=[start]) == []
    assert ids(tried("commanded", ProcessStart=[start | {"host": "ws"}])) == ["p"]


# --- runs in desktops' sessions ---


def start(**more: object) -> dict[str, Any]:
    return {"id": "p", **T, "image": r"C:\Windows\System32\cmd.exe", "session": "0x9", **at(5), **more}


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        ([{}], WS),
        ([{}, {"source_address": "10.0.0.66", **at(4)}], "10.0.0.66"),
        ([{}, {"source_address": "10.0.0.66", **at(6)}], WS),
        ([{}, {"source_address": None, "logon_type": None, **at(4)}], None),
        ([{"logon_type": 3}], None),
        ([{"session": "0x8"}], None),
        ([{"host": "ws"}], None),
        ([at(6)], None),
        ([{"vantage": "client"}], None),
        ([], None),
    ],
)
def test_desktop_runs(opened: list[dict[str, Any]], told: str | None) -> None:
    sessions = [logon(**{"session": "0x9", "logon_type": 10, **more}) for more in opened]
    found = [(row["id"], row["source"], row["account"]) for row in tried("desktop_runs", Logon=sessions, ProcessStart=[start()])]
    assert found == ([("p", told, r"CORP\Alice")] if told else [])


NUMBERED = {"session": None, "terminal_session": 3, "logon_type": 10, "account": "ALICE"}


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        ([{}], WS),
        ([{"terminal_session": 2}], None),
        ([{"account": "bob"}], None),
        ([{"account": None}], None),
        ([{}, {"session": "0x9", "terminal_session": None, "logon_type": 2, "source_address": None, **at(3)}], None),
        ([{"session": "0x9", "terminal_session": None, "logon_type": 2, "source_address": None}, at(3)], WS),
        ([{}, {"logon_type": None, "source_address": None, **at(3)}], None),
    ],
)
def test_desktop_runs_by_the_number_of_a_desktop(opened: list[dict[str, Any]], told: str | None) -> None:
    """As the session manager tells it, where no audit of logons does; what either of them said last stands."""
    sessions = [logon(**{**NUMBERED, **more}) for more in opened]
    run = start(terminal_session=3, account="alice")
    found = [(row["id"], row["source"]) for row in tried("desktop_runs", Logon=sessions, ProcessStart=[run])]
    assert found == ([("p", told)] if told else [])


@pytest.mark.parametrize("more", [{"image": r"C:\Windows\notepad.exe"}, {"session": "0x3e7"}, {"session": None}, {"host": None}])
def test_no_desktop_runs(more: dict[str, Any]) -> None:
    sessions = [logon(session=each, logon_type=10) for each in ("0x9", "0x3e7")]
    assert tried("desktop_runs", Logon=sessions, ProcessStart=[start(**more)]) == []


@pytest.mark.parametrize(("source", "told"), [(WS, True), (OWN, False), ("127.0.0.1", False), ("::1", False)])
def test_contact_records_of_desktop_runs(source: str, *, told: bool) -> None:
    run = {"id": "p", **T, "source": source, "account": r"CORP\Alice", "time": 5 * SECOND}
    found = tried("contact_records", desktop_runs=[run], owners=[OWNER])
    assert [(row["source"], row["account"], row["way"]) for row in found] == (
        [(WS, r"corp\alice", "shell in remote desktop")] if told else []
    )


# --- tickets ---


def ticket(id_: str = "k", **more: object) -> dict[str, Any]:
    row = {"id": id_, "host": "dc", "source_address": WS, "account": "alice", "account_domain": "CORP", "service": "T$", **at(1)}
    return {**row, **more}


def test_ticketed_is_a_machine_that_is_known_and_no_account_of_a_service() -> None:
    rows = [ticket(), ticket("l"), ticket("m", service="WS$", account_domain=None), ticket("n", service="gmsa_sql$")]
    found = sorted((row["service"], row["realm"], row["machine"]) for row in tried("ticketed", Ticket=rows))
    assert found == [("T$", "CORP", "t.corp"), ("WS$", None, "ws")]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, True),
        ({"host": "t"}, False),
        ({"source_address": OWN}, False),
        ({"source_address": "::1"}, False),
        ({"source_address": "127.0.0.1"}, False),
        ({"service": "OTHER$"}, False),
        ({"account_domain": "ELSEWHERE"}, False),
    ],
)
def test_contact_records_of_tickets(more: dict[str, Any], *, told: bool) -> None:
    ticketed = [{"service": "T$", "realm": "CORP", "machine": "t"}]
    found = tried("contact_records", Ticket=[ticket(**more)], ticketed=ticketed, owners=[OWNER])
    assert [(row["host"], row["source"], row["account"], row["way"]) for row in found] == (
        [("t", WS, r"corp\alice", "service ticket")] if told else []
    )


# --- records ---


@pytest.mark.parametrize(
    ("more", "way"),
    [
        ({}, "network logon"),
        ({"logon_type": 10}, "remote desktop"),
        ({"logon_type": 8}, "cleartext logon"),
        ({"logon_type": 2}, None),
        ({"source_address": None}, None),
        ({"source_address": "127.0.0.1"}, None),
        ({"source_address": "::1"}, None),
        ({"source_address": OWN}, None),
        ({"account": "WS$"}, None),
        ({"account": "ANONYMOUS LOGON"}, None),
        ({"account": None}, "network logon"),
        ({"vantage": "client", "client": "ws", "source_address": None, "logon_type": None}, "explicit credentials"),
        ({"vantage": "client", "client": "ws", "source_address": None, "logon_type": 10}, "remote desktop opened"),
        ({"vantage": "client", "client": "ws", "source_address": None, "logon_type": 3}, "remote management opened"),
        ({"vantage": "client", "client": "t"}, None),
        ({"vantage": "client", "client": None}, None),
        ({"host": None}, None),
    ],
)
def test_contact_records_of_logons(more: dict[str, Any], way: str | None) -> None:
    found = tried("contact_records", Logon=[logon(**more)], owners=[OWNER])
    assert [row["way"] for row in found] == ([way] if way else [])


def test_contact_records_of_a_logon_say_who_and_where() -> None:
    (one,) = tried("contact_records", Logon=[logon()])
    assert (one["kind"], one["host"], one["source"], one["account"]) == ("Logon", "t", WS, r"corp\alice")
    (tried_there,) = tried("contact_records", Logon=[logon(vantage="client", client="ws")])
    assert (tried_there["host"], tried_there["source"]) == ("t", "ws")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        *(({"target_port": port}, (WS, f"port {port}")) for port in (135, 445, 3389, 5985, 5986)),
        ({"target_port": 139}, None),
        ({"initiated": True}, None),
        ({"source_address": OWN, "source_port": 445, "target_address": WS, "target_port": 50123}, (WS, "port 445")),
        ({"source_address": "127.0.0.1"}, None),
        ({"source_address": OWN}, None),
        ({"source_address": None}, None),
        ({"vantage": "sensor", "initiated": None}, (WS, "port 445")),
        ({"vantage": "sensor", "initiated": None, "source_port": 445, "target_port": 50123}, None),
    ],
)
def test_contact_records_of_connections(more: dict[str, Any], told: tuple[str, str] | None) -> None:
    found = tried("contact_records", Connection=[connection(**more)], owners=[OWNER])
    assert [(row["source"], row["way"]) for row in found] == ([told] if told else [])


def test_contact_records_of_commands_are_one_for_a_start() -> None:
    command = {"id": "p", "host": "ws", "target": "t", "way": "service", "account": r"CORP\Alice", **at(1)}
    rows = [command, command | {"id": "q"}]
    found = tried("contact_records", commanded=rows, same_process=[{"main": "p", "other": "q"}])
    assert [(row["id"], row["host"], row["source"], row["account"], row["way"]) for row in found] == [
        ("p", "t", "ws", r"corp\alice", "command for service")
    ]


def test_contact_records_have_what_they_have_in_common() -> None:
    same = [logon("a"), logon("b", account="ALICE", **at(9))]
    assert len({row["pair"] for row in tried("contact_records", Logon=same)}) == 1
    others: list[dict[str, Any]] = [{"account": "bob"}, {"host": "u"}, {"source_address": "10.0.0.6"}, {"logon_type": 10}]
    rows = [logon("a"), *(logon(str(number)) | other for number, other in enumerate(others))]
    assert len({row["pair"] for row in tried("contact_records", Logon=rows)}) == 5


def test_contact_pairs_count_all_and_show_the_first_three() -> None:
    record = {"kind": "Logon", "host": "t", "source": WS, "account": "alice", "way": "network logon", "pair": "c"}
    rows = [{**record, "id": str(number), "time": number * SECOND} for number in (5, 2, 4, 1, 3)]
    (one,) = tried("contact_pairs", contact_records=rows)
    assert (one["pair"], one["contact"], one["folded"]) == ("c", "c", None)
    assert (one["count"], one["examples"], one["first"].second, one["last"].second) == (5, ["1", "2", "3"], 1, 5)
    two = tried("contact_pairs", contact_records=[*rows, rows[0] | {"pair": "d", "way": "remote desktop"}])
    assert sorted(row["contact"] for row in two) == ["c", "d"]


@pytest.mark.parametrize(("end", "other"), [("source", "host"), ("host", "source")])
def test_contact_pairs_of_one_with_very_many_are_one_contact(end: str, other: str) -> None:
    record = {"kind": "Logon", "account": "alice", "way": "network logon", "time": 0, other: "one"}
    rows = [{**record, end: f"m{number}", "id": f"e{number}", "pair": f"p{number}"} for number in range(MANY + 1)]
    few = tried("contact_pairs", contact_records=rows[:-1])
    assert {row["folded"] for row in few} == {None}
    assert len({row["contact"] for row in few}) == MANY
    # The same machine again, by another account and in another way, is no further machine.
    again = [rows[0] | {"account": "bob", "pair": "x"}, rows[0] | {"way": "remote desktop", "pair": "y"}]
    many = tried("contact_pairs", contact_records=[*rows, *again])
    assert [(row["folded"], len({row["contact"]})) for row in many if row["pair"] == "y"] == [(None, 1)]
    told = [row for row in many if row["way"] == "network logon"]
    assert ({row["folded"] for row in told}, len({row["contact"] for row in told})) == ({end}, 1)


def test_contacts_are_pairs_or_many_of_them() -> None:
    def pair(name: str, second: int, **more: object) -> dict[str, object]:
        told = {"pair": name, "contact": name, "kind": "Logon", "host": "t", "source": f"s{second}", "account": "alice", "way": "w"}
        times = {"first": second * SECOND, "last": (second + 10) * SECOND, "count": 2, "examples": [f"{name}1", f"{name}2"]}
        return told | times | more

    pairs = [pair("a", 9), *(pair(name, second, contact="m", folded="source") for second, name in enumerate("bcdef", 1))]
    one, many = sorted(tried("contacts", contact_pairs=pairs), key=lambda row: str(row["id"]))
    assert (one["id"], one["host"], one["source"], one["account"], one["machines"]) == ("a", "t", "s9", "alice", None)
    assert (one["count"], one["examples"]) == (2, ["a1", "a2"])
    assert (many["id"], many["host"], many["source"], many["account"], many["machines"]) == ("m", "t", None, None, 5)
    assert (many["count"], many["first"].second, many["last"].second, many["examples"]) == (10, 1, 15, ["b1", "c1", "d1"])
    (out,) = tried("contacts", contact_pairs=[pair(name, 1, contact="m", folded="host", host=name) for name in "bc"])
    assert (out["host"], out["source"], out["machines"]) == (None, "s1", 2)
