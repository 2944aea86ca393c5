"""Tables of who came, where what was done there says nothing of it: a server of DCOM on a desktop, a service; a few rows and no hunt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphcorr.links.askers import NETWORK, PROGRAM
from tests.links.test_tables_of_acts import EDGE, SERVICES, provide, run, start
from tests.links.test_tables_of_requests import MORE, WS, act, asker, askers, kept, logon, part, session
from tests.links.trying import T, at, tried

if TYPE_CHECKING:
    from tests.links.trying import Rows


# --- on a desktop ---


def test_runs_say_that_a_desktops_shell_started_them() -> None:
    rows = [start("p", 1, parent_image=r"C:\Windows\Explorer.EXE"), start("q", 1, parent_image=SERVICES), start("o", 1)]
    found = tried("runs", provided=[provide("p"), provide("q"), provide("o")], starts=rows)
    assert [(row["id"], row["by_shell"]) for row in sorted(found, key=lambda row: row["id"])] == [("o", False), ("p", True), ("q", False)]


def test_acts_of_dcom_on_a_desktop_are_told_as_that() -> None:
    """Another provider's act there was asked for by whoever sits there."""

    def desk(mechanism: str, sessions: Rows = (), **more: object) -> tuple[bool, bool]:
        (one,) = tried("acts", runs=[run(mechanism=mechanism) | more], desk_sessions=sessions)
        return one["desk"], one["here"]

    assert desk("dcom", by_shell=True) == desk("dcom", terminal_session=1) == (True, False)
    assert desk("dcom", [{**T, "session": "0x6"}], session="0x6") == (True, False)
    assert desk("dcom", [{**T, "session": "0x7"}], session="0x6") == desk("dcom", terminal_session=0) == (False, False)
    assert desk("wmi", terminal_session=1) == (False, True)
    loads = [{"id": "m", **T, "path": r"C:\add.xll", **at(2)}]
    server = run(mechanism="dcom", program="excel.exe", terminal_session=1)
    both = tried("acts", runs=[server], served_loads=[{"id": "m", "start": "p"}], loads=loads)
    assert [row["desk"] for row in both] == [True, True]


def test_acts_of_a_service_that_nothing_set_up_have_no_account_of_their_own() -> None:
    assert [row["account"] for row in tried("acts", runs=[run(mechanism="service")])] == [None]


@pytest.mark.parametrize(("type_", "source"), [(2, "127.0.0.1"), (10, MORE), (11, None), (NETWORK, WS)])
def test_askers_on_a_desktop_are_not_those_who_sit_there(type_: int, source: str | None) -> None:
    """Here or from afar: whoever called a server of DCOM that runs on their desktop, they are neither its client nor a loopback."""
    (one,) = askers([act(mechanism="dcom", session="0x5")], Logon=[logon(10, type_=type_, source=source)])
    assert (one["source"], one["own"], one["logon_type"]) == (source if type_ == NETWORK else None, False, type_)
    (other,) = askers([act(mechanism="wmi", session="0x5")], Logon=[logon(10, type_=type_, source=source)])
    assert other["source"] == source


@pytest.mark.parametrize(
    ("more", "askers", "named"),
    [
        ({"desk": True}, [asker(PROGRAM)], (None, "bob")),
        ({}, [session(2, source=None), asker(PROGRAM)], (None, "bob")),
        ({"desk": True}, [session(NETWORK)], ("bob", None)),
        ({"desk": False}, [asker(PROGRAM)], ("bob", None)),
        ({"desk": True, "mechanism": "wmi"}, [asker(PROGRAM)], ("bob", None)),
    ],
)
def test_requested_on_a_desktop_has_its_owner_and_not_who_asked(
    more: dict[str, Any], askers: list[dict[str, Any]], named: tuple[str | None, str | None]
) -> None:
    (one,) = tried("requested", acts=[act(mechanism="dcom", account="bob") | more], askers=askers)
    assert (one["account"], one["owner"]) == named


def test_requested_is_nothing_that_a_program_did_on_the_desktop_of_who_logged_on_from_afar() -> None:
    assert not kept(act(mechanism="dcom"), session(10))
    assert kept(act(mechanism="dcom"), session(10), asker(PROGRAM))


# --- who logged on from there ---


def visitors(*logons: dict[str, Any], client: dict[str, Any] | None = None, account: str | None = None) -> list[tuple[str, str]]:
    """Of a request at second 50."""
    asked = {"request": "a", "event": "e", "source": WS, "machine": "ws", "chosen": True, "own": False} | (client or {})
    found = tried("visitors", requested=[part(account=account)], request_clients=[asked], Logon=logons)
    return sorted((row["event"], row["account"]) for row in found)


@pytest.mark.parametrize(("apart", "told"), [(-15, True), (-15 - EDGE, False), (2, True), (2 + EDGE, False)])
def test_visitors_logged_on_near_it(apart: float, told: bool) -> None:
    assert visitors(logon(50 + apart, account_domain="CORP")) == [("l", r"CORP\alice")] * told


def test_visitors_are_of_the_machine_that_asked() -> None:
    assert visitors(logon(50, source=MORE)) == []
    assert visitors(logon(50, source=MORE), client={"source": MORE, "machine": MORE}) == [("l", "alice")]
    assert visitors(logon(50, host="u")) == visitors(logon(50, type_=2)) == visitors(logon(50, vantage="sensor")) == []
    assert visitors(logon(45), logon(49, "m"), logon(49, "n", account="bob")) == [("m", "alice"), ("n", "bob")]


@pytest.mark.parametrize("account", ["ws$", "ANONYMOUS LOGON", None])
def test_visitors_are_no_accounts_that_come_all_day(account: str | None) -> None:
    assert visitors(logon(50, account=account)) == []


@pytest.mark.parametrize("client", [{"chosen": False}, {"own": True}, {"account": "bob"}])
def test_visitors_are_asked_for_where_nothing_else_names_the_account(client: dict[str, Any]) -> None:
    assert visitors(logon(50), client=client) == []
    assert visitors(logon(50), account="bob") == []
