"""Logs into a case, and looking for something in them: both are jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from graphcorr.service import shelf, uploads
from graphcorr.service.jobs import DetectAsked, IngestAsked, Job, Jobs, Upload
from graphcorr.service.span import read_span
from graphcorr_api.calls import Call, Example, Role
from graphcorr_api.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from graphcorr.service.uploads import Receiver
    from graphcorr_api.calls import Asked

_MULTIPART: Final = "multipart/form-data"
_MOST_FILES: Final = 1000


class Accepted(msgspec.Struct, frozen=True):
    """What was asked for will be done."""

    job: Job


class EventsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the body is."""

    name: Annotated[str, Meta(max_length=1024, description="What the file is called: it stands in every record's origin.")] | None = None


class Received:
    """The files of one request."""

    def __init__(self, case: Path) -> None:
        self._case = case
        self.receivers: list[Receiver] = []

    def begin(self, name: str) -> Receiver:
        if len(self.receivers) >= _MOST_FILES:
            raise ProblemError("too-large", f"more than {_MOST_FILES} files in one request")
        self.receivers.append(uploads.receive(self._case, name))
        return self.receivers[-1]

    def finish(self) -> tuple[list[Upload], str]:
        """All of them on the disk, and what tells this request from others."""
        finished = [receiver.finish() for receiver in self.receivers]
        return [upload for upload, _ in finished], "sha256:" + ",".join(sorted(digest for _, digest in finished))


async def add_events(asked: Asked[EventsAsked, None]) -> Accepted:
    from anyio import to_thread

    case = asked.path["case"]
    folder = await to_thread.run_sync(shelf.case_folder, case, asked.serving.settings)
    request = asked.request
    received = Received(folder)
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    with uploads.received(received.receivers):
        if kind == _MULTIPART:
            await _receive_parts(request.stream(), options.get("boundary", ""), received)
        else:
            receiver = received.begin(asked.query.name or uploads.UNNAMED)
            async for chunk in request.stream():
                await to_thread.run_sync(receiver.write, chunk)
        if not any(receiver.size for receiver in received.receivers):
            raise ProblemError("bad-request", "the body is empty")
        return await to_thread.run_sync(_queue, asked, case, received, request.headers.get("idempotency-key"))


def _queue(asked: Asked[EventsAsked, None], case: str, received: Received, key: str | None) -> Accepted:
    files, digest = received.finish()
    with Jobs(asked.serving.settings) as jobs:
        job, is_new = jobs.add(case, IngestAsked(files), key=f"key:{key}" if key is not None else digest)
    if not is_new:
        for receiver in received.receivers:
            receiver.drop()
    asked.serving.supervisor.wake()
    return Accepted(job)


async def _receive_parts(stream: AsyncIterator[bytes], boundary: str, received: Received) -> None:
    from anyio import to_thread

    try:
        parser = PushMultipartParser(boundary, max_segment_count=_MOST_FILES)
        receiver: Receiver | None = None
        with parser:
            async for chunk in stream:
                for event in parser.parse(chunk):
                    if isinstance(event, MultipartSegment):
                        receiver = received.begin(event.filename or event.name)
                    elif event and receiver is not None:
                        await to_thread.run_sync(receiver.write, bytes(event))
    except MultipartError as error:
        raise ProblemError("bad-request", f"the multipart body cannot be read: {error}") from error


def start_detection(asked: Asked[msgspec.Struct, DetectAsked]) -> Accepted:
    case = asked.path["case"]
    shelf.case_folder(case, asked.serving.settings)
    read_span(asked.body.since, asked.body.until, ("since", "until"))
    with Jobs(asked.serving.settings) as jobs:
        key = asked.request.headers.get("idempotency-key")
        job, _ = jobs.add(case, asked.body, key=f"key:{key}" if key is not None else None)
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
        raw_body=("application/octet-stream", _MULTIPART),
        role=Role.WRITE,
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
        example=Example(body={}),
    ),
)
