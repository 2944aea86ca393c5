"""Logs into a case, and looking for something in them: both are jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from anyio import to_thread
from msgspec import Meta

from graphcorr.service.jobs import DetectAsked, IngestAsked, Jobs
from graphcorr.service.shelf import case_folder
from graphcorr.service.span import read_baseline, read_span
from graphcorr.service.tokens import Role
from graphcorr_api.calls import Call, Example
from graphcorr_api.receiving import MULTIPART, Accepted, check_queue, read_key, receive

if TYPE_CHECKING:
    from graphcorr_api.calls import Asked


class EventsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the body is."""

    name: Annotated[str, Meta(max_length=1024, description="What the file is called: it stands in every record's origin.")] | None = None


async def add_events(asked: Asked[EventsAsked, None]) -> Accepted:
    case = asked.path["case"]
    folder = await to_thread.run_sync(case_folder, case, asked.serving.settings)
    return await receive(asked, folder, case, asked.query.name, IngestAsked)


def start_detection(asked: Asked[msgspec.Struct, DetectAsked]) -> Accepted:
    case = asked.path["case"]
    case_folder(case, asked.serving.settings)
    read_span(asked.body.since, asked.body.until, ("since", "until"))
    read_baseline(asked.body.baseline_until)
    key = read_key(asked.request)
    check_queue(asked)
    with Jobs(asked.serving.settings) as jobs:
        job, _ = jobs.add(case, asked.body, key=key, author=asked.caller.name)
    asked.serving.supervisor.wake()
    return Accepted(job)


CALLS: Final = (
    Call(
        method="POST",
        path="/v1/cases/{case}/events",
        summary="Read logs of any format into a case",
        handler=add_events,
        answer=Accepted,
        status=202,
        query=EventsAsked,
        raw_body=("application/octet-stream", MULTIPART),
        role=Role.WRITE,
        audited=True,
        example=Example(query={"name": "Security.evtx"}),
    ),
    Call(
        method="POST",
        path="/v1/cases/{case}/detect",
        summary="Look for everything in a case",
        handler=start_detection,
        answer=Accepted,
        status=202,
        body=DetectAsked,
        role=Role.WRITE,
        audited=True,
        example=Example(body={}),
    ),
)
