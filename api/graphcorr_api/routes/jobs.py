"""Jobs: what is done, how far it is, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from graphcorr.service.jobs import Job, Jobs, JobState
from graphcorr.service.pages import Limit
from graphcorr_api.calls import Call, Role

if TYPE_CHECKING:
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
    with Jobs(asked.serving.settings) as jobs:
        found = jobs.list(query.case, query.state, query.cursor, query.limit + 1)
    shown = found[: query.limit]
    return JobPage([job for _, job in shown], shown[-1][0] if len(found) > query.limit else None)


def show_job(asked: Asked[Nothing, None]) -> Job:
    with Jobs(asked.serving.settings) as jobs:
        return jobs.get(asked.path["job"])


def cancel_job(asked: Asked[Nothing, None]) -> Job:
    with Jobs(asked.serving.settings) as jobs:
        job = jobs.cancel(asked.path["job"])
    asked.serving.supervisor.wake()
    return job


CALLS: Final = (
    Call(method="GET", path="/v1/jobs", summary="List jobs", handler=list_jobs, answer=JobPage, query=JobsAsked),
    Call(method="GET", path="/v1/jobs/{job}", summary="How far a job is", handler=show_job, answer=Job),
    Call(method="DELETE", path="/v1/jobs/{job}", summary="Ask for the end of a job", handler=cancel_job, answer=Job, role=Role.WRITE),
)
