"""Tables of requests, with a few rows and no hunt: who may have asked, what belongs together, who is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphcorr.links.askers import INTERFACE, NETWORK, PORT, PROGRAM, SESSION
from tests.links.trying import T, at, ids, tried

if TYPE_CHECKING:
    from tests.links.trying import Rows

WS, MORE, OWN = "10.0.0.5", "10.0.0.6", "10.0.0.9"
EDGE = 0.001


def act(id_: str = "a", seconds: float = 50, mechanism: str = "service", **more: object) -> dict[str, Any]:
    return {"act": id_, "mechanism": mechanism, **T, "bare": False, "telling": False, **at(seconds), **more}


# --- askers ---


def logon(seconds: float, id_: str = "l", type_: int = NETWORK, source: str | None = WS, **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "vantage": "own", "session": "0x5", "logon_type": type_, "source_address": source, "account": "alice"}
    return {**row, **at(seconds), **more}


def pipe(seconds: float, id_: str = "c", source: str | None = WS, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "vantage": "own", "pipe": "svcctl", "source_address": source, "account": "alice", **at(seconds), **more}


def connection(seconds: float, image: str | None, port: int, id_: str = "c", source: str = WS, **more: object) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": id_,
        **T,
        "vantage": "own",
        "initiated": False,
        "protocol": "tcp",
        "image": image,
        "source_address": source,
    }
    row |= {"source_port": 50123, "target_address": OWN, "target_host": "t.corp", "target_port": port}
    return {**row, **at(seconds), **more}


def asked(one: dict[str, Any], **signs: Rows) -> list[tuple[str, str | None, int, bool]]:
    found = askers([one], **signs)
    return [(row["event"], row["source"], row["rung"], row["own"]) for row in found]


def askers(acts: Rows, **signs: Rows) -> list[dict[str, Any]]:
    """The tables of signs, and who they name."""
    opened = tried(
        "session_signs", acts=acts, **{kind: rows for kind, rows in signs.items() if kind not in {"Call", "Connection", "owners"}}
    )
    near = tried("near_signs", acts=acts, **{kind: rows for kind, rows in signs.items() if kind not in {"Logon", "ShareAccess"}})
    read = tried("output_signs", acts=acts, **{kind: rows for kind, rows in signs.items() if kind == "ShareAccess"})
    return tried("askers", acts=acts, session_signs=opened, near_signs=near, output_signs=read)


@pytest.mark.parametrize(("apart", "told"), [(2, True), (2 + EDGE, False), (-5000, True)])
def test_askers_of_the_session_that_was_opened_before(apart: float, told: bool) -> None:
    one = act(seconds=6000, session="0x5")
    assert asked(one, Logon=[logon(6000 + apart)]) == [("l", WS, SESSION, False)] * told


def test_askers_of_a_session_is_its_last_opening() -> None:
    """Ids begin again after a restart."""
    (one,) = askers([act(session="0x5")], Logon=[logon(10), logon(40, "m", 2, None), logon(60, "n")])
    assert (one["event"], one["logon_type"], one["source"]) == ("m", 2, None)
    assert asked(act(session="0x6"), Logon=[logon(10)]) == []
    assert asked(act(session=None), Logon=[logon(10)]) == []
    assert asked(act(session="0x5"), Logon=[logon(10, host="u")]) == []
    assert asked(act(session="0x3e7"), Logon=[logon(10, session="0x3e7")]) == []


def test_askers_of_a_session_that_only_a_share_or_a_pipe_tells_of() -> None:
    share = {"id": "s", **T, "vantage": "own", "session": "0x5", "source_address": WS, **at(90)}
    assert asked(act(session="0x5"), ShareAccess=[share]) == [("s", WS, SESSION, False)]
    assert asked(act(session="0x5"), ShareAccess=[share], Logon=[logon(10)]) == [("l", WS, SESSION, False)]
    assert asked(act("a", mechanism="wmi", session="0x5"), PipeOpen=[pipe(90, session="0x5")]) == [("c", WS, SESSION, False)]


@pytest.mark.parametrize(("apart", "told"), [(-15, True), (-15 - EDGE, False), (2, True), (2 + EDGE, False)])
def test_askers_at_the_service_managers_pipe(apart: float, told: bool) -> None:
    assert asked(act(), PipeOpen=[pipe(50 + apart)]) == [("c", WS, INTERFACE, False)] * told


@pytest.mark.parametrize(("apart", "told"), [(-15, True), (-15 - EDGE, False), (5, True), (5 + EDGE, False)])
def test_askers_that_are_connected(apart: float, told: bool) -> None:
    row = connection(50 + apart, r"C:\Windows\System32\services.exe", 49670)
    assert asked(act(), Connection=[row]) == [("c", WS, INTERFACE, False)] * told


@pytest.mark.parametrize(
    ("mechanism", "image", "port", "rung"),
    [
        ("service", r"C:\Windows\System32\services.exe", 49670, INTERFACE),
        ("service", r"C:\Windows\System32\svchost.exe", 135, PORT),
        ("service", r"C:\Windows\System32\svchost.exe", 49670, None),
        ("wmi", r"C:\Windows\System32\svchost.exe", 49670, PROGRAM),
        ("wmi", r"C:\Windows\System32\svchost.exe", 49151, None),
        ("wmi", r"C:\Windows\System32\wbem\WmiPrvSE.exe", 49670, PROGRAM),
        ("wmi", "System", 5985, INTERFACE),
        ("wmi", r"C:\Windows\System32\svchost.exe", 135, PORT),
        ("winrm", "System", 5986, INTERFACE),
        ("winrm", r"C:\Windows\System32\svchost.exe", 135, None),
        ("dcom", r"C:\Windows\explorer.exe", 49670, PROGRAM),
        ("dcom", r"C:\Windows\System32\mmc.exe", 49670, PROGRAM),
        ("dcom", r"C:\Windows\System32\wbem\WmiPrvSE.exe", 49670, None),
        ("task", r"C:\Windows\System32\svchost.exe", 49670, PROGRAM),
        ("service", "System", 445, None),
    ],
)
def test_askers_at_what_does_such_things(mechanism: str, image: str, port: int, rung: int | None) -> None:
    found = asked(act(mechanism=mechanism), Connection=[connection(50, image, port)])
    assert found == ([] if rung is None else [("c", WS, rung, False)])


@pytest.mark.parametrize(
    ("interface", "mechanism"),
    [("svcctl", "service"), ("atsvc", "task"), ("itaskschedulerservice", "task"), ("iwbemservices", "wmi"), ("wsman", "winrm")],
)
def test_askers_that_call(interface: str, mechanism: str) -> None:
    call = {"id": "x", **T, "interface": interface, "source_address": WS, "target_address": OWN, **at(49)}
    assert asked(act(mechanism=mechanism), Call=[call]) == [("x", WS, INTERFACE, False)]
    assert asked(act(mechanism="dcom"), Call=[call]) == []


def test_askers_that_the_clients_own_log_or_a_monitor_tells_of() -> None:
    opened = connection(50, r"C:\x.exe", 5985, initiated=True, host="ws")
    owner = {"address": OWN, "host": "t", "since": 0, "until": 100_000_000}
    assert asked(act(mechanism="winrm"), Connection=[opened], owners=[owner]) == [("c", WS, INTERFACE, False)]
    assert asked(act(mechanism="winrm"), Connection=[opened]) == []
    assert asked(act(mechanism="winrm"), Connection=[connection(50, None, 5985, vantage="sensor")]) == [("c", WS, INTERFACE, False)]


@pytest.mark.parametrize("own", ["127.0.0.1", "::1", OWN])
def test_askers_may_be_the_host_itself(own: str) -> None:
    assert asked(act(), PipeOpen=[pipe(50, source=own)]) == [("c", own, INTERFACE, True)]


def test_askers_that_the_service_itself_names_are_as_sure_as_a_session() -> None:
    called = {"id": "a", **T, "vantage": "own", "interface": "wsman", "operation": "x", "source_address": WS, **at(50)}
    assert asked(act("a", mechanism="winrm"), Call=[called]) == [("a", WS, SESSION, False)]
    assert asked(act("a", mechanism="winrm"), Call=[called | {"source_address": "127.0.0.1"}]) == [("a", "127.0.0.1", SESSION, True)]
    # Of what it started beside it, it is a sign as any other.
    assert asked(act("b", mechanism="winrm"), Call=[called]) == [("a", WS, INTERFACE, False)]
    wire = called | {"vantage": "sensor", "interface": "svcctl"}
    assert asked(act("a"), Call=[wire]) == [("a", WS, INTERFACE, False)]


def test_askers_for_what_runs_later_are_those_when_it_was_set_up() -> None:
    one = act("a", 9000, mechanism="subscription", set_up=at(50)["time"])
    serving = connection(49, r"C:\Windows\System32\svchost.exe", 49670, target_host="t.corp")
    assert asked(one, Connection=[serving]) == [("c", WS, PROGRAM, False)]
    assert asked(one, Connection=[serving | at(8999)]) == []


@pytest.mark.parametrize(
    ("more", "rung", "told"),
    [
        ({}, PROGRAM, True), ({}, PORT, False), ({"telling": True}, PORT, True), ({"telling": True}, None, False),
        ({"bare": True, "telling": True}, PROGRAM, False), ({"bare": True}, INTERFACE, True),
        ({"here": True, "telling": True}, INTERFACE, False),
    ],
)  # fmt: skip
def test_requested_of_subscriptions_takes_a_client(more: dict[str, Any], rung: int | None, told: bool) -> None:
    one = {**act("a", mechanism="subscription"), "here": False, "registered": ["r"], **more}
    signs = [] if rung is None else [asker(rung)]
    assert bool(kept(one, *signs)) is told


def test_askers_with_the_hosts_own_account_are_the_host() -> None:
    assert asked(act(), PipeOpen=[pipe(50, account="T$")]) == [("c", WS, INTERFACE, True)]
    assert asked(act(), PipeOpen=[pipe(50, account="U$")]) == [("c", WS, INTERFACE, False)]


def test_askers_of_a_host_that_goes_by_its_address() -> None:
    call = {"id": "x", "host": MORE, "interface": "svcctl", "source_address": MORE, "target_address": MORE, **at(49)}
    assert asked(act(host=MORE), Call=[call]) == [("x", MORE, INTERFACE, True)]


def test_askers_have_an_address() -> None:
    """Without one only a session says something; an address of its link is anybody's."""
    assert asked(act(session="0x5"), Logon=[logon(10, source=None)]) == [("l", None, SESSION, False)]
    assert asked(act(), PipeOpen=[pipe(50, source="fe80::1")]) == []


