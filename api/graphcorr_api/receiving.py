"""Files of a request on their way to the disk, and the job that is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from anyio import to_thread
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from graphcorr.service import uploads
from graphcorr.service.jobs import Job, Jobs, Upload
from graphcorr_api.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.requests import Request

    from graphcorr.service.jobs import Asked as JobAsked
    from graphcorr.service.uploads import Receiver
    from graphcorr_api.calls import Asked
    from graphcorr_api.limits import Limits

MULTIPART: Final = "multipart/form-data"
_LONGEST_KEY: Final = 200


class Accepted(msgspec.Struct, frozen=True):
    """What was asked for will be done."""

    job: Job


class Received:
    """The files of one request."""

    def __init__(self, case: Path, limits: Limits) -> None:
        self._case, self._limits = case, limits
        self._size = 0
        self.receivers: list[Receiver] = []

    def begin(self, name: str) -> Receiver:
        if len(self.receivers) >= self._limits.files:
            raise ProblemError("too-large", f"more than {self._limits.files} files in one request (the limit files)")
        self.receivers.append(uploads.receive(self._case, name))
        return self.receivers[-1]

    def count(self, size: int) -> None:
        self._size += size
        if self._size > self._limits.body:
            raise ProblemError("too-large", f"more than {self._limits.body} bytes in one request (the limit body)")

    def finish(self) -> tuple[list[Upload], str]:
        """All of them on the disk, and what tells this request from others."""
        finished = [receiver.finish() for receiver in self.receivers]
        for receiver in self.receivers:
            if (members := uploads.count_members(receiver.path)) > self._limits.members:
                raise ProblemError(
                    "too-large", f"{receiver.name} has {members} members, more than {self._limits.members} (the limit members)"
                )
        return [upload for upload, _ in finished], "sha256:" + ",".join(sorted(digest for _, digest in finished))


async def receive(asked: Asked[Any, Any], folder: Path, case: str, name: str | None, make: Callable[[list[Upload]], JobAsked]) -> Accepted:
    """The request's files, acknowledged once they are on the disk; the same files again are the same job."""
    request, limits = asked.request, asked.serving.limits
    received = Received(folder, limits)
    key = read_key(request)
    await to_thread.run_sync(check_queue, asked)
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    with uploads.received(received.receivers):
        if kind == MULTIPART:
            await _receive_parts(request.stream(), options.get("boundary", ""), received)
        else:
            receiver = received.begin(name or uploads.UNNAMED)
            async for chunk in request.stream():
                received.count(len(chunk))
                await to_thread.run_sync(receiver.write, chunk)
        if not any(receiver.size for receiver in received.receivers):
            raise ProblemError("bad-request", "the body is empty")
        return await to_thread.run_sync(_queue, asked, case, received, key, make)


def _queue(asked: Asked[Any, Any], case: str, received: Received, key: str | None, make: Callable[[list[Upload]], JobAsked]) -> Accepted:
    files, digest = received.finish()
    with Jobs(asked.serving.settings) as jobs:
        job, is_new = jobs.add(case, make(files), key=key or digest, digest=digest if key else "", author=asked.caller.name)
    if not is_new:
        for receiver in received.receivers:
            receiver.drop()
    asked.serving.supervisor.wake()
    return Accepted(job)


def read_key(request: Request) -> str | None:
    """What the caller tells a request by, so that it may be repeated."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= _LONGEST_KEY:
        raise ProblemError("bad-request", f"an Idempotency-Key has 1 to {_LONGEST_KEY} characters")
    return f"key:{key}" if key is not None else None


def check_queue(asked: Asked[Any, Any]) -> None:
    """Before anything is received that nobody could take."""
    limit = asked.serving.limits.queue
    with Jobs(asked.serving.settings) as jobs:
        if jobs.count_waiting() >= limit:
            raise ProblemError("too-many", f"{limit} jobs wait already (the limit queue)", {"retry-after": "10"})


async def _receive_parts(stream: AsyncIterator[bytes], boundary: str, received: Received) -> None:
    try:
        parser = PushMultipartParser(boundary, max_segment_count=1 << 20)
        receiver: Receiver | None = None
        with parser:
            async for chunk in stream:
                received.count(len(chunk))
                for event in parser.parse(chunk):
                    if isinstance(event, MultipartSegment):
                        receiver = received.begin(event.filename or event.name)
                    elif event and receiver is not None:
                        await to_thread.run_sync(receiver.write, bytes(event))
    except MultipartError as error:
        raise ProblemError("bad-request", f"the multipart body cannot be read: {error}") from error
