"""What programs of a machine do to its registry, its files and each other, and what WMI is to run for them."""

from __future__ import annotations

import pytest

from graphcorr.graph.project import linked_kinds
from graphcorr.logs.catalog import log_types, wanted
from graphcorr.model.kinds import Kind
from tests.facts.test_relation import told

BY: dict[str, object] = {"id": "e", "host": "t.corp", "image": "x.exe", "pid": 7, "user": "bob", "user_domain": "CORP"}


@pytest.mark.parametrize(
    ("kind", "log", "own"),
    [
        (Kind.REGISTRY_CHANGE, "sysmon-12", {"action": "CreateKey", "target_object": "HKLM\\x"}),
        (Kind.REGISTRY_SET, "sysmon-13", {"action": "SetValue", "target_object": "HKLM\\x", "details": "y"}),
        (Kind.REGISTRY_CHANGE, "sysmon-14", {"action": "RenameKey", "target_object": "HKLM\\x", "details": "y"}),
        (Kind.FILE_TIME, "sysmon-2", {"path": "C:\\x"}),
        (Kind.THREAD_CREATE, "sysmon-8", {"target_image": "y.exe", "target_pid": 8, "start_function": "LoadLibraryA"}),
        (Kind.PROCESS_ACCESS, "sysmon-10", {"target_image": "y.exe", "target_pid": 8, "access_mask": 0x1410}),
        (Kind.NAME_QUERY, "sysmon-22", {"query": "fs.corp", "answers": ["10.0.0.5"]}),
    ],
)
def test_a_program_did_it_for_its_account(kind: Kind, log: str, own: dict[str, object]) -> None:
    [fact] = told(kind, BY | {"log": log} | own)
    assert {name: fact[name] for name in own} == own
    assert (fact["host"], fact["vantage"], fact["strength"]) == ("t.corp", "own", "stated")
    assert (fact["image"], fact["pid"], fact["account"], fact["account_domain"]) == ("x.exe", 7, "bob", "CORP")


def test_a_query_of_a_program_names_no_machine() -> None:
    """Whoever answers on the link, and the machine's own file of hosts, would name any address."""
    assert log_types()["sysmon-22"].kinds == {Kind.NAME_QUERY}


def test_no_hunt_reads_what_comes_by_the_thousand_unless_a_pattern_speaks_of_it() -> None:
    frequent = {("microsoft-windows-sysmon", event_id) for event_id in (8, 10, 12, 14, 22)}
    assert frequent.isdisjoint(wanted((), linked_kinds()).windows)
    assert ("microsoft-windows-sysmon", 12) in wanted({Kind.REGISTRY_CHANGE}, linked_kinds()).windows


@pytest.mark.parametrize(
    ("log", "own", "fact"),
    [
        ("sysmon-19", {"subscription": "s", "wql": "SELECT 1"}, {"what": "filter", "name": "s", "query": "SELECT 1"}),
        ("sysmon-20", {"subscription": "s", "command_line": "x.exe"}, {"what": "consumer", "name": "s", "path": "x.exe"}),
        ("sysmon-21", {"subscription": "s", "wmi_filter": "f"}, {"what": "binding", "name": "s", "filter": "f"}),
    ],
)
def test_a_subscription_has_three_parts(log: str, own: dict[str, object], fact: dict[str, object]) -> None:
    [found] = told(Kind.SUBSCRIPTION, {"id": "e", "host": "t.corp", "log": log, "user": "bob", "action": "Created"} | own)
    parts: dict[str, object] = dict.fromkeys(("what", "name", "query", "path", "filter"))
    assert {name: found[name] for name in parts} == parts | fact
    assert (found["account"], found["action"]) == ("bob", "Created")
