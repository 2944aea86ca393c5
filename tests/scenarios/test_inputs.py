"""One chain in every input that responders have: the same finding, with the same id wherever record numbers are there."""

from __future__ import annotations

from pathlib import Path

import evtx
import orjson
import pytest

from graphcorr.model.findings import Finding
from tests.scenarios.chain import CHAIN, COMPUTER, NUMBERED, OTHERS, as_table, as_xml, payload, report_of, tell


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Finding:
    (finding,) = report_of(tmp_path_factory.mktemp("xml"), as_xml(CHAIN)).findings
    return finding


def test_the_chain_itself(expected: Finding) -> None:
    assert (expected.file, expected.account, expected.confidence) == ("C:\\Windows\\Temp\\tool & key.exe", "WERK\\otto", "high")
    assert expected.source is not None
    assert (expected.source.address, expected.target.host, expected.movement) == ("10.9.0.5", COMPUTER, "remote")


@pytest.mark.parametrize("form", [*NUMBERED, *OTHERS])
def test_one_chain_in_every_input(tmp_path: Path, expected: Finding, form: str) -> None:
    report = report_of(tmp_path, (NUMBERED | OTHERS)[form](CHAIN))
    assert (report.inputs.skipped, [file.status for file in report.inputs.files if file.status != "read"]) == (0, [])
    (finding,) = report.findings
    assert tell(finding) == tell(expected)
    if form in NUMBERED:
        assert finding.id == expected.id


@pytest.mark.parametrize("form", NUMBERED)
def test_two_exports_of_one_log_are_one_log(tmp_path: Path, expected: Finding, form: str) -> None:
    both = as_xml(CHAIN) | {f"other-{name}": content for name, content in NUMBERED[form](CHAIN).items()}
    (finding,) = report_of(tmp_path, both).findings
    assert (finding.id, len(finding.evidence)) == (expected.id, len(expected.evidence))


def test_a_real_event_log_and_the_table_that_is_made_of_it(shared: Path, tmp_path: Path) -> None:
    log = shared / "datasets/sbousseaden+EVTX-ATTACK-SAMPLES/Lateral Movement/remote_file_copy_system_proc_file_write_sysmon_11.evtx"
    rows = []
    for place, record in enumerate(evtx.PyEvtxParser(str(log)).records_json(), 1):
        assert record is not None
        event = orjson.loads(record["data"])["Event"]
        system = event["System"]
        rows.append(
            {
                "RecordNumber": str(place),
                "EventRecordId": str(system["EventRecordID"]),
                "TimeCreated": system["TimeCreated"]["#attributes"]["SystemTime"].replace("T", " ").rstrip("Z"),
                "EventId": str(system["EventID"]),
                "Provider": system["Provider"]["#attributes"]["Name"],
                "Channel": system["Channel"],
                "Computer": system["Computer"],
                "Payload": payload(event["EventData"]),
            }
        )
    (expected,) = report_of(tmp_path / "evtx", {"log.evtx": log.read_bytes()}).findings
    (finding,) = report_of(tmp_path / "csv", {"log.csv": as_table(rows)}).findings
    assert (tell(finding), finding.id) == (tell(expected), expected.id)
