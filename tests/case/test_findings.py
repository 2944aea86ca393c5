"""``findings.sqlite`` holds of a report what lists ask for: whole findings, what they are filtered and sorted by, and their records."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphcorr.case.findings import find_findings, read_unfinished
from graphcorr.errors import CaseError
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.simulate.demo import write_demo
from tests.case.logs import Quiet, generation
from tests.settings import own_settings


def test_it_holds_what_the_report_says(tmp_path: Path) -> None:
    write_demo(tmp_path / "logs")
    case = tmp_path / "case"
    report = hunt(HuntOptions(paths=(str(tmp_path / "logs"),), case=case), own_settings(), Quiet())
    path = generation(case).findings
    assert [stored.finding for stored in find_findings(path, "")] == report.findings
    assert [stored.finding for stored in find_findings(path, report.findings[1].id[:8])] == [report.findings[1]]
    assert find_findings(path, "zz") == []
    assert read_unfinished(path) == []
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT id, time, level, movement, source_host, target_host, account, file FROM findings ORDER BY number")
        assert rows.fetchall() == [
            (
                *(one.id, one.time, one.level.rank, one.movement.value, one.source.host if one.source else None),
                *(one.target.host, one.account, one.file),
            )
            for one in report.findings
        ]
        labels = set(database.execute("SELECT kind, label, finding FROM labels").fetchall())
    assert labels == {
        (kind, label, number)
        for number, one in enumerate(report.findings)
        for kind, named in (("pattern", one.patterns), ("technique", one.techniques), ("software", one.software))
        for label in named
    }
    for stored in find_findings(path, ""):
        assert len(stored.places) == len(stored.finding.evidence)
        for place, evidence in zip(stored.places, stored.finding.evidence, strict=True):
            row = pq.read_table(case / "events" / place.segment, columns=["record", "original_time"]).slice(place.row, 1).to_pylist()
            assert row == [{"record": evidence.record, "original_time": evidence.original_time}]


def test_a_damaged_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "findings.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(CaseError, match=r"findings\.sqlite cannot be read: file is not a database$"):
        find_findings(tmp_path / "findings.sqlite", "")
