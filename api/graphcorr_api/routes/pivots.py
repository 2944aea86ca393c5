"""Hashes and services over all events of a case."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from graphcorr.service import pivots
from graphcorr.service.pages import Page
from graphcorr.service.pivots import PIVOTS, Pivot, PivotsAsked, PivotShown
from graphcorr.service.shelf import case_folder
from graphcorr_api.calls import Call

if TYPE_CHECKING:
    from graphcorr_api.calls import Asked, Nothing


def list_pivots(kind: str, asked: Asked[PivotsAsked, None]) -> Page[Pivot]:
    serving = asked.serving
    return pivots.list_pivots(case_folder(asked.path["case"], serving.settings), kind, asked.query, serving.limits.query_time)


def show_pivot(kind: str, asked: Asked[Nothing, None]) -> PivotShown:
    serving = asked.serving
    return pivots.show_pivot(case_folder(asked.path["case"], serving.settings), kind, asked.path["id"], serving.limits.query_time)


def _pivots(kind: str) -> tuple[Call, Call]:
    path = f"/v1/cases/{{case}}/{kind}"
    return (
        Call(
            method="GET",
            path=path,
            summary=f"All {kind} that events name, counted",
            handler=functools.partial(list_pivots, kind),
            called=f"list_{kind}",
            answer=Page[Pivot],
            query=PivotsAsked,
            problems=("not-detected", "gone"),
        ),
        Call(
            method="GET",
            path=f"{path}/{{id}}",
            summary=f"Where one of the {kind} occurs",
            handler=functools.partial(show_pivot, kind),
            called=f"show_{kind}",
            answer=PivotShown,
            problems=("not-detected",),
        ),
    )


CALLS: Final = tuple(call for kind in PIVOTS for call in _pivots(kind))
