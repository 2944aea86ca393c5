"""How the tables of the second phase were made, for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.engine.plan import Made


def render(made: Sequence[Made]) -> str:
    """One line a table, in the order of making: name, rows, seconds of processor time, and what it is made of."""
    width = max((len(one.name) for one in made), default=0)
    lines = [f"{'table':{width}} {'rows':>12} {'cpu s':>8} {'s':>8}  made of"]
    for one in made:
        rows = "view" if one.rows is None else f"{one.rows:,}"
        lines.append(f"{one.name:{width}} {rows:>12} {one.cpu:8.3f} {one.wall:8.3f}  {', '.join(one.needs)}")
    tables = [one for one in made if one.rows is not None]
    lines.append(f"{len(tables)} tables and {len(made) - len(tables)} views, {sum(one.cpu for one in made):.2f} s of processor time")
    return "\n".join(lines) + "\n"


def render_json(made: Sequence[Made]) -> bytes:
    """A list of ``{name, needs, rows, cpu, wall}``; ``rows`` is null for a view, times are seconds."""
    return msgspec.json.encode([one._asdict() for one in made])
