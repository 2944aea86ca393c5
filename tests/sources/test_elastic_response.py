"""Answers to Elasticsearch searches: each hit is a record, what stands around them is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from graphcorr.sources import elastic_response
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
    monkeypatch.setattr(elastic_response, "CHUNK_SIZE", size)
    result = read_bytes(tmp_path, text.encode())
    assert (result.format, result.status, result.count, result.numbers) == ("elastic_response", "read", 3, [1, 3])
    assert [record.fields for record in result.records] == [ROWS[0], ROWS[2]]


def test_nothing_found(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, json.dumps(answer([])).encode())
    assert (result.count, result.skips) == (0, [])


@pytest.mark.parametrize("size", [3, 1 << 18])
def test_what_is_no_event_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(elastic_response, "CHUNK_SIZE", size)
    odd: list[object] = [5, None, "x", {"_id": "q"}, {"_source": None}, {"_index": "y", "fields": {"a": [1]}}, []]
    text = json.dumps({"took": 1, "hits": {"hits": [*answer(ROWS[:1])["hits"]["hits"], *odd]}})  # type: ignore[index]
    result = read_bytes(tmp_path, text.encode())
    assert (result.numbers, result.count, [number for number, _ in result.skips]) == ([1], 8, [2, 3, 4, 5, 6, 7, 8])


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(answer(ROWS), sort_keys=True),
        json.dumps([answer(ROWS)]),
        json.dumps({"responses": [answer(ROWS[:2]), answer(ROWS[2:])]}),
        json.dumps({"hits": answer(ROWS)["hits"], "took": 1}),
    ],
    ids=["sorted keys", "array", "several searches", "hits first"],
)
def test_answers_in_other_orders(tmp_path: Path, text: str) -> None:
    result = read_bytes(tmp_path, text.encode())
    assert (result.format, result.count, result.numbers, result.skips) == ("elastic_response", 3, [1, 3], [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"hits": None}, "there is no list of events in it"),
        ({"hits": "x"}, "there is no list of events in it"),
        ({"timed_out": True}, "the search itself timed out or failed in part, so hits are missing"),
        ({"_shards": {"total": 2, "failed": 1}}, "the search itself timed out or failed in part, so hits are missing"),
    ],
)
def test_an_answer_that_is_not_whole_says_so(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    result = read_bytes(tmp_path, json.dumps({**answer(ROWS), **change}).encode())
    assert (result.status, result.reason) == ("partly", reason)


def test_an_answer_that_is_cut_off(tmp_path: Path) -> None:
    text = json.dumps(answer(ROWS))
    result = read_bytes(tmp_path, text[: text.rindex("CommandLine")].encode())
    assert (result.numbers, result.count, len(result.skips)) == ([1], 3, 1)


def test_a_broken_hit_loses_only_itself(tmp_path: Path) -> None:
    text = json.dumps(answer(ROWS)).replace('"EventID": 1,', '"EventID": oops,')
    result = read_bytes(tmp_path, text.encode())
    assert (result.numbers, result.skips) == ([3], [(1, "not JSON: Expecting value")])


AZURE = [
    '{"Stats": {"ExecutionTime": 0.1}, "Schema": [{"Name": "EventID", "Type": "Int"}], "Results": [ROWS]}',
    '{"@odata.context": "https://x/$metadata#y", "schema": [ {"name": "EventID"} ], "results": [ROWS]}',
    '{"records": [ROWS]}\n{"records": []}',
    '{\n "Records": [\nROWS\n]}',
]


@pytest.mark.parametrize("text", AZURE)
def test_lists_of_other_answers(tmp_path: Path, text: str) -> None:
    events = [flat(1, Image=f"C:\\{number}.exe").decode() for number in range(3)]
    result = read_bytes(tmp_path, text.replace("ROWS", ",".join(events)).encode())
    assert (result.format, result.skips, result.numbers) == ("elastic_response", [], [1, 2, 3])
    events[1] = events[1].replace("}", "")
    broken = read_bytes(tmp_path, text.replace("ROWS", ",".join([*events, events[0]])).encode())
    assert broken.numbers[0] == 1
    assert (len(broken.skips), broken.status) == (1, "partly")
