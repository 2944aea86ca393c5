"""What people say of findings: suppressions, verdicts and notes; kept in the case, whatever is detected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.responses import Response

from graphcorr.service import judging
from graphcorr.service.judging import (
    AddedSuppression,
    NewNote,
    NewSuppression,
    NewVerdict,
    NoteShown,
    SaidAsked,
    SuppressionShown,
    VerdictShown,
)
from graphcorr.service.pages import Page
from graphcorr.service.shelf import case_folder
from graphcorr.service.tokens import Role
from graphcorr_api.calls import Call, Example, Handler, Nothing

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr_api.calls import Asked

_CASE: Final = "/v1/cases/{case}"


class Suppressions(msgspec.Struct, frozen=True):
    """All of them: there are not many."""

    items: list[SuppressionShown]


def _folder(asked: Asked[Any, Any]) -> Path:
    return case_folder(asked.path["case"], asked.serving.settings)


def list_suppressions(asked: Asked[Nothing, None]) -> Suppressions:
    return Suppressions(judging.list_suppressions(_folder(asked)))


def add_suppression(asked: Asked[Nothing, NewSuppression]) -> AddedSuppression:
    return judging.add_suppression(_folder(asked), asked.body, asked.caller.name)


def remove_suppression(asked: Asked[Nothing, None]) -> Response:
    judging.remove_suppression(_folder(asked), asked.path["suppression"])
    return Response(status_code=204)


def list_verdicts(asked: Asked[SaidAsked, None]) -> Page[VerdictShown]:
    return judging.list_verdicts(_folder(asked), asked.query)


def set_verdict(asked: Asked[Nothing, NewVerdict]) -> VerdictShown:
    return judging.set_verdict(_folder(asked), asked.body, asked.caller.name)


def remove_verdict(asked: Asked[Nothing, None]) -> Response:
    judging.remove_verdict(_folder(asked), asked.path["finding"])
    return Response(status_code=204)


def list_notes(asked: Asked[SaidAsked, None]) -> Page[NoteShown]:
    return judging.list_notes(_folder(asked), asked.query)


def add_note(asked: Asked[Nothing, NewNote]) -> NoteShown:
    return judging.add_note(_folder(asked), asked.body, asked.caller.name)


def remove_note(asked: Asked[Nothing, None]) -> Response:
    judging.remove_note(_folder(asked), asked.path["note"])
    return Response(status_code=204)


def _list(name: str, summary: str, handler: Handler, answer: object, query: type[msgspec.Struct] = Nothing) -> Call:
    return Call(
        method="GET", path=f"{_CASE}/{name}", summary=summary, handler=handler, answer=answer, query=query, problems=("not-detected",)
    )


def _add(name: str, summary: str, handler: Handler, *, body: object, answer: object, example: dict[str, str]) -> Call:
    return Call(
        method="POST",
        path=f"{_CASE}/{name}",
        summary=summary,
        handler=handler,
        answer=answer,
        status=201,
        body=body,
        role=Role.WRITE,
        audited=True,
        problems=("not-detected",),
        example=Example(body=example),
    )


def _remove(path: str, summary: str, handler: Handler) -> Call:
    return Call(method="DELETE", path=f"{_CASE}/{path}", summary=summary, handler=handler, status=204, role=Role.WRITE, audited=True)


CALLS: Final = (
    _list("suppressions", "Rules that set findings aside, each with how many it fits", list_suppressions, Suppressions),
    _add(
        *("suppressions", "Set findings of a pattern aside by source, account or signer", add_suppression),
        body=NewSuppression,
        answer=AddedSuppression,
        example={
            "pattern": "smb-write-then-image",
            "source": "deploy01.corp.example",
            "account": r"CORP\svc-deploy",
            "reason": "Software deployment, ticket 4711",
            "expires": "30d",
        },
    ),
    _remove("suppressions/{suppression}", "Take a rule back", remove_suppression),
    _list("verdicts", "What was said of findings by those who looked into them", list_verdicts, Page[VerdictShown], SaidAsked),
    _add(
        *("verdicts", "Say what a finding is", set_verdict),
        body=NewVerdict,
        answer=VerdictShown,
        example={"finding": "0a1b2c3d-0000-5000-8000-000000000000", "verdict": "benign_positive", "reason": "A test of our own"},
    ),
    _remove("verdicts/{finding}", "Take a verdict back", remove_verdict),
    _list("notes", "Notes beside findings", list_notes, Page[NoteShown], SaidAsked),
    _add(
        *("notes", "Write a note beside a finding", add_note),
        body=NewNote,
        answer=NoteShown,
        example={"finding": "0a1b2c3d-0000-5000-8000-000000000000", "text": "The host was rebuilt on Monday"},
    ),
    _remove("notes/{note}", "Take a note away", remove_note),
)
