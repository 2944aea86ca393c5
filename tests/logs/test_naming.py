"""A row of a Zeek text log gets back the names that its header gave it."""

from __future__ import annotations

from graphcorr.logs.naming import name_row
from tests.logs.records import columns, make

FIELDS: dict[str, object] = {
    "uid": "C1", "id.orig_h": "10.0.0.5", "id.orig_p": "445", "id.resp_h": "10.0.0.9", "id.resp_p": "445", "action": "SMB::FILE_WRITE",
    "path": "\\\\10.0.0.9\\ADMIN$", "name": "Temp\\tool.exe", "size": "0",
}  # fmt: skip


def event(log: str, fields: dict[str, object]) -> dict[str, object]:
    return columns(make(log, fields, created="1600637963.975000"))


def test_columns_by_name_and_the_rest_without() -> None:
    raw = "\t".join(["1600637963.975000", *map(str, FIELDS.values()), "-", "1600637963.000000"])
    assert name_row(raw, event("zeek-smb-files", FIELDS)) == ["ts", *FIELDS, None, None]


def test_only_rows_of_tabs_need_names() -> None:
    row = event("zeek-smb-files", FIELDS)
    assert name_row('{"uid":"C1",\t"x":1}', row) == []
    assert name_row("C1", row) == []
    assert name_row("a\tb", event("sysmon-1", {"Image": "a"})) == []
