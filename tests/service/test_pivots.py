"""Hashes and services are asked of all events: by pages, by a part, and where each occurs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graphcorr.case.folder import Folder
from graphcorr.case.generations import find
from graphcorr.case.writer import open_writer
from graphcorr.errors import CaseError, NotFoundError, StoreError, UsageError
from graphcorr.model.progress import Silent
from graphcorr.service.detecting import detect
from graphcorr.service.pivots import PivotsAsked, list_pivots, show_pivot
from graphcorr.settings import Settings
from tests.findings.logs import OTHER, TARGET, TOOL, Logs, store_in
from tests.resolve.test_clocks import anchor, local

MD5, SHA256 = "AB" * 16, "CD" * 32
HASHES = f"MD5={MD5},SHA256={SHA256},IMPHASH={'0' * 32}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    state = tmp_path_factory.mktemp("pivots")
    logs = Logs()
    for time, host, hashes in (("10:00:00", TARGET, HASHES), ("10:05:00", OTHER, HASHES), ("10:07:00", OTHER, f"MD5={'12' * 16}")):
        logs.add("sysmon-1", time, {"Image": TOOL, "CommandLine": TOOL, "ProcessId": "7", "Hashes": hashes}, computer=host)
    logs.service("10:01:00", r"C:\Windows\Temp\svc.exe")
    logs.service("11:01:00", r"C:\Windows\Temp\svc.exe", host=OTHER)
    with open_writer(state / "cases" / "pivots", create=True) as case:
        store_in(case, logs.records)
    detect(state / "cases" / "pivots", Settings(state=state), Silent())
    return state / "cases" / "pivots"


def test_hashes_are_counted_and_those_of_nothing_are_none(folder: Path) -> None:
    page = list_pivots(folder, "hashes", PivotsAsked(), 30)
    assert [(each.id, each.kind, each.count, each.hosts) for each in page.items] == [
        ("12" * 16, "md5", 1, 1),
        (MD5.lower(), "md5", 2, 2),
        (SHA256.lower(), "sha256", 2, 2),
    ]
    assert (page.items[1].first, page.items[1].last) == ("2026-01-05T10:00:00.000000Z", "2026-01-05T10:05:00.000000Z")


def test_pages_and_parts(folder: Path) -> None:
    ids: list[str] = []
    cursor: str | None = None
    while True:
        page = list_pivots(folder, "hashes", PivotsAsked(limit=1, cursor=cursor), 30)
        assert page.total == 3
        ids += [each.id for each in page.items]
        if (cursor := page.next) is None:
            break
    assert ids == ["12" * 16, MD5.lower(), SHA256.lower()]
    with pytest.raises(UsageError, match="another list"):
        list_pivots(folder, "services", PivotsAsked(cursor=list_pivots(folder, "hashes", PivotsAsked(limit=1), 30).next), 30)
    assert list_pivots(folder, "hashes", PivotsAsked(q="ABAB"), 30).total == 1
    assert list_pivots(folder, "hashes", PivotsAsked(q="tool.EXE"), 30).total == 3
    assert list_pivots(folder, "hashes", PivotsAsked(q="%"), 30).total == 0


def test_where_one_occurs(folder: Path) -> None:
    shown = show_pivot(folder, "hashes", MD5, 30)
    assert [(each.host, each.file, each.count) for each in shown.places] == [(TARGET, TOOL, 1), (OTHER, TOOL, 1)]
    assert (shown.pivot.count, shown.truncated) == (2, False)
    [service] = list_pivots(folder, "services", PivotsAsked(), 30).items
    assert (service.kind, service.count, service.hosts) == ("service", 2, 2)
    assert [each.host for each in show_pivot(folder, "services", service.id, 30).places] == [TARGET, OTHER]
    for kind in ("hashes", "services"):
        with pytest.raises(NotFoundError, match="no event has"):
            show_pivot(folder, kind, "none", 30)


def test_times_of_a_log_in_local_time_are_put_right(tmp_path: Path) -> None:
    logs = Logs()
    for minute in range(3):
        anchor(logs, f"09:0{minute}:00", -4)
    made = {"ServiceName": "svc", "ImagePath": r"C:\Windows\Temp\svc.exe", "StartType": "demand start"}
    logs.add("system-7045", None, made, computer=TARGET, event_time=local("10:01:00", -4))
    folder = tmp_path / "cases" / "pivots"
    with open_writer(folder, create=True) as case:
        store_in(case, logs.records)
    report = detect(folder, Settings(state=tmp_path), Silent())
    assert [(each.source, each.from_[11:16], each.to[11:16]) for each in report.clocks] == [("EventTime", "09:00", "10:01")]
    page = list_pivots(folder, "services", PivotsAsked(), 30)
    [service] = page.items
    assert (service.first, service.last) == ("2026-01-05T10:01:00.000000Z",) * 2
    [place] = show_pivot(folder, "services", service.id, 30).places
    assert place.first == service.first
    with closing(sqlite3.connect(find(Folder(folder), page.generation).findings)) as database:
        database.execute("DROP TABLE clocks")
    with pytest.raises(CaseError, match="run a detection in the case once"):
        list_pivots(folder, "services", PivotsAsked(), 30)


def test_a_question_ends(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from graphcorr.service import pivots

    monkeypatch.setitem(
        pivots.PIVOTS,
        "hashes",
        "SELECT a.i::VARCHAR AS id, 'x' AS kind, NULL AS host, NULL AS file, now()::TIMESTAMP AS time"
        " FROM range(10000000) a(i), range(10000000) b(i)",
    )
    with pytest.raises(StoreError, match="no answer in time"):
        list_pivots(folder, "hashes", PivotsAsked(), 0.5)
