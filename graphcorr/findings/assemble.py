"""Pattern rows to findings: each pattern's rows go to the judge of its family, or to that of all the others."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from graphcorr.findings import judges as folder
from graphcorr.findings.judging import Hit
from graphcorr.findings.unclaimed import UNCLAIMED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphcorr.findings.judging import Judge
    from graphcorr.graph.project import Projection
    from graphcorr.model.findings import Finding
    from graphcorr.patterns.header import Header
    from graphcorr.patterns.load import Pattern
    from graphcorr.store.base import Row


def assemble(hits: Sequence[tuple[Pattern, Sequence[Row]]], projection: Projection) -> list[Finding]:
    """Findings of all patterns, ordered by time, then id."""
    by_judge: defaultdict[str, list[Hit]] = defaultdict(list)
    for pattern, rows in hits:
        by_judge[_name_of_judge(pattern.header)] += (Hit(pattern, row) for row in rows)
    findings = [one for name, own in by_judge.items() for one in _find(name).judge(own, projection)]
    return sorted(findings, key=lambda finding: (finding.time, finding.id))


@cache
def find_judges() -> Mapping[str, Judge]:
    """Every judge in the folder by the name of its module."""
    names = sorted(module.name for module in iter_modules(folder.__path__))
    return {name: import_module(f"{folder.__name__}.{name}").JUDGE for name in names}


def _find(name: str) -> Judge:
    return find_judges().get(name, UNCLAIMED)


def _name_of_judge(header: Header) -> str:
    claiming = [name for name, judge in find_judges().items() if judge.claims(header)]
    if len(claiming) > 1:
        # The order of the folder is not to decide.
        raise RuntimeError(f"the pattern {header.id} is claimed by the judges {' and '.join(claiming)}")
    return claiming[0] if claiming else ""
