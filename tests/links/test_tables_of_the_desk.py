"""Tables of who sits at the machine itself, with a few rows and no hunt: what they set up and start is asked for from nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.links.test_tables_of_acts import CMD, EDGE, SERVICES, registration, run, start
from tests.links.trying import tried

if TYPE_CHECKING:
    from tests.links.trying import Rows


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"image": r"C:\Windows\explorer.exe"}, True),
        ({"parent_image": r"C:\Windows\System32\userinit.exe"}, True),
        ({"terminal_session": 1}, True),
        ({"terminal_session": 0}, False),
        ({"image": r"C:\Windows\explorer.exe", "host": "u"}, False),
        ({"image": r"C:\Windows\explorer.exe", "session": "0x6"}, False),
    ],
)
def test_desk_sessions_have_a_desktop(more: dict[str, Any], told: bool) -> None:
    rows = tried("desk_sessions", ProcessStart=[start("s", 1, session="0x5") | more], runs=[run(session="0x5")])
    assert [(row["host"], row["session"]) for row in rows] == ([("t", "0x5")] if told else [])


@pytest.mark.parametrize(
    ("seconds", "line", "parent", "told"),
    [
        (9.5, "sc create agent", CMD, True),
        (0, "sc create agent", CMD, True),
        (-EDGE, "sc create agent", CMD, False),
        (10 + EDGE, "sc create agent", CMD, False),
        (9.5, "sc create other", CMD, False),
        (9.5, "agent.exe -run", SERVICES, False),
        (9.5, "sc create agent", None, False),
    ],
)
def test_made_here(seconds: float, line: str, parent: str | None, told: bool) -> None:
    made = tried(
        "made_here", ProcessStart=[start("p", seconds) | {"command_line": line, "parent_image": parent}], registrations=[registration(10)]
    )
    assert [row["id"] for row in made] == (["r"] if told else [])


def test_acts_of_somebody_at_the_machine() -> None:
    def here(**needs: Rows) -> bool:
        (one,) = tried("acts", **needs)
        return bool(one["here"])

    assert here(runs=[run(mechanism="wmi", terminal_session=1)])
    assert not here(runs=[run(mechanism="dcom", terminal_session=1)])
    assert not here(runs=[run(mechanism="wmi", terminal_session=0)])
    assert here(registrations=[registration()], made_here=[{"id": "r"}])
    assert here(runs=[run(session="0x5")], desk_sessions=[{"host": "t", "session": "0x5"}])
    assert not here(runs=[run(session="0x5")], desk_sessions=[{"host": "u", "session": "0x5"}])
