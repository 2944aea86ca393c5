"""The process that has an engine in it: ``python -m graphcorr.service.asker``, which reads one generation's graph for a server.

What the engine leaks, holds or crashes with is this process's. Messages are msgpack with their length before them.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import psutil

from graphcorr.case.folder import Folder
from graphcorr.case.generations import find
from graphcorr.errors import StoreError
from graphcorr.locks import held_together
from graphcorr.service.messages import Answer, Opening, Question, read_message, write_message
from graphcorr.store.ladybug import LadybugStore

if TYPE_CHECKING:
    from graphcorr.store.base import Row, Store

_AT_ONCE: Final = 2
_POOL: Final = 128 << 20


def ask(store: Store, question: Question, generation: str) -> list[Row]:
    """The rows of an answer as plain values; times are RFC 3339 text."""
    if question.params:
        rows = store.query(question.cypher, question.params, generation=generation)
    else:
        rows = list(itertools.islice(store.scan(question.cypher), question.most + 1))
    return [{name: plain(value) for name, value in row.items()} for row in rows[: question.most + 1]]


def plain(value: object) -> object:
    """A value of an engine as JSON has it; what JSON does not know is text."""
    if isinstance(value, dt.datetime):
        return f"{value.isoformat(timespec='microseconds')}Z"
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items() if not str(name).startswith("_id")}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def main() -> None:
    """Answer until the input ends."""
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    first = read_message(incoming)
    assert first is not None
    opening = msgspec.msgpack.decode(first, type=Opening)
    generation = find(Folder(Path(opening.folder)), opening.generation)
    mutex, own, process = threading.Lock(), threading.local(), psutil.Process()

    def work(question: Question, graph: Path) -> None:
        # A store for each thread: an engine that needs a larger pool closes its database first.
        if not hasattr(own, "store"):
            own.store = LadybugStore(graph, buffer_pool=_POOL, timeout=opening.seconds)
        rows: list[Row] = []
        problem = None
        try:
            rows = ask(own.store, question, opening.generation)
        except StoreError as error:
            problem = error.reason
        with mutex:
            write_message(outgoing, Answer(question.number, rows, problem, process.memory_info().rss))

    try:
        # Whoever asks holds the generation meanwhile, also where there is a newer one by now.
        with held_together(generation.held), ThreadPoolExecutor(_AT_ONCE) as threads:
            while (message := read_message(incoming)) is not None:
                threads.submit(work, msgspec.msgpack.decode(message, type=Question), generation.graph)
    except OSError:
        return  # it is gone: whoever asks finds nobody there, and looks again


if __name__ == "__main__":
    main()
