"""One copy over the network, told by Zeek and Windows in every spelling: whatever the settings, the findings are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson
import pytest

from graphcorr.model.findings import Finding
from graphcorr.model.progress import Silent
from graphcorr.service.hunting import HuntOptions, hunt
from tests.settings import own_settings

ENDS: Final = {"id.orig_h": "10.9.0.5", "id.orig_p": 50123, "id.resp_h": "10.9.0.8", "id.resp_p": 445}
FILE: Final = {"ts": 1700000000.25, "uid": "CaB3dE5fG7hI9jK1lM", **ENDS, "fuid": "FaB3dE5fG7hI9jK1lM"}
ROWS: Final[dict[str, dict[str, object]]] = {
    "smb_files": {**FILE, "action": "SMB::FILE_OPEN", "path": "\\\\pump\\ADMIN$", "name": "Temp\\tool.exe", "size": 0},
    "files": {**FILE, "source": "SMB", "filename": "Temp\\tool.exe", "is_orig": True, "seen_bytes": 4096, "missing_bytes": 0},
    "ntlm": {
        "ts": 1700000000.2,
        "uid": "CaB3dE5fG7hI9jK1lM",
        **ENDS,
        "username": "otto",
        "domainname": "WERK",
        "hostname": "DESK9",
        "server_nb_computer_name": "PUMP",
        "server_dns_computer_name": "pump.werk.example",
        "success": True,
    },
}
RUN: Final = {
    "EventID": 1,
    "SourceName": "Microsoft-Windows-Sysmon",
    "Hostname": "pump.werk.example",
    "RecordNumber": 12,
    "UtcTime": "2023-11-14 22:13:30.500",
    "Image": "C:\\Windows\\Temp\\tool.exe",
    "CommandLine": "C:\\Windows\\Temp\\tool.exe",
    "ParentImage": "C:\\Windows\\System32\\services.exe",
    "User": "NT AUTHORITY\\SYSTEM",
}


def scoped(row: dict[str, object], separator: str) -> dict[str, object]:
    return {name.replace("id.", f"id{separator}"): value for name, value in row.items()}


def document(log: str, row: dict[str, object]) -> dict[str, object]:
    """As Elastic's module has it, without the line as Zeek wrote it."""
    left = {name: value for name, value in row.items() if name not in {"ts", "uid", *ENDS}}
    if log == "ntlm":
        left["server"] = {"name": {"dns": left.pop("server_dns_computer_name"), "netbios": left.pop("server_nb_computer_name")}}
        left["domain"] = left.pop("domainname")
    ends = {"source": {"ip": "10.9.0.5", "port": 50123}, "destination": {"ip": "10.9.0.8", "port": 445}}
    zeek = {"session_id": row["uid"], log: left}
    ends = {} if log == "files" else ends
    return {"@timestamp": "2023-11-14T22:13:20.250Z", "event": {"dataset": f"zeek.{log}"}, "zeek": zeek, **ends}


def as_text(log: str, separator: str) -> str:
    row = scoped(ROWS[log], separator)
    values = ["T" if value is True else str(value) for value in row.values()]
    lines = ["#separator |", "#set_separator|;", "#unset_field|?", f"#path|{log}", "|".join(["#fields", *row]), "|".join(values)]
    return "\n".join(lines) + "\n"


def findings(folder: Path, contents: dict[str, bytes]) -> list[Finding]:
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "run.json").write_bytes(orjson.dumps(RUN))
    return hunt(HuntOptions(paths=(str(folder),), ephemeral=True), own_settings(), Silent()).findings


SPELLINGS: Final[dict[str, dict[str, bytes]]] = {
    "as usual": {f"{log}.log": orjson.dumps(row) for log, row in ROWS.items()},
    "scopes": {f"{log}.log": orjson.dumps(scoped(row, "_")) for log, row in ROWS.items()},
    "text": {f"{log}.log": as_text(log, "-").encode() for log in ROWS},
    "milliseconds": {f"{log}.log": orjson.dumps({**row, "ts": 1700000000250}) for log, row in ROWS.items()},
    "renamed": {
        "all.json": b"\n".join(
            orjson.dumps({{"id.orig_h": "src_ip", "id.resp_h": "dest_ip"}.get(name, name): value for name, value in row.items()})
            for row in ROWS.values()
        )
    },
    "module": {"elastic.json": b"\n".join(orjson.dumps({"_source": document(log, row)}) for log, row in ROWS.items())},
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_write_however_it_is_spelled(tmp_path: Path, spelling: str) -> None:
    (finding,) = findings(tmp_path, SPELLINGS[spelling])
    assert (finding.file, finding.target.host, finding.execution) == ("C:\\Windows\\Temp\\tool.exe", "pump.werk.example", "service")
    assert finding.source is not None
    assert (finding.source.host, finding.source.address) == ("desk9", "10.9.0.5")


@pytest.mark.parametrize(
    ("case", "host", "address"),
    [
        ("20-zeek-control", "ws-0417", "10.20.30.41"),
        ("21-zeek-tsv-scope-separator", "ws-0417", "10.20.30.41"),
        ("24-elastic-zeek-event-original", "ws-0417", "10.20.30.41"),
        ("00-baseline", None, "10.20.30.41"),
        ("01-so-winlog-computer", None, "10.20.30.41"),
    ],
)
def test_field_cases(shared: Path, case: str, host: str | None, address: str) -> None:
    report = hunt(HuntOptions(paths=(str(shared / "cases" / case / "in"),), ephemeral=True), own_settings(), Silent())
    (finding,) = report.findings
    assert finding.target.host == "fs-berlin-01.corp.example"
    assert finding.source is not None
    assert (finding.source.host, finding.source.address) == (host, address)
    assert (report.inputs.skipped, report.inputs.hostless) == (0, 0)
