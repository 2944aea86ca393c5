"""The judge must be able to say no: to a wrong file, host, time, kind or source, and to a second finding of one chain."""

from __future__ import annotations

import msgspec
import pytest

from graphcorr.model.findings import Basis, Confidence, Endpoint, Execution, Finding, Level, Movement
from graphcorr.simulate.estate import Chain, ChainKind, Decoy, DecoyKind, Truth, WriteEvidence
from graphcorr.simulate.judging import judge

CHAIN = Chain(
    file=r"C:\Windows\Temp\tool.exe",
    kind=ChainKind.IMAGE,
    source="ws1.corp.example",
    source_address="10.0.0.1",
    target="srv1.corp.example",
    target_address="10.0.0.2",
    account=r"CORP\a",
    write_time=1_710_144_000_000_000,
    execution_time=1_710_144_060_000_000,
    evidence=WriteEvidence.FULL,
)
LOOP = Decoy(file=r"C:\Windows\loop.exe", kind=DecoyKind.LOOPBACK, target="srv1.corp.example")
TRUTH = Truth(chains=[CHAIN], decoys=[LOOP], events=10, files=[])
RIGHT = Finding(
    id="1",
    pattern="smb-write-then-image",
    patterns=[],
    title="",
    level=Level.HIGH,
    confidence=Confidence.HIGH,
    basis=Basis.OBSERVED,
    why=[],
    techniques=[],
    detection_strategies=[],
    software=[],
    source=Endpoint("ws1.corp.example", "10.0.0.1"),
    target=Endpoint("srv1.corp.example", "10.0.0.2"),
    account=None,
    movement=Movement.REMOTE,
    execution="image",
    execution_time="2024-03-11T08:01:00.000000Z",
    executions=[],
    file=r"c:\windows\temp\TOOL.exe",
    write_time="2024-03-11T08:00:01.500000Z",
    time="2024-03-11T08:01:00.000000Z",
    started_by=None,
    steps=[],
    suppressed=None,
    limits=[],
    evidence=[],
)


def test_a_right_finding_finds_its_chain() -> None:
    verdict = judge([RIGHT], TRUTH)
    assert (verdict.found, verdict.missed, verdict.false, verdict.duplicates, verdict.perfect) == (1, [], [], 0, True)


@pytest.mark.parametrize(
    "change",
    [
        {"file": r"C:\Windows\tool.exe"},
        {"target": Endpoint("srv2.corp.example", None)},
        {"write_time": "2024-03-11T08:00:02.500000Z"},
        {"write_time": None},
        {"execution_time": "2024-03-11T08:00:57.000000Z"},
        {"execution": "module_load"},
        {"source": Endpoint("ws2.corp.example", "10.0.0.9")},
        {"source": None},
    ],
    ids="-".join,
)
def test_a_wrong_finding_is_false_and_the_chain_missed(change: dict[str, object]) -> None:
    wrong = msgspec.structs.replace(RIGHT, **change)
    verdict = judge([wrong], TRUTH)
    assert (verdict.found, verdict.missed, verdict.false, verdict.perfect) == (0, [CHAIN], [wrong], False)


def test_a_second_finding_of_one_chain_is_a_duplicate() -> None:
    verdict = judge([RIGHT, msgspec.structs.replace(RIGHT, id="2")], TRUTH)
    assert (verdict.found, verdict.duplicates, verdict.perfect) == (1, 1, False)


def test_any_of_the_executions_may_be_the_planted_one() -> None:
    other = Execution("image", "2024-03-11T08:01:01.000000Z", CHAIN.file, None)
    finding = msgspec.structs.replace(RIGHT, execution="command_line", execution_time="2024-03-11T08:00:30.000000Z", executions=[other])
    assert judge([finding], TRUTH).perfect


def test_the_source_of_a_write_that_only_sysmon_saw_is_not_judged() -> None:
    truth = msgspec.structs.replace(TRUTH, chains=[msgspec.structs.replace(CHAIN, evidence=WriteEvidence.SYSMON)])
    assert judge([msgspec.structs.replace(RIGHT, source=None)], truth).perfect


@pytest.mark.parametrize(("movement", "false"), [(Movement.LOOPBACK, 0), (Movement.REMOTE, 1)])
def test_a_loopback_decoy_may_be_found_as_loopback_only(movement: Movement, false: int) -> None:
    loop = msgspec.structs.replace(RIGHT, file=LOOP.file, movement=movement)
    assert len(judge([RIGHT, loop], TRUTH).false) == false


def test_findings_without_a_written_file_are_not_judged() -> None:
    other = msgspec.structs.replace(RIGHT, id="2", file=None, write_time=None)
    assert judge([RIGHT, other], TRUTH).perfect
