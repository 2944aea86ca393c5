"""One event from several exporters: EVTX, winlogbeat and NXLog of one machine are one witness, whatever the order of reading."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import orjson
import pytest

from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service.hunting import HuntOptions, hunt
from tests.settings import own_settings

HOST: Final = "pump.werk.example"
PROVIDER: Final = "Microsoft-Windows-Security-Auditing"
WRITTEN: Final = datetime(2024, 5, 7, 10, 0, 0, 123456)  # noqa: DTZ001 - logs state naive times, and so do these
WRITE: Final = {
    "SubjectUserName": "otto",
    "SubjectDomainName": "WERK",
    "SubjectLogonId": "0x77",
    "IpAddress": "10.9.0.5",
    "ShareName": "\\\\*\\ADMIN$",
    "ShareLocalPath": "\\??\\C:\\Windows",
    "RelativeTargetName": "Temp\\tool.exe",
    "AccessMask": "0x2",
}
RUN: Final = {"NewProcessName": "C:\\Windows\\Temp\\tool.exe", "NewProcessId": "0x4f0", "SubjectUserName": "PUMP$"}
EVENTS: Final = [(5145, 71, WRITTEN, WRITE), (4688, 72, WRITTEN + timedelta(seconds=9, microseconds=5), RUN)]


def evtx(number: int, record: int, time: datetime, data: dict[str, str], **header: object) -> dict[str, object]:
    """Microseconds of UTC."""
    system = {"EventID": number, "EventRecordID": record, "Channel": "Security", "Computer": HOST, **header}
    system |= {"Provider": {"#attributes": {"Name": PROVIDER}}, "TimeCreated": {"#attributes": {"SystemTime": f"{time.isoformat()}Z"}}}
    return {"Event": {"System": system, "EventData": data}}


def beat(number: int, record: int, time: datetime, data: dict[str, str], **winlog: object) -> dict[str, object]:
    """Milliseconds of UTC."""
    header = {"event_id": number, "record_id": record, "channel": "Security", "computer_name": HOST.upper(), "provider_name": PROVIDER}
    return {"@timestamp": f"{time.isoformat(timespec='milliseconds')}Z", "winlog": {**header, "event_data": data, **winlog}}


def nxlog(number: int, record: int, time: datetime, data: dict[str, str], **header: object) -> dict[str, object]:
    """Whole seconds of the machine's own time, four hours behind, and the machine's short name."""
    own = (time - timedelta(hours=4)).isoformat(sep=" ", timespec="seconds")
    row = {"EventID": number, "RecordNumber": record, "Hostname": "PUMP", "SourceName": PROVIDER, "EventTime": own, **data}
    return {**row, **header}


def write(folder: Path, name: str, *rows: dict[str, object]) -> str:
    path = folder / name
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return str(path)


def look(*paths: str, case: Path | None = None) -> Report:
    return hunt(HuntOptions(paths=paths, case=case, ephemeral=case is None), own_settings(), Silent())


def again(report: Report) -> dict[str, int]:
    return {Path(file.path).name: file.duplicates for file in report.inputs.files}


def test_the_finest_of_three_exporters_stands_in_any_order(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, "a-siem.json", *(nxlog(*event) for event in EVENTS)),
        write(tmp_path, "b-beat.json", *(beat(*event) for event in EVENTS)),
        write(tmp_path, "c-host.json", *(evtx(*event) for event in EVENTS)),
    ]
    alone, report = look(paths[2]), look(*paths)
    (finding,) = report.findings
    assert [Path(one.file).name for one in finding.evidence] == ["c-host.json"] * len(finding.evidence)
    assert (report.findings, report.observations, report.inputs.duplicates) == (alone.findings, alone.observations, 4)
    assert again(report) == {"a-siem.json": 2, "b-beat.json": 2, "c-host.json": 0}
    assert [(clock.host, clock.source, clock.offset_seconds) for clock in report.clocks] == [(HOST, "EventTime", 14400.0)]
    assert msgspec.json.encode(look(*reversed(paths))) == msgspec.json.encode(report)


def test_a_case_read_bit_by_bit_is_the_same(tmp_path: Path) -> None:
    host = write(tmp_path, "host.json", *(evtx(*event) for event in EVENTS))
    siem = write(tmp_path, "siem.json", *(beat(*event) for event in EVENTS))
    look(siem, case=tmp_path / "case")
    report = look(host, case=tmp_path / "case")
    assert (again(report), len(report.findings)) == ({"host.json": 0, "siem.json": 2}, 1)
    assert report.findings == look(siem, host).findings


def test_exporters_in_one_file_are_told_apart(tmp_path: Path) -> None:
    report = look(write(tmp_path, "all.json", *(export(*event) for event in EVENTS for export in (evtx, nxlog))))
    assert (report.inputs.duplicates, [one.count for one in report.observations]) == (2, [1])


@pytest.mark.parametrize(
    ("record", "later", "host"),
    [(71, 1.0, HOST), (71, 3600.0, HOST), (72, 0.0, HOST), (71, 0.0, "valve.werk.example")],
    ids=["a second later", "numbered anew", "another number", "another machine"],
)
def test_what_is_another_event_stays_one(tmp_path: Path, record: int, later: float, host: str) -> None:
    host_log = write(tmp_path, "host.json", evtx(5145, 71, WRITTEN, WRITE))
    siem = write(tmp_path, "siem.json", beat(5145, record, WRITTEN + timedelta(seconds=later), WRITE, computer_name=host))
    report = look(host_log, siem)
    assert (report.inputs.duplicates, sum(one.count for one in report.observations)) == (0, 2)


def test_a_number_that_an_exporter_does_not_know_is_none(tmp_path: Path) -> None:
    names = [f"Temp\\tool{number}.exe" for number in range(3)]
    rows = [
        evtx(5145, 0, WRITTEN + timedelta(microseconds=place), WRITE | {"RelativeTargetName": name}) for place, name in enumerate(names)
    ]
    beats = [beat(5145, 0, WRITTEN, WRITE | {"RelativeTargetName": "Temp\\other.exe"})]
    report = look(write(tmp_path, "host.json", *rows), write(tmp_path, "siem.json", *beats))
    assert (report.inputs.duplicates, sum(one.count for one in report.observations)) == (0, 4)


@pytest.mark.parametrize("fine", [True, False])
def test_what_one_copy_says_of_the_outcome_counts_for_all(tmp_path: Path, fine: bool) -> None:
    """Of the copy that stands the format drops it: at the same time, or at a finer one."""
    time = WRITTEN if fine else WRITTEN.replace(microsecond=123000)
    host = write(tmp_path, "a.json", *(evtx(*event) for event in [(5145, 71, time, WRITE), EVENTS[1]]))
    siem = write(tmp_path, "b.json", beat(5145, 71, WRITTEN, WRITE, keywords=["Audit Failure"]))
    assert (len(look(host).findings), len(look(host, siem).findings), len(look(siem, host).findings)) == (1, 0, 0)


def test_field_case(shared: Path) -> None:
    folder = shared / "cases" / "51-same-events-two-exports" / "in"
    report = look(str(folder))
    (finding,) = report.findings
    assert (report.inputs.records, report.inputs.duplicates, len(finding.evidence)) == (9, 6, 3)
    assert {Path(one.file).parent.name for one in finding.evidence} == {"host"}
    assert [one.count for one in report.observations] == [1]


def test_exporters_that_only_call_the_machine_otherwise(tmp_path: Path) -> None:
    """As finely, and one by its short name: a table of the same log, say."""
    host = write(tmp_path, "a.json", *(evtx(*event) for event in EVENTS))
    table = write(tmp_path, "b.json", *(evtx(*event, Computer="PUMP") for event in EVENTS))
    assert sum(again(look(host, table)).values()) == 2
