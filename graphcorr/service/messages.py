"""What a server and its processes say to each other: orders of jobs, and questions to engines as msgpack with their length."""

from __future__ import annotations

import pickle
import struct
from typing import IO, TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from graphcorr.settings import Settings

BUSY: Final = 75
"""Exit status of a job when another process writes the case; sysexits.h calls it a temporary failure."""
STOPPED: Final = 143
"""Exit status of a job that was ended although nobody had asked for the end of this one."""
_LENGTH: Final = struct.Struct(">I")


def write_order(job: str, settings: Settings) -> bytes:
    """For the standard input of a worker: no argument and no variable, which others can read, has a password in it."""
    return pickle.dumps((job, settings))


def read_order(stream: IO[bytes]) -> tuple[str, Settings]:
    job, settings = pickle.load(stream)  # noqa: S301 - from whoever started this process
    return job, settings


class Opening(msgspec.Struct, frozen=True):
    """What to read: the first message."""

    folder: str
    generation: str
    seconds: float
    """Of one question."""


class Question(msgspec.Struct, frozen=True):
    """A read query; at most ``most`` rows of its answer are wanted, and one more to know that there are."""

    number: int
    cypher: str
    params: dict[str, object]
    most: int


class Answer(msgspec.Struct, frozen=True):
    """``problem`` instead of rows where the engine refused; ``memory`` is what the process holds, in bytes."""

    number: int
    rows: list[dict[str, object]]
    problem: str | None
    memory: int


def read_message(stream: IO[bytes]) -> bytes | None:
    """None at the end."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    data = stream.read(_LENGTH.unpack(head)[0])
    return data or None


def write_message(stream: IO[bytes], message: msgspec.Struct) -> None:
    data = msgspec.msgpack.encode(message, enc_hook=str)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()
