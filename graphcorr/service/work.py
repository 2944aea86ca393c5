"""Work that can be stopped: a progress that ends it, where it reports, once somebody asked for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphcorr.errors import CancelledError

if TYPE_CHECKING:
    from graphcorr.model.progress import Cancel, Progress


class Never:
    """Nobody stops the work."""

    def is_set(self) -> bool:
        return False


NEVER: Final = Never()


@dataclass(frozen=True, slots=True)
class Stoppable:
    """Passes on how far the work is; raises ``CancelledError`` instead once ``cancel`` is set.

    While reading that is after each block of a file, later between the phases.
    """

    progress: Progress
    cancel: Cancel

    def phase(self, name: str, total: int | None) -> None:
        self._look()
        self.progress.phase(name, total)

    def advance(self, done: int) -> None:
        self._look()
        self.progress.advance(done)

    def finish(self) -> None:
        self.progress.finish()

    def _look(self) -> None:
        if self.cancel.is_set():
            raise CancelledError("stopped before the end; what was read is kept")
