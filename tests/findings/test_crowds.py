"""Very many machines in one way are one observation, with the end that they have in common; fewer are told one by one."""

from __future__ import annotations

from typing import Final

import pytest

from graphcorr.links.contacts import MANY
from graphcorr.model.findings import Observation
from tests.findings.logs import Logs

NAME: Final = "ET SCAN made up"


def alerted(ends: list[tuple[str, str]], other: tuple[tuple[str, str], ...] = ()) -> list[Observation]:
    """Of alerts between ``ends`` and, by another name, between ``other``."""
    logs = Logs()
    for number, (name, source, target) in enumerate([*((NAME, *one) for one in ends), *(("ET OTHER", *one) for one in other)]):
        time = f"2026-01-05T10:{number // 60:02}:{number % 60:02}.000000Z"
        row = {"event_type": "alert", "src_ip": source, "dest_ip": target, "alert.signature": name, "alert.signature_id": 2}
        logs.add("suricata-alert", time, {"timestamp": time, **row})
    return [one for one in logs.hunt().observations if one.pattern == "alert-on-wire"]


def told(observed: list[Observation]) -> list[tuple[str | None, str | None, int | None, int]]:
    return sorted((one.source.address if one.source else None, one.target.address, one.machines, one.count) for one in observed)


@pytest.mark.parametrize("more", [0, 1])
def test_who_goes_to_very_many(more: int) -> None:
    """One more than the limit is a crowd; the records of all its rows are counted, and a pair is a pair however often it is seen."""
    ends = [("10.0.0.5", f"10.0.1.{n}") for n in range(MANY + more)] + [("10.0.0.5", "10.0.1.0")]
    observed = told(alerted(ends))
    assert len(observed) == (1 if more else MANY)
    assert not more or observed == [("10.0.0.5", None, MANY + 1, MANY + 2)]


def test_where_very_many_come_to() -> None:
    assert told(alerted([(f"10.0.1.{n}", "10.0.0.5") for n in range(MANY + 1)])) == [(None, "10.0.0.5", MANY + 1, MANY + 1)]


def test_between_very_many_of_which_none_meets_so_many() -> None:
    ends = [(f"10.0.1.{n}", f"10.0.2.{n}") for n in range(MANY + 1)]
    assert told(alerted(ends)) == [(None, None, 2 * (MANY + 1), MANY + 1)]


def test_what_is_said_in_another_way_is_no_part_of_it() -> None:
    ends = [("10.0.0.5", f"10.0.1.{n}") for n in range(MANY)]
    last = ("10.0.0.5", "10.0.1.250")
    assert len(alerted([*ends, last])) == 1
    assert len(alerted(ends, (last,))) == MANY + 1
