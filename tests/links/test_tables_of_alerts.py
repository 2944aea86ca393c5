"""What is an alert, with a few rows and no hunt."""

from __future__ import annotations

from tests.links.trying import T, at, tried


def test_alerts() -> None:
    row = {"id": "a", **T, "log": "x", "name": "n", "path": r"C:\T\A.exe", **at(1)}
    assert [(one["id"], one["path"]) for one in tried("alerts", Alert=[row, row | {"id": "b", "name": None}])] == [("a", r"c:\t\a.exe")]