def test_askers_are_one_for_each_client_with_its_nearest_sign() -> None:
    found = asked(act(), PipeOpen=[pipe(40, "c"), pipe(49, "d"), pipe(45, "e", MORE)])
    assert sorted(found) == [("d", WS, INTERFACE, False), ("e", MORE, INTERFACE, False)]
    (one,) = askers([act()], PipeOpen=[pipe(48)])
    assert (one["machine"], one["apart"], one["account"]) == ("ws", 2_000_000, "alice")


# --- claimed ---


def start(id_: str, seconds: float, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, **at(seconds), **more}


@pytest.mark.parametrize(("after", "told"), [(60, True), (60 + EDGE, False), (-EDGE, False)])
def test_claimed_is_what_a_written_program_starts_at_once(after: float, told: bool) -> None:
    link = {"event": "p", "kind": "RAN", "version": "v"}
    child = start("c", 10 + after, parent_process_guid="g")
    assert ids(tried("claimed", links=[link], starts=[start("p", 10, process_guid="g"), child])) == ["c", "p"][not told :]
    by_number = [start("p", 10, pid=7), start("c", 10 + after, parent_pid=7)]
    assert ids(tried("claimed", links=[link], starts=by_number)) == ["c", "p"][not told :]
    assert ids(tried("claimed", links=[link], starts=[start("p", 10, pid=7), start("c", 11, parent_pid=8)])) == ["p"]


