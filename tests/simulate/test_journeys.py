"""Estates of remote executions hold what their truth says, and tell of addresses in the one way that they are asked to."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from graphcorr.model.findings import Movement
from graphcorr.simulate.journeys import Journey, Journeys, write_journeys
from graphcorr.simulate.judging import NEAR, judge_moves, names_source
from graphcorr.simulate.moves import Family, Logging, Move
from graphcorr.simulate.naming import Naming
from tests.simulate.test_judging import RIGHT

MOVE = Move(Family.WMI, "ws1.corp.example", "10.0.0.1", "srv1.corp.example", r"CORP\a", 1_710_144_060_000_000)
TOLD = msgspec.structs.replace(RIGHT, file=None, write_time=None, execution="image", started_by="wmi")


def records(folder: Path) -> list[tuple[str, int, dict[str, str]]]:
    """Machine, event id and data of each Windows record."""
    rows = [json.loads(line) for path in sorted((folder / "logs").glob("winlogbeat-*")) for line in path.read_bytes().splitlines()]
    return [(row["winlog"]["computer_name"], int(row["winlog"]["event_id"]), row["winlog"]["event_data"]) for row in rows]


def test_equal_journeys_give_equal_bytes(tmp_path: Path) -> None:
    journey = Journey(naming=Naming.LEASES, lengths=(2,), each=1, pool=True, events=900)
    for folder in ("one", "two"):
        write_journeys(tmp_path / folder, journey)
    first = {path.name: path.read_bytes() for path in (tmp_path / "one").rglob("*") if path.is_file()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "two").rglob("*") if path.is_file()}
    assert sum(content.count(b"\n") for name, content in first.items() if name != "dhcp.ndjson") == 900


def test_no_machine_is_on_two_paths(tmp_path: Path) -> None:
    truth = write_journeys(tmp_path, Journey(lengths=(1, 2, 3), each=1, pool=True))
    names = [name for path in truth.paths for name in path]
    assert len(names) == len(set(names))
    assert not set(names) & {move.target for move in truth.moves[6:-2]}
    assert [len(path) - 1 for path in truth.paths] == [1, 2, 3, 1, 1]


@pytest.mark.parametrize(("naming", "telling"), [
    (Naming.ACCOUNTS, {4624, 4768, 4769, 4776}), (Naming.KERBEROS, {4768, 4769, 4770}), (Naming.FILTERING, {5156, 5158}),
    (Naming.LEASES, {50028}), (None, {5156}),
])  # fmt: skip
def test_addresses_are_told_in_one_way(naming: Naming | None, telling: set[int], tmp_path: Path) -> None:
    """What a logon calls its client, a connection of the machine's own and its account say so as well, and are not there."""
    write_journeys(tmp_path, Journey(naming=naming, lengths=(3, 4), events=800))
    found = {
        event
        for _, event, data in records(tmp_path)
        if event in {5156, 5158, 50028, 3}
        or str(data.get("TargetUserName", "")).split("@")[0].endswith("$")
        or data.get("WorkstationName", "-") != "-"
    }
    # The audit of a process names the account of its machine, and no address.
    assert found - {4688} == telling
    assert (tmp_path / "logs" / "dhcp.ndjson").exists() is (naming is Naming.LEASES)


@pytest.mark.parametrize(("logging", "there", "not_there"), [
    (Logging.DEFAULT, {7045, 106, 129, 91, 5861, 4624}, {1, 3, 20, 4688, 4697, 4698, 5145, 5156}),
    (Logging.AUDITED, {7045, 106, 91, 4688, 4697, 4698, 5145, 5156}, {1, 3, 20}),
    (Logging.SYSMON, {7045, 106, 91, 1, 3, 11, 20}, {4688, 4697, 4698, 5145, 5156}),
])  # fmt: skip
def test_a_logging_has_its_records_and_no_other(logging: Logging, there: set[int], not_there: set[int], tmp_path: Path) -> None:
    truth = write_journeys(tmp_path, Journey(logging=logging, each=1, events=900))
    found = {event for _, event, _ in records(tmp_path)}
    assert there <= found
    assert not found & not_there
    assert {move.family for move in truth.moves} == {decoy.family for decoy in truth.decoys} == set(Family)
    assert isinstance(truth, Journeys)


def test_a_move_is_told_by_target_way_and_time() -> None:
    tally = judge_moves([TOLD], [MOVE])
    assert [(move, found) for move, found in tally.told] == [(MOVE, TOLD)]
    assert tally.false == []
    assert names_source(TOLD, MOVE)


@pytest.mark.parametrize("change", [{"target": "srv2.corp.example"}, {"time": MOVE.time + NEAR + 60_000_000}, {"family": Family.DCOM}])
def test_another_move_is_not_told_and_the_finding_is_false(change: dict[str, object]) -> None:
    tally = judge_moves([TOLD], [msgspec.structs.replace(MOVE, **change)])
    assert [found for _, found in tally.told] == [None]
    assert tally.false == [TOLD]


def test_one_finding_tells_of_one_move_and_what_a_machine_did_itself_of_none() -> None:
    twice = judge_moves([TOLD], [MOVE, MOVE])
    assert [found for _, found in twice.told] == [TOLD, None]
    loop = msgspec.structs.replace(TOLD, movement=Movement.LOOPBACK)
    alone = judge_moves([loop], [MOVE])
    assert (alone.told, alone.false) == ([(MOVE, None)], [])
    assert not names_source(msgspec.structs.replace(TOLD, source=None), MOVE)


def test_a_written_file_is_told_by_its_path() -> None:
    written = msgspec.structs.replace(MOVE, family=Family.WRITTEN, file=RIGHT.file)
    assert judge_moves([RIGHT], [written]).false == []
    assert judge_moves([RIGHT], [msgspec.structs.replace(written, file=r"C:\other.exe")]).false == [RIGHT]
