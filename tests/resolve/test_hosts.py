"""Which names are one machine."""

from __future__ import annotations

import pytest

from graphcorr.resolve.hosts import HostNames
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