@pytest.mark.parametrize(("before", "told"), [(60, True), (60 + EDGE, False)])
def test_claimed_is_the_program_that_loads_a_written_library(before: float, told: bool) -> None:
    load = {"id": "m", **T, "process_guid": "g", **at(100)}
    found = tried("claimed", links=[{"event": "m", "kind": "LOADED"}], loads=[load], starts=[start("p", 100 - before, process_guid="g")])
    assert ids(found) == ["m", "p"][: 1 + told]


def test_claimed_services_and_what_names_a_file_to_write_into() -> None:
    assert ids(tried("claimed", links=[{"event": "s", "kind": "POINTS_TO"}])) == ["s"]
    starts = [start("p", 1)]
    assert ids(tried("claimed", links=[{"event": "p", "kind": "NAMED", "role": "argument"}], starts=starts)) == ["p"]
    assert ids(tried("claimed", links=[{"event": "p", "kind": "NAMED", "role": "redirect"}], starts=starts)) == []


# --- requested ---


def asker(rung: int = INTERFACE, act_: str = "a", source: str | None = WS, **more: object) -> dict[str, Any]:
    row = {
        "act": act_,
        "event": f"e-{source}",
        "kind": "PipeOpen",
        "source": source,
        "machine": source,
        "own": False,
        "rung": rung,
        "apart": 1,
    }
    return {**row, "time": 0, **more}


