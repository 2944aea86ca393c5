"""The report and its parts as JSON for programs: one compact document and a newline, fields in declared order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from graphcorr.model.findings import Finding
from graphcorr.model.report import HopPath
from graphcorr.outputs.escapes import escape_json

if TYPE_CHECKING:
    from graphcorr.model.report import Report
    from graphcorr.outputs.explanation import Explanation

PATHS_SCHEMA = "graphcorr.paths/1"
EXPLANATION_SCHEMA = "graphcorr.explanation/1"


class Paths(msgspec.Struct, frozen=True, kw_only=True):
    """``graphcorr paths --json``: the paths and the findings that are their hops, in the report's form."""

    schema: str = PATHS_SCHEMA
    case: str | None
    paths: list[HopPath]
    findings: list[Finding]
    unfinished: list[str]


def render(report: Report) -> bytes:
    """The whole report, whatever the text shows of it: a program filters by itself."""
    return encode(report)


def render_paths(report: Report) -> bytes:
    hops = {hop for path in report.paths for hop in path.hops}
    return encode(
        Paths(
            case=report.case,
            paths=report.paths,
            findings=[each for each in report.findings if each.id in hops],
            unfinished=report.inputs.unfinished,
        )
    )


def render_explanation(explanation: Explanation) -> bytes:
    steps = [
        {"evidence": step.evidence, "raw": step.raw, "offset_seconds": step.offset_seconds, "decoded": step.decoded}
        for step in explanation.steps
    ]
    return encode(
        {
            "schema": EXPLANATION_SCHEMA,
            "finding": explanation.finding,
            "steps": steps,
            "unfinished": explanation.unfinished,
            "leads": explanation.leads,
        }
    )


def encode(document: object) -> bytes:
    """JSON text, a newline at its end. ``document`` is built of structs, dataclasses and plain values.

    A name that is not valid UTF-8 on disk reaches us with lone surrogates, which JSON cannot carry: only then each is
    written out as the six characters ``\\udcff``, so that the report is still one that every parser reads.
    """
    try:
        encoded = msgspec.json.encode(document)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(_without_surrogates(msgspec.to_builtins(document)))
    return escape_json(encoded) + b"\n"


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(item) for item in value]
    return value
