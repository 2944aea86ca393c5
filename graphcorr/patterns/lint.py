"""The lint: what every engine runs, but not with the same result, or only one engine runs at all.

Binding a query on an engine does not see these. All checks are an allow-list at heart: what was not tried side by side
is refused with the way to say it that was.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from graphcorr.patterns import checks
from graphcorr.patterns.grammar import Problem, Query, read_query
from graphcorr.patterns.header import Header

if TYPE_CHECKING:
    from graphcorr.errors import PatternError
    from graphcorr.patterns.load import Pattern

Check = Callable[[Query, Header], Iterable[Problem]]


def find_checks() -> list[Check]:
    """The function ``check`` of every module in the folder ``checks``."""
    modules = pkgutil.iter_modules(checks.__path__, f"{checks.__name__}.")
    return [importlib.import_module(module.name).check for module in modules]


def lint(pattern: Pattern) -> list[PatternError]:
    """All problems of a pattern's query, in the order of the text."""
    query = read_query(pattern.text)
    problems = set(query.problems)
    if query.readable:
        for check in find_checks():
            problems.update(check(query, pattern.header))
    return [pattern.error(problem.reason, problem.offset) for problem in sorted(problems)]
