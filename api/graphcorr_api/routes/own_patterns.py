"""Somebody's own patterns: checked, and added to a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from graphcorr.service import knowing, own_patterns
from graphcorr.service.knowing import PatternShown
from graphcorr.service.own_patterns import CheckedPattern, PatternText
from graphcorr.service.shelf import case_folder
from graphcorr.service.tokens import Role
from graphcorr_api.calls import Call, Example
from graphcorr_api.routes.knowledge import Patterns

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr_api.calls import Asked, Nothing

_CASE: Final = "/v1/cases/{case}/patterns"
_EXAMPLE: Final = """/*---
id: logon-of-one-account
title: Logon of one account
status: experimental
level: low
description: An account that nobody should use any more.
attack: [T1078]
needs: [Logon]
result: finding
identity: [logon]
evidence: [logons]
---*/
MATCH (logon:Logon)-[:PERFORMED_BY]->(account:Account)
WHERE account.name = 'former'
RETURN logon.id AS logon, collect(DISTINCT logon.id) AS logons
"""


def _folder(asked: Asked[Any, Any]) -> Path:
    return case_folder(asked.path["case"], asked.serving.settings)


def check_pattern(asked: Asked[Nothing, PatternText]) -> CheckedPattern:
    return own_patterns.check_text(asked.body)


def list_own_patterns(asked: Asked[Nothing, None]) -> Patterns:
    return Patterns(knowing.list_own_patterns(_folder(asked)))


def add_pattern(asked: Asked[Nothing, PatternText]) -> PatternShown:
    return knowing.add_pattern(_folder(asked), asked.body, asked.serving.settings)


def remove_pattern(asked: Asked[Nothing, None]) -> Response:
    own_patterns.remove_pattern(_folder(asked), asked.path["pattern"])
    return Response(status_code=204)


CALLS: Final = (
    Call(
        method="POST",
        path="/v1/patterns/check",
        summary="Read, lint and bind a pattern, without keeping it",
        handler=check_pattern,
        answer=CheckedPattern,
        body=PatternText,
        role=Role.WRITE,
        example=Example(body={"text": _EXAMPLE}),
    ),
    Call(method="GET", path=_CASE, summary="The case's own patterns", handler=list_own_patterns, answer=Patterns),
    Call(
        method="POST",
        path=_CASE,
        summary="Add a pattern to a case; its next detection runs it",
        handler=add_pattern,
        answer=PatternShown,
        status=201,
        body=PatternText,
        role=Role.WRITE,
        audited=True,
        example=Example(body={"text": _EXAMPLE}),
    ),
    Call(
        method="DELETE",
        path=f"{_CASE}/{{pattern}}",
        summary="Take a pattern of the case away",
        handler=remove_pattern,
        status=204,
        role=Role.WRITE,
        audited=True,
    ),
)
