"""The scheduler started an action of a task; no log of it names the account."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT
from graphcorr.facts.base import Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.TASK_RUN,
    {"task": TEXT, "path": TEXT, "pid": INTEGER},
    node("An action of a scheduled task started", {"host": TEXT, "task": TEXT, "path": TEXT, "pid": INTEGER}),
)
