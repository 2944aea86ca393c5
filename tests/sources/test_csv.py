"""Tables: what a spreadsheet or a console makes of a log is read row by row, and a row that cannot be costs itself alone."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import orjson
import pytest

from graphcorr.sources import tables
from graphcorr.sources.csv import FORMAT
from graphcorr.sources.ndjson import FORMAT as NDJSON
from graphcorr.sources.tables import find_header
from tests.sources.reads import Pass, read_bytes

PROVIDER, CHANNEL = "Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational"
EVTXECMD = (
    *("RecordNumber", "EventRecordId", "TimeCreated", "EventId", "Level", "Provider", "Channel", "ProcessId", "ThreadId", "Computer"),
    *("ChunkNumber", "UserId", "MapDescription", "UserName", "RemoteHost", "PayloadData1", "PayloadData2", "PayloadData3"),
    *("PayloadData4", "PayloadData5", "PayloadData6", "ExecutableInfo", "HiddenRecord", "SourceFile", "Keywords", "ExtraDataOffset"),
    "Payload",
)


def payload(**fields: str) -> str:
    return orjson.dumps({"EventData": {"Data": [{"@Name": name, "#text": value} for name, value in fields.items()]}}).decode()


def evtxecmd(number: int, event_id: int = 1, **fields: str) -> dict[str, str]:
    return {
        "RecordNumber": str(number),
        "EventRecordId": str(number),
        "TimeCreated": "2026-03-02 09:14:03.1234567",
        "EventId": str(event_id),
        "Level": "Info",
        "Provider": PROVIDER,
        "Channel": CHANNEL,
        "ProcessId": "2204",
        "Computer": "pump.werk.example",
        "MapDescription": "Process creation",
        "HiddenRecord": "False",
        "SourceFile": "C:\\t\\Sysmon.evtx",
        "Keywords": "Classic",
        "Payload": payload(UtcTime="2026-03-02 09:14:03.120", **(fields or {"Image": "C:\\x.exe"})),
    }


def table(rows: list[dict[str, str]], columns: tuple[str, ...] = EVTXECMD, separator: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def images(result: Pass) -> list[object]:
    return [record.fields.get("Image") for record in result.records]


def test_a_row_of_evtxecmd_is_the_record_of_its_event(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, table([evtxecmd(7), evtxecmd(8, 4), evtxecmd(9, 11, TargetFilename='C:\\a,"b".txt')]))
    assert (result.format, result.status, result.count, result.skips) == ("csv", "read", 3, [])
    first, second = result.records
    assert (first.log, first.number, first.computer, first.channel, first.record_id) == ("sysmon-1", 2, "pump.werk.example", CHANNEL, 7)
    assert (first.created, first.fields["Image"]) == ("2026-03-02 09:14:03.1234567", "C:\\x.exe")
    assert (second.log, second.number, second.fields["TargetFilename"]) == ("sysmon-11", 4, 'C:\\a,"b".txt')
    assert orjson.loads(first.raw)["EventRecordId"] == "7"
    assert "UserName" not in orjson.loads(first.raw)  # a cell without content is absent


def quoted(content: bytes) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(csv.reader(io.StringIO(content.decode())))
    return text.getvalue().encode()


SPELLINGS = {
    "semicolons": table([evtxecmd(7)], separator=";"),
    "tabs": table([evtxecmd(7)], separator="\t"),
    "what Excel is told": b"sep=;\r\n" + table([evtxecmd(7)], separator=";"),
    "a byte order mark": b"\xef\xbb\xbf" + table([evtxecmd(7)]),
    "UTF-16": table([evtxecmd(7)]).decode().encode("utf-16"),
    "lines of Unix": table([evtxecmd(7)]).replace(b"\r\n", b"\n"),
    "blank lines": b"\n" + table([evtxecmd(7)]).replace(b"\r\n", b"\r\n\r\n"),
    "no end of the last line": table([evtxecmd(7)]).rstrip(),
    "a class before the names": b"#TYPE Selected.Events\r\n" + table([evtxecmd(7)]),
    "a separator behind each row": table([evtxecmd(7)]).replace(b"\r\n", b",\r\n"),
    "all quoted": quoted(table([evtxecmd(7)])),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_table_in_every_spelling(tmp_path: Path, spelling: str) -> None:
    result = read_bytes(tmp_path, SPELLINGS[spelling])
    assert (result.format, result.skips, images(result)) == ("csv", [], ["C:\\x.exe"])
    (plain,) = read_bytes(tmp_path, table([evtxecmd(7)])).records
    assert result.records[0].raw == plain.raw


def test_cells_hold_lines_and_separators(tmp_path: Path) -> None:
    line = 'C:\\x.exe a\nb;c,"d"\r\n{}'
    result = read_bytes(tmp_path, table([evtxecmd(7), {**evtxecmd(8, CommandLine=line), "MapDescription": 'two\nlines\n{"a": 1}'}]))
    assert (result.skips, [record.number for record in result.records]) == ([], [2, 3])
    assert result.records[1].fields["CommandLine"] == line


def test_a_cell_that_holds_an_object_is_no_line_of_json() -> None:
    head = table([{**evtxecmd(7), "MapDescription": 'x\n{"EventID": 1}\nx'}])
    assert (FORMAT.recognizes(head), NDJSON.recognizes(head)) == (True, False)


def test_rows_of_another_width_are_told(tmp_path: Path) -> None:
    rows = table([evtxecmd(number) for number in (7, 8, 9)]).splitlines(keepends=True)
    rows[2] = rows[2].replace(b",Info,", b",")
    result = read_bytes(tmp_path, b"".join(rows))
    assert result.skips == [(3, "the row has 26 cells, and there are 27 columns")]
    assert [record.record_id for record in result.records] == [7, 9]
    assert result.reason == "1 of 3 records skipped"


@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_stray_quotation_mark_costs_its_own_row(tmp_path: Path, place: int) -> None:
    rows = table([evtxecmd(number) for number in range(5)]).splitlines(keepends=True)
    rows[1 + place] = rows[1 + place].replace(b",Info,", b',"Info,')
    result = read_bytes(tmp_path, b"".join(rows))
    assert [number for number, _ in result.skips] == [2 + place]
    assert [record.record_id for record in result.records] == [number for number in range(5) if number != place]
    assert [record.number for record in result.records] == [2 + number for number in range(5) if number != place]


@pytest.mark.parametrize("wide", ["utf-16-le", "utf-16-be"])
def test_a_first_row_in_other_bytes_costs_itself(tmp_path: Path, wide: str) -> None:
    """The names say what bytes the table is in, and not the row behind them."""
    rows = table([evtxecmd(number) for number in range(3)]).splitlines(keepends=True)
    rows[1] = rows[1].rstrip(b"\r\n").decode().encode(wide) + b"\r\n"
    result = read_bytes(tmp_path, b"".join(rows))
    assert ([number for number, _ in result.skips], [record.record_id for record in result.records]) == ([2], [1, 2])


def test_an_open_quotation_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphcorr.sources.csv.ROW_LIMIT", 2000)
    plain = [{"EventID": "1", "SourceName": PROVIDER, "Computer": "a.example", "Image": f"C:\\{number}.exe"} for number in range(100)]
    rows = table(plain, ("EventID", "SourceName", "Computer", "Image")).splitlines(keepends=True)
    rows[1] = rows[1].replace(b"C:", b'"C:')
    result = read_bytes(tmp_path, b"".join(rows))
    assert [number for number, _ in result.skips] == [2]
    assert len(result.records) == 99


def test_a_huge_cell_is_one_skip(tmp_path: Path) -> None:
    huge = evtxecmd(8, Image="x" * tables.ROW_LIMIT)
    result = read_bytes(tmp_path, table([evtxecmd(7), huge, evtxecmd(9)]))
    assert [number for number, _ in result.skips] == [3]
    assert [record.record_id for record in result.records] == [7, 9]


def test_a_cell_beyond_what_the_library_takes_by_itself(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, table([evtxecmd(7, Image="C:\\" + "x" * 300_000)]))
    assert (result.skips, len(result.records)) == ([], 1)


@pytest.mark.parametrize("cut", [30, 200])
def test_a_table_that_is_cut_off_says_so(tmp_path: Path, cut: int) -> None:
    result = read_bytes(tmp_path, table([evtxecmd(7), evtxecmd(8)])[:-cut])
    assert [number for number, _ in result.skips] == [3]
    assert [record.record_id for record in result.records] == [7]


def test_bytes_of_no_encoding_cost_their_row(tmp_path: Path) -> None:
    content = table([evtxecmd(7), evtxecmd(8, Image="C:\\mark.exe"), evtxecmd(9)]).replace(b"mark", b"m\xffrk")
    result = read_bytes(tmp_path, content)
    assert result.skips == [(3, "the row holds bytes that are not UTF-8")]
    assert [record.record_id for record in result.records] == [7, 9]


def test_a_payload_that_is_damaged_is_told(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, table([{**evtxecmd(7), "Payload": '{"EventData":'}]))
    assert [number for number, _ in result.skips] == [2]


def test_a_table_without_rows_is_read(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, table([]))
    assert (result.format, result.status, result.count) == ("csv", "read", 0)


SECURITY = "Microsoft-Windows-Security-Auditing"
SENTINEL = {
    "TenantId": "0d3f",
    "TimeGenerated [UTC]": "3/2/2026, 9:14:03.123 AM",
    "SourceSystem": "OpsManager",
    "Account": "WERK\\otto",
    "AccountType": "User",
    "Computer": "pump.werk.example",
    "EventSourceName": SECURITY,
    "Channel": "Security",
    "Task": "12544",
    "Level": "8",
    "EventID": "4624",
    "Activity": "4624 - An account was successfully logged on.",
    "EventRecordId": "77",
    "Keywords": "0x8020000000000000",
    "IpAddress": "10.9.0.5",
    "LogonType": "3",
    "TargetUserName": "otto",
    "TargetLogonId": "0x5a1b2c",
    "Type": "SecurityEvent",
}


@pytest.mark.parametrize("time", ["TimeGenerated [UTC]", "TimeGenerated"])
def test_a_row_of_sentinels_security_events(tmp_path: Path, time: str) -> None:
    row = {(time if name.startswith("Time") else name): value for name, value in SENTINEL.items()}
    result = read_bytes(tmp_path, table([row], (*row, "EventData", "LogonProcessName")))
    (record,) = result.records
    assert (result.skips, record.log, record.computer, record.channel) == ([], "security-4624", "pump.werk.example", "Security")
    assert (record.record_id, record.created, record.outcome) == (77, "3/2/2026, 9:14:03.123 AM", "success")
    assert (record.fields["IpAddress"], record.fields["TargetLogonId"]) == ("10.9.0.5", "0x5a1b2c")


def test_two_stray_quotation_marks_cost_their_own_row(tmp_path: Path) -> None:
    """What stands between them has as many cells as one row, and is three."""
    made = [{**SENTINEL, "TimeGenerated [UTC]": "2026-03-02T09:14:03.123Z", "EventRecordId": str(number)} for number in range(5)]
    rows = table(made, tuple(SENTINEL)).splitlines(keepends=True)
    assert b'"' not in b"".join(rows)
    rows[2] = rows[2].replace(b",otto,", b',"otto,')
    rows[4] = rows[4].replace(b",otto,", b',otto",')
    result = read_bytes(tmp_path, b"".join(rows))
    assert result.skips == [(3, "a quotation mark that stands alone joins it with the rows behind it")]
    assert [record.record_id for record in result.records] == [0, 2, 3, 4]


def test_a_row_of_sentinels_events_with_data_in_xml(tmp_path: Path) -> None:
    data = '<DataItem type="System.XmlData"><EventData xmlns="http://x"><Data Name="Image">C:\\x.exe</Data></EventData></DataItem>'
    row = {
        "TimeGenerated [UTC]": "2026-03-02T09:14:03.123Z",
        "Source": PROVIDER,
        "EventLog": CHANNEL,
        "Computer": "pump.werk.example",
        "EventLevelName": "Information",
        "EventID": "1",
        "EventData": data,
    }
    (record,) = read_bytes(tmp_path, table([row], tuple(row))).records
    assert (record.log, record.channel, record.fields["Image"]) == ("sysmon-1", CHANNEL, "C:\\x.exe")


NO_TABLES = [
    b"Dear Sir, we saw, alas, nothing\nand went home\n",
    b"a,b\n1,2\n",
    b"1,2,3\n4,5,6\n",
    b"one, two, three\nis what a child counts\nbefore it sleeps\n",
    b'{"a": 1, "b": 2, "c": 3}\n',
    b"#fields\ta\tb\tc\n",
    b"",
]


@pytest.mark.parametrize("head", NO_TABLES)
def test_what_is_no_table(head: bytes) -> None:
    assert find_header(head) is None


def test_names_of_columns() -> None:
    header = find_header(b'\xef\xbb\xbf"TimeGenerated [UTC]";Computer;Computer;EventID;\n')
    assert header == (";", ("TimeGenerated", "Computer", "", "EventID"), 1)
