"""The JSON report has the names, the order and the types that programs rely on (schema ``graphcorr.report/1``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from graphcorr.model.findings import Endpoint, Finding
from graphcorr.model.report import Report
from graphcorr.outputs import json as output
from tests.outputs.report_schema import FINDING, PERHAPS_TEXT, REPORT, misfits

if TYPE_CHECKING:
    from collections.abc import Callable


def test_report_fits_the_schema(report: Report) -> None:
    assert misfits(json.loads(output.render(report)), REPORT) == []


def test_the_checker_sees_a_wrong_name_type_and_order(report: Report) -> None:
    document = json.loads(output.render(report))
    document["findings"][0]["level"] = "severe"
    document["clocks"][0]["pairs"] = "41"
    document["case"] = ""
    document["inputs"] = dict(reversed(document["inputs"].items()))

    assert [each.split(":")[0] for each in misfits(document, REPORT)] == ["$.case", "$.inputs", "$.clocks[0].pairs", "$.findings[0].level"]


def test_report_is_one_line_that_reads_back_the_same(report: Report, golden: Callable[[str, str], None]) -> None:
    encoded = output.render(report)

    assert encoded.endswith(b"}\n")
    assert encoded.count(b"\n") == 1
    assert msgspec.json.decode(encoded, type=Report) == report
    golden("report.json", encoded.decode())


def test_paths_come_with_their_findings(report: Report) -> None:
    document = json.loads(output.render_paths(report))

    assert (
        misfits(document, {"schema": str, "case": PERHAPS_TEXT, "paths": REPORT["paths"], "findings": [FINDING], "unfinished": [str]}) == []
    )
    assert [each["id"] for each in document["findings"]] == report.paths[0].hops


@pytest.mark.parametrize(
    ("name", "encoded"),
    [("a\udcff", b'"a\\\\udcff"'), ("a\u202e\x9b", b'"a\\u202e\\u009b"'), ("a\x1b", b'"a\\u001b"'), ("ä", '"ä"'.encode())],
)
def test_hostile_names_are_valid_json_that_no_terminal_obeys(report: Report, name: str, encoded: bytes) -> None:
    first: Finding = msgspec.structs.replace(report.findings[0], target=Endpoint(name, None))
    document = output.render(msgspec.structs.replace(report, findings=[first]))

    assert b'"target":{"host":' + encoded + b',"address":null}' in document
    assert json.loads(document)["findings"][0]["id"] == first.id
