"""What a record says in one line: every log type's text asks for columns that there are, and says what it always said."""

from __future__ import annotations

from typing import Any, Final

import pytest

from graphcorr.logs.catalog import log_types
from graphcorr.logs.columns import EVENT_COLUMNS
from graphcorr.logs.sayings import Saying

NOTHING: Final[dict[str, Any]] = dict.fromkeys(EVENT_COLUMNS)
FULL: Final[dict[str, Any]] = NOTHING | {
    "access_mask": 0x120196,
    "share": r"\\*\C$",
    "relative_path": r"a\b.exe",
    "source_address": "10.0.0.5",
    "target_address": "10.0.0.9",
    "user": "alice",
    "user_domain": "CORP",
    "target_user": "bob",
    "image": r"C:\x.exe",
    "command_line": "x.exe -a",
    "path": r"C:\y.exe",
    "parent_image": r"C:\z.exe",
    "service": "svc",
    "action": "SMB::FILE_OPEN",
}


def said(log: str, row: dict[str, Any]) -> str:
    return log_types()[log].says.say(row)


@pytest.mark.parametrize("name", log_types())
def test_a_saying_asks_for_columns_that_there_are(name: str) -> None:
    saying = log_types()[name].says
    assert saying.columns
    assert saying.columns <= set(EVENT_COLUMNS)


@pytest.mark.parametrize(
    ("log", "text"),
    [
        ("security-5145", r"access 0x120196 to \\*\C$ a\b.exe from 10.0.0.5 by CORP\alice"),
        ("security-5140", r"share \\*\C$ opened from 10.0.0.5 by CORP\alice"),
        ("security-4624", "network logon of bob from 10.0.0.5"),
        ("sysmon-11", r"C:\x.exe created C:\y.exe"),
        ("sysmon-1", r"process started: x.exe -a, parent C:\z.exe"),
        ("security-4688", r"process started: x.exe -a, parent C:\z.exe"),
        ("sysmon-7", r"C:\x.exe loaded C:\y.exe"),
        ("sysmon-3", r"connection 10.0.0.5 → 10.0.0.9 of C:\x.exe"),
        ("zeek-conn", "connection 10.0.0.5 → 10.0.0.9 (svc): SMB::FILE_OPEN"),
        ("sysmon-23", r"C:\x.exe deleted C:\y.exe"),
        ("sysmon-26", r"C:\x.exe deleted C:\y.exe"),
        ("sysmon-27", r"writing C:\y.exe was blocked"),
        ("system-7045", r"service svc installed: C:\y.exe"),
        ("security-4697", r"service svc installed: C:\y.exe by CORP\alice"),
        ("zeek-smb-files", r"SMB::FILE_OPEN \\*\C$ a\b.exe from 10.0.0.5 to 10.0.0.9"),
    ],
)
def test_what_each_log_says(log: str, text: str) -> None:
    assert said(log, FULL) == text


def test_what_is_missing_is_left_out_or_none() -> None:
    assert said("security-5145", NOTHING) == "access 0x0 to None None"
    assert said("sysmon-11", NOTHING) == "System created None"
    assert said("sysmon-1", NOTHING | {"image": r"C:\x.exe"}) == r"process started: C:\x.exe"
    assert said("zeek-smb-files", NOTHING | {"action": "A", "relative_path": "b"}) == "A  b to None"
    assert said("security-5140", NOTHING | {"share": "S", "user": "alice"}) == "share S opened by alice"
    assert said("security-5140", NOTHING | {"share": "S", "user_domain": "CORP", "user": ""}) == r"share S opened by CORP"


@pytest.mark.parametrize("text", ["to {path", "to ]", "[by {user}", "a } b", "[a [b] c]"])
def test_a_text_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read at character"):
        Saying(text)
