"""Jobs: what is done, how far it is, its end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from anyio import to_thread
from msgspec import Meta
from starlette.responses import StreamingResponse

from graphcorr.errors import GraphcorrError, NotFoundError
from graphcorr.outputs.json import encode
from graphcorr.service.jobs import Job, Jobs, JobState
from graphcorr.service.pages import Limit
from graphcorr.service.tokens import Role
from graphcorr_api.calls import Call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.responses import Response

    from graphcorr_api.calls import Asked, Nothing


class JobsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which jobs."""

    case: Annotated[str, Meta(max_length=80)] | None = None
    state: JobState | None = None
    limit: Limit = 50
    cursor: Annotated[int, Meta(ge=1, le=(1 << 63) - 1, description="`next` of the page before.")] | None = None


class JobPage(msgspec.Struct, frozen=True):
    """The newest first."""

    items: list[Job]
    next: int | None


def list_jobs(asked: Asked[JobsAsked, None]) -> JobPage:
    query = asked.query
    asked.caller.check(None, query.case)
    with Jobs(asked.serving.settings) as jobs:
        found = jobs.list(query.case or asked.caller.case, query.state, query.cursor, query.limit + 1)
    shown = found[: query.limit]
    return JobPage([job for _, job in shown], shown[-1][0] if len(found) > query.limit else None)


def show_job(asked: Asked[Nothing, None]) -> Job:
    with Jobs(asked.serving.settings) as jobs:
        return _find(asked, jobs)


def cancel_job(asked: Asked[Nothing, None]) -> Job:
    with Jobs(asked.serving.settings) as jobs:
        job = _find(asked, jobs)
    return asked.serving.supervisor.cancel(job.id)


def retry_job(asked: Asked[Nothing, None]) -> Job:
    with Jobs(asked.serving.settings) as jobs:
        job = jobs.retry(_find(asked, jobs).id)
    asked.serving.supervisor.wake()
    return job


async def watch_job(asked: Asked[Nothing, None]) -> Response:
    """The job whenever something of it changed, until it is over."""
    job = await to_thread.run_sync(show_job, asked)
    streams = asked.serving.streams
    streams.begin(asked.caller, asked.serving.limits)
    return StreamingResponse(
        _tell(job, asked), media_type=EVENTS, headers={"x-accel-buffering": "no"}, background=streams.ending(asked.caller)
    )


async def _tell(job: Job, asked: Asked[Nothing, None]) -> AsyncIterator[bytes]:
    quiet = 0.0
    last: Job | None = None
    while True:
        if job != last:
            yield b"event: job\ndata: " + encode(job).strip() + b"\n\n"
            last, quiet = job, 0.0
        elif quiet >= _KEEP_ALIVE:
            yield b": still there\n\n"
            quiet = 0.0
        if job.is_over:
            return
        await asyncio.sleep(_PAUSE)
        quiet += _PAUSE
        try:
            job = await to_thread.run_sync(show_job, asked)
        except GraphcorrError:
            return  # its case was deleted


def _find(asked: Asked[Nothing, None], jobs: Jobs) -> Job:
    """The job, which is not there for somebody whose token is for another case."""
    job = jobs.get(asked.path["job"])
    if asked.caller.case not in {None, job.case}:
        raise NotFoundError(f"there is no job {job.id!r}")
    return job


EVENTS: Final = "text/event-stream"
_PAUSE: Final = 0.25
_KEEP_ALIVE: Final = 15.0
"""Seconds after which a silent stream says that it is there: proxies end those that say nothing."""

CALLS: Final = (
    Call(method="GET", path="/v1/jobs", summary="List jobs", handler=list_jobs, answer=JobPage, query=JobsAsked),
    Call(method="GET", path="/v1/jobs/{job}", summary="How far a job is", handler=show_job, answer=Job),
    Call(
        method="GET",
        path="/v1/jobs/{job}/events",
        summary="A job whenever it changes, as server-sent events",
        handler=watch_job,
        media_type=EVENTS,
        problems=("too-many",),
    ),
    Call(
        method="POST",
        path="/v1/jobs/{job}/retry",
        summary="Try a job again that failed",
        handler=retry_job,
        answer=Job,
        status=202,
        role=Role.WRITE,
        audited=True,
    ),
    Call(
        method="DELETE",
        path="/v1/jobs/{job}",
        summary="Ask for the end of a job",
        handler=cancel_job,
        answer=Job,
        role=Role.WRITE,
        audited=True,
    ),
)
