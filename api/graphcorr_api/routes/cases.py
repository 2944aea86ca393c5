"""Cases: listed, made, looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta
from starlette.responses import Response

from graphcorr.errors import CaseInUseError
from graphcorr.service import shelf
from graphcorr.service.jobs import Jobs
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


def rename_case(asked: Asked[Nothing, NewCase]) -> Case:
    return shelf.rename_case(asked.path["case"], asked.body.name, asked.serving.settings)


def delete_case(asked: Asked[Nothing, None]) -> Response:
    settings, case = asked.serving.settings, asked.path["case"]
    shelf.case_folder(case, settings)
    asked.serving.engines.forget(shelf.case_folder(case, settings))
    with Jobs(settings) as jobs:
        if any(jobs.list(case, state, limit=1) for state in ("queued", "running")):
            raise CaseInUseError(f"the case {case} has jobs that are not over")
    shelf.remove_case(case, settings)
    return Response(status_code=204)


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
    Call(
        method="PATCH",
        path="/v1/cases/{case}",
        summary="Give a case another name",
        handler=rename_case,
        answer=Case,
        body=NewCase,
        role=Role.WRITE,
        audited=True,
        example=Example(body={"name": "Head office"}),
    ),
    Call(
        method="DELETE",
        path="/v1/cases/{case}",
        summary="Delete a case with all that is in it",
        handler=delete_case,
        status=204,
        role=Role.ADMIN,
        audited=True,
        problems=("conflict",),
    ),
)