def session(type_: int, **more: object) -> dict[str, Any]:
    return {**asker(SESSION, logon_type=type_), **more}


def kept(one: dict[str, Any], *askers: dict[str, Any], **needs: Rows) -> bool:
    return bool(tried("requested", acts=[one], askers=askers, **needs))


@pytest.mark.parametrize(
    ("mechanism", "more", "askers", "told"),
    [
        ("service", {}, [session(NETWORK)], True),
        ("service", {"telling": True}, [session(2)], False),
        ("service", {"telling": True}, [session(10)], False),
        ("service", {}, [], False),
        ("service", {"telling": True}, [], True),
        ("service", {}, [asker(INTERFACE)], True),
        ("service", {}, [asker(PORT)], False),
        ("service", {}, [asker(INTERFACE, own=True)], False),
        ("wmi", {}, [], False),
        ("wmi", {"telling": True}, [], True),
        ("wmi", {}, [asker(PORT)], True),
        ("wmi", {}, [asker(PORT, own=True)], False),
        ("wmi", {"telling": True}, [session(2)], False),
        ("winrm", {}, [], True),
        ("winrm", {}, [session(2)], False),
        ("dcom", {"bare": True, "telling": True}, [], False),
        ("dcom", {"bare": True}, [asker(PROGRAM)], True),
        ("dcom", {}, [session(2), asker(PROGRAM)], True),
        ("task", {"telling": True}, [], False),
        ("task", {}, [asker(INTERFACE)], True),
        ("task", {}, [asker(PROGRAM)], False),
        ("task", {"from_afar": True}, [], True),
        ("service", {"calls": ["x"]}, [], False),
        ("service", {"calls": ["x"]}, [asker(INTERFACE)], True),
        ("service", {"calls": ["x"]}, [asker(INTERFACE, own=True)], False),
        ("task", {"calls": ["x"]}, [], False),
        ("winrm", {"calls": ["x"]}, [], True),
        ("wmi", {"calls": ["x"]}, [], False),
        ("wmi", {"calls": ["x"]}, [asker(INTERFACE)], True),
    ],
)
def test_requested_is_what_somebody_asked_for_or_what_tells_by_itself(
    mechanism: str, more: dict[str, Any], askers: list[dict[str, Any]], told: bool
) -> None:
    assert kept(act(mechanism=mechanism, **more), *askers) is told


@pytest.mark.parametrize("own", [{"start": "x"}, {"load": "x"}, {"registered": ["y", "x"]}])
def test_requested_is_not_what_a_written_file_tells(own: dict[str, Any]) -> None:
    assert kept(act(**own), asker())
    assert not kept(act(**own), asker(), claimed=[{"id": "x"}])


@pytest.mark.parametrize(("apart", "told"), [(30, False), (30 + EDGE, True), (-30, False), (-30 - EDGE, True)])
def test_requested_on_the_wire_is_not_told_beside_the_machines_own_logs(apart: float, told: bool) -> None:
    rows = [act("a", calls=["x"]), act("b", 50 + apart)]
    found = tried("requested", acts=rows, askers=[asker()])
    assert {row["act"] for row in found} == ({"a"} if told else set())
    other = tried("requested", acts=[rows[0], act("b", 50 + apart, "task")], askers=[asker()])
    assert [row["act"] for row in other] == ["a"]


