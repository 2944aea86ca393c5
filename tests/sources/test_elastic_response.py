"""Answers to Elasticsearch searches: each hit is a record, what stands around them is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from graphcorr.sources import json_array
from tests.sources.reads import flat, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [json.loads(flat(number, CommandLine='a {"_index": 1} ]}')) for number in (1, 3, 11)]


def answer(rows: list[dict[str, object]]) -> dict[str, object]:
    hits = [{"_index": "winlogbeat-8", "_id": "x", "_score": None, "_source": row, "sort": [1]} for row in rows]
    return {"took": 5, "timed_out": False, "_shards": {"total": 1}, "hits": {"total": {"value": 3}, "max_score": None, "hits": hits}}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(answer(ROWS)),
        json.dumps({**answer(ROWS), "aggregations": {"hosts": {"buckets": []}}}, indent=2),
        json.dumps({"_scroll_id": "x==", **answer(ROWS[:1])}) + "\n" + json.dumps({"_scroll_id": "y", **answer(ROWS[1:])}),
    ],
    ids=["one line", "pretty", "pages"],
)
@pytest.mark.parametrize("size", [3, 100, 1 << 18])
def test_hits_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, size: int) -> None:
    monkeypatch.setattr(json_array, "CHUNK_SIZE", size)
    result = read_bytes(tmp_path, text.encode())
    assert (result.format, result.status, result.count, result.numbers) == ("elastic_response", "read", 3, [1, 3])
    assert [record.fields for record in result.records] == [ROWS[0], ROWS[2]]


def test_nothing_found(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, json.dumps(answer([])).encode())
    assert (result.count, result.skips) == (0, [])


def test_a_broken_hit_loses_only_itself(tmp_path: Path) -> None:
    text = json.dumps(answer(ROWS)).replace('"EventID": 1,', '"EventID": oops,')
    result = read_bytes(tmp_path, text.encode())
    assert (result.numbers, result.skips) == ([3], [(1, "not JSON: Expecting value")])
