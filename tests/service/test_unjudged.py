"""What of the input nobody judged is told by file, whatever stands beside it; files that are no logs are not among it."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service.detecting import detect
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.simulate.demo import write_demo
from tests.settings import own_settings

EVENT = {"EventID": 5, "SourceName": "Microsoft-Windows-Sysmon", "Hostname": "ws.field.example", "UtcTime": "2026-04-01 08:00:00.000"}
LINES = "".join(json.dumps(EVENT | {"ProcessId": number, "Image": "C:\\x.exe", "EventRecordID": number}) + "\n" for number in range(1, 400))


def report_of(folder: Path, case: Path | None = None) -> Report:
    return hunt(HuntOptions(paths=(str(folder),), case=case, ephemeral=case is None), own_settings(), Silent())


def cut_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(LINES.encode())[:-400])


def encrypted(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", LINES)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)


def nested(path: Path) -> None:
    inner = path.with_suffix(".inner")
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.json", LINES)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "inner.zip")
    inner.unlink()


def of_skips_alone(path: Path) -> None:
    path.write_text('{"event_type":"smb","timestamp":"2026-04-01T08:00:00.000000+0000","flow_id":1,"src_ip":"10.0.0.1","smb":{}}\n' * 3)


UNJUDGED: dict[str, Callable[[Path], object]] = {
    "cut.json.gz": cut_gzip,
    "encrypted.zip": encrypted,
    "nested.zip": nested,
    "old.evt": lambda path: path.write_bytes(b"\x30\0\0\0LfLe" + b"\0" * 40),
    "packed.7z": lambda path: path.write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 40),
    "trace.etl": lambda path: path.write_bytes(b"\1\2\3\4" * 40),
    "syslog": lambda path: path.write_text("<134>1 2026-04-01T08:00:00Z host app - - - text\n"),
    "eve.json": of_skips_alone,
}
NO_LOGS: dict[str, Callable[[Path], object]] = {
    "graphcorr.toml": lambda path: path.write_text("store = 'x'\n"),
    "notes.txt": lambda path: path.write_text("what we did\n"),
    "picture.png": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"),
    "empty.json": lambda path: path.write_text(""),
    "table.csv": lambda path: path.write_text("a,b,c\n1,2,3\n"),
    "one-bad-record.json": lambda path: path.write_text(LINES + "{no json\n"),
}


@pytest.mark.parametrize("name", [*UNJUDGED, *NO_LOGS])
def test_each_file_by_itself(tmp_path: Path, name: str) -> None:
    (tmp_path / "good.json").write_text(LINES)
    (UNJUDGED | NO_LOGS)[name](tmp_path / name)
    files = {Path(each.path).name: each for each in report_of(tmp_path).inputs.files}
    assert {each.judged for each in files.values() if Path(each.path).name == "good.json"} == {True}
    assert (files[name].judged, files[name].status == "read") == (name in NO_LOGS, False)


def test_a_file_that_may_not_be_opened(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "good.json").write_text(LINES)
    (tmp_path / "logs" / "link.json").symlink_to(tmp_path / "nowhere.json")
    assert [(Path(each.path).name, each.judged) for each in report_of(tmp_path / "logs").inputs.files] == [
        ("good.json", True),
        ("link.json", False),
    ]


def test_a_state_of_an_earlier_version_is_read_and_brought_up(tmp_path: Path) -> None:
    logs, case = tmp_path / "logs", tmp_path / "case"
    write_demo(logs)
    before = report_of(logs, case)
    with sqlite3.connect(case / "state.sqlite") as state:
        state.execute("ALTER TABLE inputs DROP COLUMN short")
    state.close()
    assert all(each.judged for each in before.inputs.files)
    assert detect(case, own_settings(), Silent()) == before
