"""What a running server has: its settings, who runs its jobs, and since when."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphcorr.service.supervising import Supervisor
    from graphcorr.settings import Settings


@dataclass(slots=True)
class Serving:
    """One a process."""

    settings: Settings
    supervisor: Supervisor
    started: float = field(default_factory=time.monotonic)

    def hide(self, text: str) -> str:
        """A message without where this machine keeps its state: that is nobody's who asks over a network."""
        return text.replace(f"{self.settings.state / 'cases'}/", "").replace(str(self.settings.state), "the state folder")
