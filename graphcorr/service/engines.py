"""Engines by generation, each in a process of its own: a few at once, the longest unused goes first, the dead are replaced."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from collections import OrderedDict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTimeError
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.errors import StoreError
from graphcorr.service.messages import Answer, Opening, Question, read_message, write_message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphcorr.store.base import Row

_MOST: Final = 4
_GROWTH: Final = 400 << 20
"""Bytes by which a process may have grown since its first answer: two pools that fill, and what engines leak with each question."""
_QUESTIONS: Final = 20_000
_PATIENCE: Final = 10.0
"""Seconds beyond its own limit after which an engine that says nothing is ended."""


class Engine:
    """One process with one graph."""

    def __init__(self, folder: Path, generation: str, seconds: float) -> None:
        self._seconds = seconds
        self._process = subprocess.Popen([sys.executable, "-m", "graphcorr.service.asker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._numbers = itertools.count()
        self._open: dict[int, Future[Answer]] = {}
        self._mutex = threading.Lock()
        self._first: int | None = None
        self._asked = 0
        self.is_worn = False
        """It answered so much that another one is due."""
        self.is_dead = False
        self.users = 0
        """Who asks it now; kept by :class:`Engines`, so that none is closed under anybody."""
        self._send(Opening(str(folder), generation, seconds))
        threading.Thread(target=self._listen, daemon=True).start()

    def ask(self, cypher: str, params: Mapping[str, object], most: int) -> list[Row]:
        """``StoreError`` when the engine refuses, does not answer, or is gone."""
        future: Future[Answer] = Future()
        number = next(self._numbers)
        with self._mutex:
            self._open[number] = future
        if self.is_dead:
            raise StoreError("the graph's engine ended: ask again")
        self._send(Question(number, cypher, dict(params), most))
        try:
            answer = future.result(self._seconds + _PATIENCE)
        except NotInTimeError as error:
            self.close()
            raise StoreError(f"no answer after {self._seconds:g} s", cypher) from error
        if answer.problem is not None:
            raise StoreError(answer.problem, cypher)
        return answer.rows

    def close(self) -> None:
        """End the process, whatever it does."""
        self.is_dead = True
        with suppress(OSError):
            self._process.kill()
        assert self._process.stdin is not None
        with suppress(OSError), self._mutex:
            self._process.stdin.close()
        self._process.wait()

    def _send(self, message: msgspec.Struct) -> None:
        assert self._process.stdin is not None
        try:
            with self._mutex:
                write_message(self._process.stdin, message)
        except OSError:
            self.is_dead = True

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while (message := read_message(self._process.stdout)) is not None:
            answer = msgspec.msgpack.decode(message, type=Answer)
            self._asked += 1
            self._first = self._first or answer.memory
            self.is_worn = self._asked > _QUESTIONS or answer.memory - self._first > _GROWTH
            with self._mutex:
                future = self._open.pop(answer.number)
            future.set_result(answer)
        self.is_dead = True
        with self._mutex:
            left = list(self._open.values())
            self._open.clear()
        for future in left:
            future.set_exception(StoreError("the graph's engine ended: ask again"))
        self._process.stdout.close()
        self._process.wait()


class Engines:
    """The engines of a server."""

    def __init__(self, seconds: float = 30.0) -> None:
        """``seconds`` of one question."""
        self._seconds = seconds
        self._engines: OrderedDict[tuple[Path, str], Engine] = OrderedDict()
        self._mutex = threading.Lock()

    def ask(self, folder: Path, generation: str, cypher: str, params: Mapping[str, object], most: int) -> list[Row]:
        """The rows of a read query on a generation's graph. ``StoreError`` where there is none, or the engine refuses."""
        engine = self._take(folder, generation)
        try:
            return engine.ask(cypher, params, most)
        finally:
            with self._mutex:
                engine.users -= 1

    def forget(self, folder: Path) -> None:
        """End the engines of a case."""
        with self._mutex:
            for key in [key for key in self._engines if key[0] == folder]:
                self._engines.pop(key).close()

    def close(self) -> None:
        with self._mutex:
            for engine in self._engines.values():
                engine.close()
            self._engines.clear()

    def _take(self, folder: Path, generation: str) -> Engine:
        with self._mutex:
            for key, engine in list(self._engines.items()):
                is_old = key[0] == folder and key[1] != generation
                if engine.is_dead or ((is_old or engine.is_worn) and not engine.users):
                    del self._engines[key]
                    engine.close()
            found = self._engines.get((folder, generation))
            if found is None:
                found = self._engines[folder, generation] = Engine(folder, generation, self._seconds)
            self._engines.move_to_end((folder, generation))
            unused = [key for key, engine in self._engines.items() if engine is not found and not engine.users]
            for key in unused[: max(0, len(self._engines) - _MOST)]:
                self._engines.pop(key).close()
            found.users += 1
            return found
