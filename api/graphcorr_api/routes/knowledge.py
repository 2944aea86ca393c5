"""Patterns, intelligence, attribution: what is known apart from any case."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from anyio import to_thread
from msgspec import Meta
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from graphcorr.outputs.json import encode
from graphcorr.service import knowing
from graphcorr.service.jobs import NO_CASE, IntelAsked, Jobs
from graphcorr.service.knowing import Answer, KindShown, Known, Library, PatternShown, Question, Record
from graphcorr.service.pages import Page
from graphcorr.service.tokens import Role
from graphcorr_api.calls import JSON, Call, Example
from graphcorr_api.problems import ProblemError
from graphcorr_api.receiving import MULTIPART, Accepted, check_queue, read_key, receive

if TYPE_CHECKING:
    from graphcorr_api.calls import Asked, Nothing

NDJSON: Final = "application/x-ndjson"
_MOST_QUESTIONS: Final = 16 << 20


class Patterns(msgspec.Struct, frozen=True):
    """All of them."""

    items: list[PatternShown]


class Kinds(msgspec.Struct, frozen=True):
    """All of them."""

    items: list[KindShown]


class LoadAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the body is."""

    name: Annotated[str, Meta(max_length=1024, description="What the file is called.")] | None = None
    release: Annotated[str, Meta(max_length=40, description="The ATT&CK version, where the file does not say it.")] | None = None
    strict: Annotated[bool, Meta(description="Quarantine also what the whole STIX specification objects to.")] = False


class RetryAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How strictly."""

    strict: bool = False


def list_patterns(asked: Asked[Nothing, None]) -> Patterns:
    return Patterns(knowing.list_patterns(asked.serving.settings))


def show_pattern(asked: Asked[Nothing, None]) -> PatternShown:
    return knowing.show_pattern(asked.path["pattern"], asked.serving.settings)


def list_kinds(_asked: Asked[Nothing, None]) -> Kinds:
    return Kinds(knowing.list_kinds())


def show_library(asked: Asked[Nothing, None]) -> Library:
    return knowing.show_library(asked.serving.settings)


def list_intel(asked: Asked[knowing.IntelAsked, None]) -> Page[Record]:
    return knowing.list_intel(asked.query, asked.serving.settings)


def show_intel(asked: Asked[Nothing, None]) -> Known:
    return knowing.show_intel(asked.path["id"], asked.serving.settings)


async def load_intel(asked: Asked[LoadAsked, None]) -> Accepted:
    query = asked.query
    return await receive(
        asked, asked.serving.settings.state, NO_CASE, query.name, lambda files: IntelAsked(files, query.release, query.strict)
    )


def retry_quarantine(asked: Asked[Nothing, RetryAsked]) -> Accepted:
    key = read_key(asked.request)
    check_queue(asked)
    with Jobs(asked.serving.settings) as jobs:
        job, _ = jobs.add(NO_CASE, IntelAsked([], strict=asked.body.strict), key=key, author=asked.caller.name)
    asked.serving.supervisor.wake()
    return Accepted(job)


async def attribute(asked: Asked[Nothing, None]) -> Response:
    """One question as JSON, or one a line: each line is answered with one."""
    kind = asked.request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in {JSON, NDJSON}:
        raise ProblemError("unsupported-media-type", f"the body has to be {JSON} or {NDJSON}")
    data = bytearray()
    async for chunk in asked.request.stream():
        data += chunk
        if len(data) > _MOST_QUESTIONS:
            raise ProblemError("too-large", f"the body has more than {_MOST_QUESTIONS} bytes")
    settings = asked.serving.settings
    if kind == NDJSON:
        answers = (encode(line) for line in knowing.attribute_lines(io.BytesIO(data), settings))
        return StreamingResponse(iterate_in_threadpool(answers), media_type=NDJSON)
    try:
        question = msgspec.json.decode(bytes(data), type=Question)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProblemError("bad-request", f"body: {error}") from error
    return Response(encode(await to_thread.run_sync(knowing.attribute, question, settings)), media_type=JSON)


CALLS: Final = (
    Call(method="GET", path="/v1/patterns", summary="All patterns with their Cypher", handler=list_patterns, answer=Patterns),
    Call(method="GET", path="/v1/patterns/{pattern}", summary="One pattern", handler=show_pattern, answer=PatternShown),
    Call(method="GET", path="/v1/kinds", summary="Kinds of events in words, and which logs tell of each", handler=list_kinds, answer=Kinds),
    Call(method="GET", path="/v1/intel", summary="What the library of intelligence holds in all", handler=show_library, answer=Library),
    Call(
        method="POST",
        path="/v1/intel",
        summary="Load STIX into the library",
        handler=load_intel,
        answer=Accepted,
        status=202,
        query=LoadAsked,
        raw_body=("application/octet-stream", MULTIPART),
        role=Role.ADMIN,
        whole=True,
        audited=True,
        example=Example(query={"name": "feed.json"}),
    ),
    Call(
        method="GET",
        path="/v1/intel/records",
        summary="Records by pages; those put aside with status=quarantined",
        handler=list_intel,
        answer=Page[Record],
        query=knowing.IntelAsked,
    ),
    Call(
        method="POST",
        path="/v1/intel/quarantine/retry",
        summary="Judge again what was put aside",
        handler=retry_quarantine,
        answer=Accepted,
        status=202,
        body=RetryAsked,
        role=Role.ADMIN,
        whole=True,
        audited=True,
        example=Example(body={}),
    ),
    Call(
        method="GET",
        path="/v1/intel/known/{id}",
        summary="What is known by a STIX id, an ATT&CK id or a name",
        handler=show_intel,
        answer=Known,
    ),
    Call(
        method="POST",
        path="/v1/attribute",
        summary="Whom techniques and software are consistent with; as NDJSON many questions at once",
        handler=attribute,
        answer=Answer,
        asked=Question,
        raw_body=(JSON, NDJSON),
        example=Example(body={"techniques": ["T1570", "T1021.002"], "software": ["PsExec"]}),
    ),
)
