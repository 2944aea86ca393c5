"""What becomes of requests to a file server, whatever version of SMB they are in: rows about shares, files and pipes.

A write is told when the file is closed, with the time of its first bytes and how many were not refused. What is still open when the
capture ends, or when there is too much of it to remember, is told then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.sources.capture_frames import Act, keep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.sources.capture_frames import Connection, Open, Pending, Row

_PIPES: Final = frozenset((
    "atsvc", "browser", "epmapper", "eventlog", "lsarpc", "lsass", "netdfs", "netlogon", "ntsvcs", "plugplay", "samr", "spoolss",
    "srvsvc", "svcctl", "wkssvc", "winreg",
))  # fmt: skip
"""Names that are pipes also where the share was connected before the capture began."""


def is_pipe(file: Open) -> bool:
    if file.share is not None:
        return file.share.lower().endswith("ipc$")
    return (file.name or "").strip("\\").lower() in _PIPES


def answer(connection: Connection, request: Pending, *, granted: bool, key: str | None, size: int | None) -> Iterator[Row]:
    """What a request came to; ``key`` is the handle or the tree that the answer gives, ``size`` the file's."""
    file = request.file
    if request.act is Act.WRITE and file is not None:
        file.written += request.length if granted else 0
        file.unanswered -= request.length
    if not granted:
        if request.act is Act.OPEN and file is not None:
            file.granted = False
        return
    if request.act is Act.CONNECT and request.share is not None and key is not None:
        keep(connection.trees, (request.session or "", key), request.share)
        yield connection.row("smb", request.time, action="connect", share=request.share, **whose(connection, request.session))
    elif request.act is Act.OPEN and file is not None:
        file.granted, file.size = True, size
        if key is not None and (forgotten := keep(connection.files, key, file)) is not None:
            yield from tell_end(connection, forgotten)
        if file.name:
            yield _row(connection, file, request.time, "open", access_mask=file.mask, file_size=size)
    elif request.act is Act.RENAME and file is not None and request.target:
        yield _row(connection, file, request.time, "rename", name=request.target, previous=file.name)
        file.name = request.target
    elif request.act is Act.DELETE and file is not None:
        file.removes = True
        if request.handle is None:
            yield from tell_end(connection, file, request.time)
    elif request.act is Act.CLOSE and file is not None:
        connection.files.pop(request.handle or "", None)
        yield from tell_end(connection, file, request.time)


def tell_end(connection: Connection, file: Open, closed: str | None = None) -> Iterator[Row]:
    """What is told of a file when it is closed, or forgotten."""
    written = file.written + file.unanswered
    if file.granted is not False and written > 0 and file.first_write is not None and file.name and not is_pipe(file):
        yield _row(connection, file, file.first_write, "write", access_mask=file.mask, size=written)
    if file.removes and closed is not None and file.name and not is_pipe(file):
        yield _row(connection, file, closed, "delete")
    file.written = file.unanswered = 0


def forget(connection: Connection, request: Pending | None) -> Iterator[Row]:
    """A request whose answer was not seen among so many: what it wrote counts, for nothing says that it was refused."""
    if request is not None and request.act is Act.CLOSE and request.file is not None:
        yield from tell_end(connection, request.file, request.time)


def end(connection: Connection) -> Iterator[Row]:
    """Everything that is still under way in a connection."""
    for request in connection.pending.values():
        yield from forget(connection, request)
    for file in connection.files.values():
        yield from tell_end(connection, file)


def whose(connection: Connection, session: str | None) -> Row:
    """Whose session it is, as far as its beginning was seen."""
    known = connection.sessions.get(session or "")
    return {} if known is None else {"user": known.user, "domain": known.domain, "workstation": known.host}


def _row(connection: Connection, file: Open, time: str, action: str, **told: object) -> Row:
    pipe = is_pipe(file)
    given: Row = {"share": file.share, "pipe" if pipe else "name": file.name, **told, **whose(connection, file.session)}
    return connection.row("smb", time, action=action, **given)
