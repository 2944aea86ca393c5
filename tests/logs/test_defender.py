"""Defender's records by hand: names with blanks in every spelling, and what of a list of resources is a file."""

from __future__ import annotations

import pytest

from tests.logs.records import read_own

FOUND = {
    "Threat Name": "HackTool:Win32/Example",
    "Severity Name": "High",
    "Category Name": "Tool",
    "Path": r"containerfile:_C:\a.zip; file:_C:\a.zip->x.exe; process:_pid:2444,ProcessStart:1",
    "Process Name": r"C:\Windows\explorer.exe",
    "Detection User": r"CORP\alice",
    "Action Name": "Quarantine",
}
TOLD = {
    "alert": "HackTool:Win32/Example",
    "severity": "High",
    "category": "Tool",
    "path": r"C:\a.zip",
    "message": FOUND["Path"],
    "image": r"C:\Windows\explorer.exe",
    "user": "alice",
    "user_domain": "CORP",
    "action": "Quarantine",
}


@pytest.mark.parametrize("log", ["defender-1116", "defender-1117"])
@pytest.mark.parametrize("blank", [" ", "_", ""])
def test_what_was_found_and_done(log: str, blank: str) -> None:
    assert read_own(log, {name.replace(" ", blank): value for name, value in FOUND.items()}) == TOLD


@pytest.mark.parametrize(
    ("path", "file"),
    [
        (r"file:_C:\Users\bob\x y.exe", r"C:\Users\bob\x y.exe"),
        (r"webfile:_C:\d.exe|http://a.example/d.exe|pid:7,ProcessStart:1", r"C:\d.exe"),
        (r"process:_pid:7,ProcessStart:1; file:_\\fs\share\x.exe", r"\\fs\share\x.exe"),
        (r"CmdLine:_C:\Windows\System32\cmd.exe /c x", None),
        ("amsi:_powershell.exe", None),
        ("-", None),
    ],
)
def test_which_resource_is_a_file(path: str, file: str | None) -> None:
    assert read_own("defender-1116", {"Threat Name": "x", "Path": path}).get("path") == file


@pytest.mark.parametrize("unknown", ["Unknown", "Unbekannt", "-", ""])
def test_a_program_that_is_not_known_is_none(unknown: str) -> None:
    assert "image" not in read_own("defender-1117", {"Threat Name": "x", "Process Name": unknown, "Detection User": "-"})
