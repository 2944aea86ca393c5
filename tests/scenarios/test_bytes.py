"""One copy over the network whose file has a name beyond ASCII: whatever bytes each log has it in, it is one file."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

import orjson
import pytest

from graphcorr.model.findings import Finding
from graphcorr.model.progress import Silent
from graphcorr.service.hunting import HuntOptions, hunt
from tests.settings import own_settings

NAME: Final = "Überstände_Müller"
HEAD: Final = {"Hostname": "pump.werk.example", "SourceName": "Microsoft-Windows-Sysmon"}
SECURITY: Final = {"Hostname": "pump.werk.example", "SourceName": "Microsoft-Windows-Security-Auditing"}


def records(name: str, ending: str, program: str, line: str) -> dict[str, dict[str, object]]:
    """A write told by the share's audit and by Sysmon, and a run."""
    return {
        "access": {
            **SECURITY,
            "EventID": 5145,
            "RecordNumber": 10,
            "EventTime": "2023-11-14 22:13:20",
            "SubjectUserName": "otto",
            "SubjectDomainName": "WERK",
            "SubjectLogonId": "0x5a1b2c",
            "IpAddress": "10.9.0.5",
            "IpPort": "50123",
            "ShareName": "\\\\*\\C$",
            "ShareLocalPath": "\\??\\C:\\",
            "RelativeTargetName": f"Temp\\{name}{ending}",
            "AccessMask": "0x120196",
        },
        "created": {
            **HEAD,
            "EventID": 11,
            "RecordNumber": 11,
            "UtcTime": "2023-11-14 22:13:20.300",
            "Image": "System",
            "ProcessId": 4,
            "TargetFilename": f"C:\\Temp\\{name}{ending}",
        },
        "run": {
            **HEAD,
            "EventID": 1,
            "RecordNumber": 12,
            "UtcTime": "2023-11-14 22:13:30.500",
            "Image": program,
            "CommandLine": line,
            "ParentImage": "C:\\Windows\\System32\\services.exe",
            "User": "NT AUTHORITY\\SYSTEM",
        },
        "load": {
            **HEAD,
            "EventID": 7,
            "RecordNumber": 13,
            "UtcTime": "2023-11-14 22:13:31.500",
            "Image": program,
            "ImageLoaded": f"C:\\Temp\\{name}{ending}",
        },
    }


def find(folder: Path, logs: dict[str, bytes]) -> list[tuple[str, str | None, int]]:
    folder.mkdir(exist_ok=True)
    for log, content in logs.items():
        (folder / f"{log}.json").write_bytes(content)
    found: list[Finding] = hunt(HuntOptions(paths=(str(folder),), ephemeral=True), own_settings(), Silent()).findings
    return sorted((one.patterns[0], one.source.address if one.source else None, len(one.evidence)) for one in found)


WAYS: Final = {
    "image": (".exe", "C:\\Temp\\{}.exe", "C:\\Temp\\{}.exe -q"),
    "command line": (".ps1", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe", "powershell.exe -File C:\\Temp\\{}.ps1"),
    "module": (".dll", "C:\\Windows\\System32\\rundll32.exe", "rundll32.exe C:\\Temp\\{}.dll,Start"),
}


@pytest.mark.parametrize("apart", ["access", "created", "run", "load"])
@pytest.mark.parametrize("way", WAYS)
def test_letters_and_their_marks_may_be_one_character_or_two(tmp_path: Path, way: str, apart: str) -> None:
    ending, program, line = WAYS[way]
    whole = records(NAME, ending, program.format(NAME), line.format(NAME))
    two = unicodedata.normalize("NFD", NAME)
    parted = records(two, ending, program.format(two), line.format(two))
    expected = find(tmp_path / "a", {log: orjson.dumps(row) for log, row in whole.items()})
    assert expected
    assert find(tmp_path / "b", {log: orjson.dumps((parted if log == apart else whole)[log]) for log in whole}) == expected


@pytest.mark.parametrize("encoding", ["cp850", "cp1252", "utf-16", "utf-16-be"])
def test_a_log_in_another_encoding_is_of_the_same_file(tmp_path: Path, encoding: str) -> None:
    ending, program, line = WAYS["image"]
    texts = {log: orjson.dumps(row).decode() for log, row in records(NAME, ending, program.format(NAME), line.format(NAME)).items()}
    expected = find(tmp_path / "a", {log: text.encode() for log, text in texts.items()})
    assert expected
    assert find(tmp_path / "b", {log: text.encode(encoding if log == "run" else "utf-8") for log, text in texts.items()}) == expected
