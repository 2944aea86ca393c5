"""Subscriptions of WMI's events in the tables of acts and requests, with a few rows: what is one, what it runs, and who asked for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.links.test_tables_of_acts import CMD, SERVICES, WMI, registration, run, start
from tests.links.trying import T, at, tried


def subscription(id_: str = "c", seconds: float = 10, what: str = "consumer", **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "name": "Updater", "what": what, "path": r"C:\a\agent.exe -run", "prefer": 5, "action": "Created"}
    return {**row, **at(seconds), **more}


def test_registrations_of_subscriptions_are_consumers_that_run_something() -> None:
    """A binding beside its consumer is the same; one that names no consumer's command is none."""
    binding = subscription("b", 11, "binding", path=None)
    (one,) = tried("registrations", Subscription=[subscription(account="alice"), binding])
    assert (one["id"], one["mechanism"], one["name"], one["path"], one["change"], one["ids"], one["account"]) == (
        *("c", "subscription", "Updater", r"C:\a\agent.exe -run", "registered", ["b", "c"], "alice"),
    )
    assert tried("registrations", Subscription=[binding]) == []
    assert tried("registrations", Subscription=[subscription(what="filter")]) == []
    assert tried("registrations", Subscription=[subscription(action="Deleted")]) == []
    assert tried("registrations", Subscription=[subscription(name=None)]) == []


def test_registrations_know_what_is_only_served_from_what_is_new() -> None:
    bound = subscription("b", 12, "binding", prefer=6)
    assert [row["change"] for row in tried("registrations", Subscription=[bound])] == ["bound"]
    (both,) = tried("registrations", Subscription=[bound, subscription()])
    assert both["change"] == "registered"


@pytest.mark.parametrize(
    ("line", "parent", "path", "tied"),
    [
        (r'"C:\a\agent.exe" -run', WMI, r"C:\a\agent.exe -run", True),
        (r"C:\a\agent.exe -stop", WMI, r"C:\a\agent.exe -run", False),
        (r"C:\a\agent.exe -run", SERVICES, r"C:\a\agent.exe -run", False),
        ("cmd /c dir", r"C:\Windows\System32\wbem\scrcons.exe", 'Run "cmd /c whoami"', True),
        ("cmd /c dir", r"C:\Windows\System32\wbem\scrcons.exe", 'Run "calc"', False),
    ],
)
def test_provided_by_a_subscription_is_what_it_names(line: str, parent: str, path: str, tied: bool) -> None:
    asked = registration(mechanism="subscription", path=path, name="Updater")
    image = CMD if line.startswith("cmd") else r"C:\a\agent.exe"
    begun = start("p", 90_000, image, command_line=line, parent_image=parent, parent_command_line=parent)
    found = tried("provided", ProcessStart=[begun], registrations=[asked])
    assert ("subscription" in {row["mechanism"] for row in found}) is tied
    early = tried("provided", ProcessStart=[begun | at(9)], registrations=[asked])
    assert "subscription" not in {row["mechanism"] for row in early}


def test_acts_of_subscriptions_know_when_they_were_set_up() -> None:
    asked = registration(mechanism="subscription", name="Updater", change="registered", account="alice", account_domain="CORP")
    (act,) = tried("acts", runs=[run("p", "subscription", registration="r", **at(9000))], registrations=[asked])
    assert (act["start"], act["registered"], act["set_up"].second, act["account"], act["bare"]) == ("p", ["r"], 10, r"CORP\alice", False)
    (alone,) = tried("acts", registrations=[asked | {"change": "bound"}])
    assert (alone["act"], alone["set_up"], alone["bare"]) == ("r", None, True)
    (service,) = tried("acts", runs=[run("p", "service", registration="r")], registrations=[registration()])
    assert service["set_up"] is None
