"""Cases: listed, made, looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from graphcorr.service import shelf
from graphcorr.service.shelf import Case
from graphcorr.service.tokens import Role
from graphcorr_api.calls import Call, Example

if TYPE_CHECKING:
    from graphcorr_api.calls import Asked, Nothing


class Cases(msgspec.Struct, frozen=True):
    """All of them: there are not many."""

    items: list[Case]


class NewCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a case is called."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]


def list_cases(asked: Asked[Nothing, None]) -> Cases:
    cases = shelf.list_cases(asked.serving.settings)
    return Cases([case for case in cases if asked.caller.case in {None, case.id}])


def create_case(asked: Asked[Nothing, NewCase]) -> Case:
    return shelf.make_case(asked.body.name, asked.serving.settings)


def show_case(asked: Asked[Nothing, None]) -> Case:
    return shelf.show_case(asked.path["case"], asked.serving.settings)


CALLS: Final = (
    Call(method="GET", path="/v1/cases", summary="List cases, the newest first", handler=list_cases, answer=Cases),
    Call(
        method="POST",
        path="/v1/cases",
        summary="Make a case",
        handler=create_case,
        answer=Case,
        status=201,
        body=NewCase,
        role=Role.WRITE,
        whole=True,
        audited=True,
        example=Example(body={"name": "Branch office"}),
    ),
    Call(method="GET", path="/v1/cases/{case}", summary="What was read into a case", handler=show_case, answer=Case),
)