def together(gap: float, **more: object) -> int:
    acts = [act("a", 1) | more, act("b", 1 + gap) | more]
    found = tried("requested", acts=acts, askers=[asker(act_="a"), asker(act_="b")])
    assert {row["act"] for row in found} == {"a", "b"}
    return len({row["request"] for row in found})


@pytest.mark.parametrize(
    ("gap", "more", "requests"),
    [
        (600, {"session": "0x5"}, 1),
        (600 + EDGE, {"session": "0x5"}, 2),
        (10, {"name": "agent"}, 1),
        (10 + EDGE, {"name": "agent"}, 2),
        (10, {"parent": "g"}, 1),
        (10 + EDGE, {"parent": "g"}, 2),
        (1, {}, 2),
        (10, {"mechanism": "winrm", "calls": ["x"]}, 1),
        (10 + EDGE, {"mechanism": "winrm", "calls": ["x"]}, 2),
        (1, {"calls": ["x"]}, 2),
    ],
)
def test_requested_together(gap: float, more: dict[str, Any], requests: int) -> None:
    assert together(gap, **more) == requests


def test_requested_by_others_is_another_request() -> None:
    acts = [act("a", session="0x5"), act("b", session="0x6"), act("c", session="0x5", host="u"), act("d", mechanism="wmi", session="0x5")]
    found = tried("requested", acts=acts, askers=[asker(act_=row["act"]) for row in acts])
    assert len({row["request"] for row in found}) == 4


# --- requests and who asked ---


def part(id_: str = "a", request: str = "a", seconds: float = 50, **more: object) -> dict[str, Any]:
    return {"request": request, "act": id_, "mechanism": "service", **T, "telling": False, "by_itself": False, **at(seconds), **more}


def test_requests() -> None:
    rows = [part("a", seconds=50), part("b", seconds=60, start="p", telling=True), part("c", "c", 70, by_itself=True)]
    first, second = sorted(tried("requests", requested=rows), key=lambda row: row["id"])
    assert (first["id"], first["ran"], first["telling"], first["loopback"], first["time"].second, first["latest"].minute) == (
        *("a", True, True, False, 50), 1,
    )  # fmt: skip
    assert (second["id"], second["ran"], second["telling"], second["loopback"]) == ("c", False, False, True)
    assert all(tried("requests", requested=[part() | {ran: "m"}])[0]["ran"] for ran in ("start", "load", "action"))


def chosen(*askers: dict[str, Any]) -> list[tuple[str, bool]]:
    found = tried("request_clients", requested=[part()], askers=askers)
    return sorted((row["source"], row["chosen"]) for row in found)


def test_request_clients_are_those_of_the_best_rung() -> None:
    assert chosen(asker(PORT), asker(INTERFACE, source=MORE)) == [(MORE, True)]
    assert chosen(asker(INTERFACE), asker(INTERFACE, source=MORE)) == [(WS, False), (MORE, False)]
    assert chosen(asker(INTERFACE, machine="ws"), asker(INTERFACE, source=MORE, machine="ws")) == [(WS, True)]
    assert chosen(asker(SESSION, source=None)) == []
    assert chosen() == []


def test_request_clients_of_the_host_itself_are_told_by_the_session_alone() -> None:
    assert chosen(asker(INTERFACE, source=OWN, own=True)) == []
    assert chosen(asker(INTERFACE, source=OWN, own=True), asker(PORT)) == [(WS, True)]
    assert chosen(asker(SESSION, source=OWN, own=True), asker(INTERFACE)) == [(OWN, True)]


def test_request_clients_have_the_nearest_sign_and_the_one_account() -> None:
    near = asker(event="near", apart=1)
    (one,) = tried("request_clients", requested=[part()], askers=[asker(event="far", apart=9, account="alice"), near])
    assert (one["event"], one["account"]) == ("near", "alice")
    more = [near, asker(event="x", apart=9, account="alice"), asker(event="y", apart=8, account="bob")]
    assert [row["account"] for row in tried("request_clients", requested=[part()], askers=more)] == [None]


def test_request_records_are_calls() -> None:
    clients = [{"request": "a", "event": "x", "kind": "Call"}, {"request": "a", "event": "l", "kind": "Logon"}]
    assert ids(tried("request_records", requested=[part(calls=["y", "z"])], request_clients=clients)) == ["x", "y", "z"]
