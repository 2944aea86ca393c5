"""Tables of files that are run from another machine's share, with a few rows and no hunt."""

from __future__ import annotations

from typing import Any

import pytest

from tests.links.trying import at, tried


def start(image: str, line: str = "x", **more: object) -> dict[str, Any]:
    return {"id": "p", "host": "ws", "image": image, "command_line": line, **at(5), **more}


@pytest.mark.parametrize(
    ("image", "line", "key"),
    [
        (r"\\10.0.0.9\TOOLS\a.exe", "a.exe", r"d:\work\a.exe"),
        (r"C:\Windows\System32\cmd.exe", r"cmd /c \\10.0.0.9\tools\sub\a.bat /q", r"d:\work\sub\a.bat"),
        (r"C:\Windows\System32\cmd.exe", r'cmd /c "\\10.0.0.9\tools\my folder\a.bat"', r"d:\work\my folder\a.bat"),
        (r"C:\Windows\System32\cmd.exe", r"cmd /c type \\10.0.0.9\tools\a.txt", None),
        (r"C:\Windows\System32\xcopy.exe", r"xcopy \\10.0.0.9\tools\a.bat C:\x", None),
        (r"\\ws\tools\a.exe", "a.exe", None),
        (r"C:\a.exe", r"a.exe \\?\C:\b.exe", None),
    ],
)
def test_share_runs(image: str, line: str, key: str | None) -> None:
    found = tried("share_runs", ProcessStart=[start(image, line)])
    assert [row["key"] for row in found] == ([key] if key else [])


def test_share_runs_of_a_share_whose_folder_nobody_tells() -> None:
    (one,) = tried("share_runs", ProcessStart=[start(r"\\corp\sysvol\a.exe")])
    assert (one["server"], one["relative"], one["key"], one["of_domain"]) == ("corp", "a.exe", None, True)


@pytest.mark.parametrize(
    ("more", "linked"),
    [
        ({}, True),
        ({"server": "corp", "of_domain": True, "key": None}, True),
        ({"server": "corp", "of_domain": False, "key": None}, False),
        ({"server": "dc2.corp"}, False),
        ({"relative": "b.exe", "key": None}, False),
        ({"host": "dc1.corp"}, False),
        ({"key": r"c:\other\a.exe"}, False),
        (at(0.5), False),
        (at(9.5), False),
    ],
)
def test_share_links(more: dict[str, Any], linked: bool) -> None:
    run = {"event": "p", "host": "ws1.corp", "server": "dc1.corp", "relative": "a.exe", "key": r"c:\scripts\a.exe", "of_domain": True}
    run |= {name: moment for name, moment in at(5).items() if name != "time"} | {
        name: value for name, value in more.items() if name != "time"
    }
    version = {"id": "v", "host": "dc1.corp", "key": r"c:\scripts\a.exe", **at(1), "ended_latest": at(9)["time"]}
    version.pop("time")
    found = tried("share_links", share_runs=[run], versions=[version])
    assert [(row["event"], row["version"]) for row in found] == ([("p", "v")] if linked else [])
