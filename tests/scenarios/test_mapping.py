"""The chain as a product tells it that nobody here knows, read by a mapping: one finding, as of every other input."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson
import pytest

from graphcorr.errors import UsageError
from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Confidence
from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.reading import ingest, unnamed_case
from graphcorr.settings import Settings
from tests.conftest import REPOSITORY
from tests.scenarios.chain import CHAIN, COMPUTER, as_table, as_xml, report_of, tell
from tests.settings import own_settings

EXAMPLE: Final = REPOSITORY / "examples" / "mapping"
MAPPING: Final = r"""
having = ["what", "node"]
[time]
column = "when"
unit = "ms"
[columns]
node = "computer"
[[event]]
when = { what = "5145" }
is = "share_access"
[event.columns]
who = "user"
ip = "source_address"
share = "share"
file = "relative_path"
[event.constants]
access_mask = 2
share_path = '\??\C:\Windows'
success = true
[[event]]
when = { what = "4624" }
is = "logon"
columns = { who = "target_user", ip = "source_address" }
constants = { logon_type = 3 }
[[event]]
when = { what = "11" }
is = "file_write"
columns = { program = "image", file = "path" }
[[event]]
when = { what = "1" }
is = "process_start"
columns = { program = "image", line = "command_line", who = "user", parent = "parent_image" }
"""
ROWS: Final[list[dict[str, str]]] = [
    {"when": "1772442843100", "what": "4624", "node": COMPUTER, "who": "WERK\\otto", "ip": "10.9.0.5"},
    {
        "when": "1772442843200",
        "what": "5145",
        "node": COMPUTER,
        "who": "WERK\\otto",
        "ip": "10.9.0.5",
        "share": "ADMIN$",
        "file": "Temp\\tool & key.exe",
    },
    {"when": "1772442843204", "what": "11", "node": COMPUTER, "program": "System", "file": "C:\\Windows\\Temp\\tool & key.exe"},
    {
        "when": "1772442849500",
        "what": "1",
        "node": COMPUTER,
        "program": "C:\\Windows\\Temp\\tool & key.exe",
        "line": '"C:\\Windows\\Temp\\tool & key.exe" -q, "a;b"',
        "who": "NT AUTHORITY\\SYSTEM",
        "parent": "C:\\Windows\\System32\\services.exe",
    },
]


def settings_with(mapping: Path) -> Settings:
    return own_settings().over(mapping=[mapping])


def hunted(path: Path, mapping: Path) -> Report:
    return hunt(HuntOptions(paths=(str(path),), ephemeral=True), settings_with(mapping), Silent())


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["table", "lines", "array"])
def test_the_chain_is_one_finding(tmp_path: Path, mapping: Path, form: str) -> None:
    contents = {"table": as_table(ROWS, ";"), "lines": b"\n".join(map(orjson.dumps, ROWS)), "array": orjson.dumps(ROWS)}
    log = tmp_path / "export.log"
    log.write_bytes(contents[form])
    report = hunted(log, mapping)
    assert (report.inputs.skipped, [file.reason for file in report.inputs.files if file.status != "read"]) == (0, [])
    (finding,) = report.findings
    (expected,) = report_of(tmp_path / "xml", as_xml(CHAIN)).findings
    assert tell(finding) == tell(expected)
    assert {one.record for one in finding.evidence} <= {1, 2, 3, 4, 5}


def test_where_nothing_says_that_it_was_granted_that_is_a_doubt(tmp_path: Path, mapping: Path) -> None:
    mapping.write_text(MAPPING.replace("success = true\n", ""), encoding="utf-8")
    log = tmp_path / "export.log"
    log.write_bytes(as_table(ROWS, ";"))
    (finding,) = hunted(log, mapping).findings
    assert Doubt.OUTCOME_OPEN.sentence in finding.why
    assert finding.confidence is Confidence.MEDIUM


def test_evidence_is_no_configuration(tmp_path: Path, mapping: Path) -> None:
    (tmp_path / "export.csv").write_bytes(as_table(ROWS))
    report = hunt(HuntOptions(paths=(str(tmp_path),), ephemeral=True), own_settings(), Silent())
    assert (report.findings, report.inputs.events) == ([], 0)
    assert {Path(file.path).name: file.status for file in report.inputs.files} == {
        "export.csv": "not_understood",
        mapping.name: "not_understood",
    }


def test_a_case_is_read_by_one_mapping_of_a_name(tmp_path: Path, mapping: Path) -> None:
    log, case = tmp_path / "export.csv", tmp_path / "case"
    log.write_bytes(as_table(ROWS))
    assert ingest((str(log),), case, own_settings(), Silent()).events == 0
    settings = settings_with(mapping)
    assert ingest((str(log),), case, settings, Silent()).events == 4
    assert ingest((str(log),), case, own_settings(), Silent()).events == 4  # what was read stays read
    before = unnamed_case((str(log),), settings)
    mapping.write_text(MAPPING.replace('"4624"', '"4625"'), encoding="utf-8")
    assert unnamed_case((str(log),), settings) != before
    with pytest.raises(UsageError, match=r"own\.toml is not what it was when this case was read by it; read the logs into a new case"):
        ingest((str(log),), case, settings, Silent())


def test_the_example_is_one_finding() -> None:
    report = hunted(EXAMPLE / "acme-edr-export.csv", EXAMPLE / "acme-edr.toml")
    (finding,) = report.findings
    assert (finding.file, finding.source and finding.source.address, finding.account) == (
        "C:\\Windows\\Temp\\tool.exe",
        "10.9.0.5",
        "WERK\\otto",
    )
    assert (finding.write_time, finding.execution_time) == ("2026-03-02T09:14:03.204000Z", "2026-03-02T09:14:09.500000Z")
    assert (report.inputs.skipped, report.inputs.records, report.inputs.events) == (0, 6, 4)
