"""One report as a real hunt gives it, by hand: a chain of two hops, a loopback run, a low finding, holes and skips."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphcorr.model.findings import (
    Basis,
    Confidence,
    Endpoint,
    Evidence,
    Execution,
    Finding,
    Level,
    Movement,
    Observation,
    Role,
    Step,
    Suppressed,
)
from graphcorr.model.report import (
    Attribution,
    Clock,
    Coverage,
    FormerName,
    Gap,
    HopPath,
    HostCoverage,
    HostMissing,
    InputFile,
    Inputs,
    KindCoverage,
    OutdatedIndicator,
    PatternCoverage,
    Report,
    SightedIndicator,
    Skip,
    Unevaluated,
)
from tests.outputs.leads import LEADS

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).parent / "golden"
WS01 = Endpoint("ws01.corp.example", "10.0.0.5")
FILE01 = Endpoint("file01.corp.example", "10.0.0.20")
DC01 = Endpoint("dc01.corp.example", None)
DAY, NIGHT = "2026-03-02T09:30:00.000000Z", "2026-03-02T17:00:00.000000Z"


def evidence(role: str, record: int, time: str, summary: str, **changes: object) -> Evidence:
    values: dict[str, object] = {
        "role": role,
        "file": "logs/file01-security.json",
        "member": None,
        "record": record,
        "host": "file01.corp.example",
        "channel": "Security",
        "record_id": 90000 + record,
        "time": time,
        "original_time": time,
        "summary": summary,
    }
    return Evidence(**(values | changes))  # type: ignore[arg-type]


def finding(**changes: object) -> Finding:
    values: dict[str, object] = {
        "id": "5f3a9c21-7d10-5a44-9a3e-0c5b0f6d2e11",
        "pattern": "smb-write-then-image",
        "patterns": ["smb-write-then-image"],
        "title": "File written over SMB, then run on the same host",
        "level": Level.HIGH,
        "confidence": Confidence.HIGH,
        "basis": Basis.OBSERVED,
        "why": ["the same path, exactly", "run within 10 minutes of the write"],
        "techniques": ["T1021.002", "T1570", "T1569.002"],
        "detection_strategies": ["DET0530"],
        "software": ["S0029"],
        "source": WS01,
        "target": FILE01,
        "account": "CORP\\alice",
        "movement": Movement.REMOTE,
        "execution": "service",
        "execution_time": "2026-03-02T10:15:05.001000Z",
        "executions": [
            Execution(
                "service",
                "2026-03-02T10:15:05.001000Z",
                "C:\\Windows\\PSEXESVC.exe",
                None,
                "NT AUTHORITY\\SYSTEM",
                "C:\\Windows\\System32\\services.exe",
            )
        ],
        "file": "C:\\Windows\\PSEXESVC.exe",
        "write_time": "2026-03-02T10:15:04.123456Z",
        "time": "2026-03-02T10:15:05.001000Z",
        "started_by": "service",
        "steps": [
            Step(Role.WROTE, "2026-03-02T10:15:04.123456Z", WS01, "CORP\\alice", "C:\\Windows\\PSEXESVC.exe", [0]),
            Step(Role.RAN, "2026-03-02T10:15:05.001000Z", FILE01, "NT AUTHORITY\\SYSTEM", "C:\\Windows\\PSEXESVC.exe", [1]),
        ],
        "suppressed": None,
        "limits": [],
        "evidence": [
            evidence("write", 17, "2026-03-02T10:15:04.123456Z", "5145: CORP\\alice from 10.0.0.5 opens ADMIN$\\PSEXESVC.exe to write"),
            evidence(
                "execution",
                412,
                "2026-03-02T10:15:05.001000Z",
                "Sysmon 1: C:\\Windows\\PSEXESVC.exe started by services.exe",
                channel="Microsoft-Windows-Sysmon/Operational",
                file="logs/file01-sysmon.json",
                original_time="2026-03-02T11:15:05.001000Z",
            ),
        ],
    }
    values |= changes
    # As a judge makes it: its time follows from what it says.
    values["time"] = changes.get("time") or values["execution_time"] or values["write_time"]
    return Finding(**values)  # type: ignore[arg-type]


def build_report() -> Report:
    second = finding(
        id="5f3a9c21-8e22-5b01-8f6d-aa01c2d3e4f5",
        pattern="smb-write-then-command-line",
        patterns=["smb-write-then-command-line", "smb-write-then-module-load"],
        title="File written over SMB, then named on a command line of the same host",
        confidence=Confidence.MEDIUM,
        basis=Basis.ASSUMED,
        why=["named as an argument", "ADMIN$ taken to be C:\\Windows"],
        techniques=["T1021.002", "T1218.011"],
        software=[],
        source=Endpoint("file01.corp.example", "10.0.0.20"),
        target=DC01,
        account="CORP\\svc-backup",
        execution="command_line",
        started_by="wmi",
        execution_time="2026-03-02T10:17:19.000000Z",
        executions=[
            Execution(
                "command_line",
                "2026-03-02T10:17:19.000000Z",
                "C:\\Windows\\System32\\rundll32.exe",
                'rundll32.exe  "C:\\Windows\\Temp\\update.dll",Start -q ' + "QUFB" * 90,
            ),
            Execution("module_load", "2026-03-02T10:17:19.020000Z", "C:\\Windows\\System32\\rundll32.exe", None),
            *(
                Execution("image", f"2026-03-02T10:2{minute}:00.000000Z", "C:\\Windows\\System32\\regsvr32.exe", None)
                for minute in range(3)
            ),
        ],
        file="C:\\Windows\\Temp\\update.dll",
        write_time="2026-03-02T10:17:19.010000Z",
        limits=["no process records of dc01.corp.example between 10:18 and 10:30"],
        evidence=[
            evidence(
                "write",
                3,
                "2026-03-02T10:17:19.010000Z",
                "smb_files: update.dll grows to 81,920 bytes",
                file="zeek/smb_files.log",
                host=None,
                channel=None,
                record_id=None,
            )
        ],
    )
    loopback = finding(
        id="b7710e00-1c2d-5e3f-8a4b-5c6d7e8f9a0b",
        title="File written over SMB, then run on the same host",
        level=Level.MEDIUM,
        confidence=Confidence.LOW,
        basis=Basis.INFERRED,
        why=["the source is the machine itself"],
        software=[],
        source=WS01,
        target=WS01,
        account=None,
        movement=Movement.LOOPBACK,
        execution="image",
        started_by=None,
        execution_time="2026-03-03T08:00:02.500000Z",
        executions=[Execution("image", "2026-03-03T08:00:02.500000Z", "C:\\Temp\\setup.exe", "C:\\Temp\\setup.exe /quiet")],
        file="C:\\Temp\\setup.exe",
        write_time="2026-03-03T08:00:00.000000Z",
        limits=["no logon record tells who came in"],
    )
    return Report(
        version="0.1.0",
        engine="ladybug 0.22.0",
        attack="18.1",
        case="cases/9f2c",
        inputs=Inputs(
            files=[
                InputFile(
                    "logs/file01-security.json",
                    None,
                    "ndjson",
                    "read",
                    None,
                    1200,
                    800,
                    0,
                    0,
                    "2026-03-02T09:00:00.000000Z",
                    "2026-03-02T18:00:00.000000Z",
                ),
                InputFile(
                    "logs/file01-sysmon.json",
                    None,
                    "ndjson",
                    "partly",
                    "the file ends within a record",
                    4000,
                    3100,
                    2,
                    17,
                    "2026-03-02T09:00:00.000000Z",
                    "2026-03-03T08:10:00.000000Z",
                ),
                InputFile(
                    "logs/old.zip",
                    "ws01/Security.evtx",
                    "evtx",
                    "read",
                    None,
                    90,
                    61,
                    0,
                    0,
                    "2026-03-01T00:00:00.500000Z",
                    "2026-03-01T10:00:00.000000Z",
                ),
                InputFile("logs/readme.txt", None, None, "not_understood", "no known log format", 0, 0, 0, 0, None, None),
            ],
            records=5290,
            events=3961,
            skipped=2,
            duplicates=17,
            skips=[
                Skip("logs/file01-sysmon.json", None, 77, "not valid JSON: unexpected end of data at byte 112"),
                Skip("logs/file01-sysmon.json", None, None, "the last 300 bytes are not a record"),
            ],
        ),
        coverage=Coverage(
            hosts=[
                HostCoverage(
                    "dc01.corp.example", [KindCoverage("Write", "2026-03-02T10:00:00.000000Z", "2026-03-02T10:20:00.000000Z", 12)], []
                ),
                HostCoverage(
                    "file01.corp.example",
                    [KindCoverage("ProcessStart", "2026-03-02T09:00:00.000000Z", "2026-03-02T18:00:00.000000Z", 410)],
                    [
                        Gap(
                            "2026-03-02T12:00:00.000000Z",
                            "2026-03-02T12:40:00.000000Z",
                            "the Security log was cleared by CORP\\bob",
                            "cleared",
                        )
                    ],
                    [FormerName("win-0nntb2rtnb1", "2026-03-01T08:20:00.000000Z", "its own log says so")],
                ),
                HostCoverage("ws01.corp.example", [], []),
            ],
            patterns=[
                PatternCoverage("smb-write-then-image", "evaluated", []),
                PatternCoverage(
                    "smb-write-then-command-line",
                    "partly",
                    [HostMissing("dc01.corp.example", ["ProcessStart"]), HostMissing("ws01.corp.example", ["Write", "ProcessStart"])],
                ),
                PatternCoverage(
                    "smb-write-then-module-load",
                    "not_evaluated",
                    [HostMissing(host, ["ModuleLoad"]) for host in ("dc01.corp.example", "file01.corp.example", "ws01.corp.example")],
                ),
            ],
        ),
        clocks=[
            Clock("file01.corp.example", "EventTime", -3600.0, "2026-03-02T09:00:00.000000Z", "2026-03-03T08:10:00.000000Z", 41, None),
            Clock(
                "dc01.corp.example",
                "EventTime",
                -3600.25,
                "2026-03-02T09:00:00.000000Z",
                "2026-03-02T10:20:00.000000Z",
                0,
                "file01.corp.example",
            ),
            Clock("ws01.corp.example", "TimeCreated", 0.0, "2026-03-01T00:00:00.000000Z", "2026-03-03T08:00:00.000000Z", 9, None),
        ],
        findings=[
            finding(),
            second,
            loopback,
            finding(
                id="c0000000-0000-5000-8000-000000000001",
                level=Level.LOW,
                write_time="2026-03-03T09:00:00.000000Z",
                execution_time="2026-03-03T09:00:01.250000Z",
                executions=[Execution("service", "2026-03-03T09:00:01.250000Z", "C:\\Windows\\PSEXESVC.exe", None)],
            ),
            finding(
                id="d0000000-0000-5000-8000-000000000002", suppressed=Suppressed("sccm", "it-ops", "software deployment", "2026-12-31")
            ),
        ],
        observations=[
            Observation("smb-write", WS01, FILE01, "CORP\\alice", 132, DAY, NIGHT, []),
            Observation(
                "smb-write", Endpoint(None, "10.9.9.9"), DC01, None, 1, "2026-03-02T10:00:00.000000Z", "2026-03-02T10:00:00.000000Z", []
            ),
            # One of them is many machines.
            Observation("network-logon", None, DC01, None, 1204, DAY, NIGHT, [], "network logon", 412),
            Observation("administration-port", WS01, Endpoint(None, None), None, 87, DAY, NIGHT, [], "port 445", 86),
        ],
        sightings=[
            SightedIndicator(
                indicator="indicator--0a1b2c3d-0000-4000-8000-000000000001",
                name="address of a known controller",
                observable="address",
                value="203.0.113.7",
                count=2,
                first="2026-03-02T10:20:00.000000Z",
                last="2026-03-02T10:21:00.000000Z",
                examples=[evidence("sighting", 90, "2026-03-02T10:20:00.000000Z", "connection 10.0.0.20 → 203.0.113.7 of powershell.exe")],
            )
        ],
        indicators_outdated=[
            OutdatedIndicator(
                indicator="indicator--0a1b2c3d-0000-4000-8000-000000000004",
                name="address of a controller that was taken down",
                observable="address",
                value="198.51.100.9",
                count=1,
                first="2026-03-02T10:22:00.000000Z",
                last="2026-03-02T10:22:00.000000Z",
                examples=[evidence("sighting", 91, "2026-03-02T10:22:00.000000Z", "connection 10.0.0.20 → 198.51.100.9 of svchost.exe")],
                valid_from="2024-01-01T00:00:00.000000Z",
                valid_until="2025-01-01T00:00:00.000000Z",
            ),
            OutdatedIndicator(
                indicator="indicator--0a1b2c3d-0000-4000-8000-000000000005",
                name=None,
                observable="file_name",
                value="early.exe",
                count=2,
                first="2026-03-02T10:22:00.000000Z",
                last="2026-03-02T10:23:00.000000Z",
                examples=[],
                valid_from="2026-04-01T00:00:00.000000Z",
                valid_until=None,
            ),
        ],
        indicators_looked_for=12,
        indicators_not_evaluated=[
            Unevaluated("indicator--0a1b2c3d-0000-4000-8000-000000000002", "the operator LIKE is not evaluated"),
            Unevaluated("indicator--0a1b2c3d-0000-4000-8000-000000000003", "the operator LIKE is not evaluated"),
        ],
        paths=[
            HopPath(
                "e1111111-0000-5000-8000-000000000003",
                ["ws01.corp.example", "file01.corp.example", "dc01.corp.example"],
                ["5f3a9c21-7d10-5a44-9a3e-0c5b0f6d2e11", "5f3a9c21-8e22-5b01-8f6d-aa01c2d3e4f5"],
                "2026-03-02T10:15:04.123456Z",
                "2026-03-02T10:17:19.000000Z",
                0.8,
                ["the second hop starts where the first one ended, 2 min 14 s after it"],
                Attribution("none", None, [], []),
                LEADS,
                3,
            ),
        ],
    )


@pytest.fixture
def report() -> Report:
    return build_report()


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares text with a file of ``golden``; ``BLESS=1`` writes it instead, to be read as a diff before it is kept."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("BLESS") == "1":
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        assert text == path.read_text(encoding="utf-8")

    return compare
