"""A scheduled task was registered, changed, switched or removed.

``change`` is registered, updated, removed, enabled or disabled; ``path`` the command of its first action with the arguments, or the
class id of what handles it; ``remote`` is TRUE where the record says that a client of another machine asked, NULL where it says nothing.
"""

from __future__ import annotations

from graphcorr.engine.tables import FLAG, TEXT
from graphcorr.facts.base import ACTOR, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.TASK_CHANGE,
    {**ACTOR, "task": TEXT, "path": TEXT, "change": TEXT, "remote": FLAG},
    node(
        "A scheduled task registered, changed, switched or removed",
        {"host": TEXT, "task": TEXT, "path": TEXT, "change": TEXT},
        edges=("PERFORMED_BY",),
    ),
    is_rare=True,
)
