"""Everything that can be wrong with patterns, in one go: lint, binding on an engine, their cases, and stubs left as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.errors import PatternError, StoreError
from graphcorr.patterns.cases import Case, Judging, StoreFactory, find_case_file, load_cases, run_case, skipped_events
from graphcorr.patterns.document import item_lines
from graphcorr.patterns.lint import lint
from graphcorr.patterns.scaffold import is_unfilled, unfilled

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphcorr.patterns.load import Pattern


def check(patterns: Iterable[Pattern], make_store: StoreFactory, judge: Judging | None = None) -> list[PatternError]:
    """All problems of all patterns, in the order of the patterns; an empty list means that they hold.

    Cases run only for a pattern that lints and binds: a query that the engine refuses would fail each of them. ``judge`` makes
    of their rows what a hunt would, so that rows of which nothing can be made are told here.
    """
    problems: list[PatternError] = []
    for pattern in patterns:
        problems += lint(pattern) or check_binding(pattern, make_store) or check_cases(pattern, make_store, judge)
        problems += check_filled(pattern)
    return problems


def check_filled(pattern: Pattern) -> list[PatternError]:
    """Stubs that nobody filled in: they lint, bind and pass, and look for nothing of one's own."""
    problems = [pattern.error(reason, place) for place, reason in unfilled(pattern.id, pattern.text)]
    path = find_case_file(pattern)
    if path is not None and is_unfilled(path.read_text(encoding="utf-8", errors="replace")):
        problems.append(PatternError("the cases are still those of the stub: make a hit and decoys of your own", str(path)))
    return problems


def check_binding(pattern: Pattern, make_store: StoreFactory) -> list[PatternError]:
    """What an engine refuses."""
    store = make_store()
    try:
        store.check(pattern.text)
    except StoreError as error:
        return [pattern.error(f"{store.engine} refuses it: {error.reason}", _query_start(pattern))]
    finally:
        store.close()
    return []


def check_cases(pattern: Pattern, make_store: StoreFactory, judge: Judging | None = None) -> list[PatternError]:
    """A pattern without cases, or without both hits and decoys, is wrong as well."""
    path = find_case_file(pattern)
    if path is None:
        return [pattern.error(f"there are no cases: neither {pattern.id}.cases.yaml beside it, nor tests/cases/{pattern.id}.yaml")]
    cases: list[Case] = []
    problems: list[PatternError] = []
    for item in load_cases(path):
        if isinstance(item, Case):
            cases.append(item)
        else:
            problems.append(item)
    if problems:
        return problems
    columns = set(pattern.header.evidence)
    problems += [
        PatternError(f"case {case.name!r}: {row} has to name each of {', '.join(sorted(columns))}", str(path), _line_of(path, number))
        for number, case in enumerate(cases)
        for row in case.expect
        if set(row) != columns
    ]
    if not any(case.expect for case in cases):
        problems.append(PatternError("there is no hit: a case that expects a row", str(path)))
    if all(case.expect for case in cases):
        problems.append(PatternError("there is no decoy: a case that expects nothing", str(path)))
    if problems:
        return problems
    for number, case in enumerate(cases):
        try:
            outcome = run_case(pattern, case, make_store, judge=judge)
        except PatternError as error:
            problems.append(PatternError(f"case {case.name!r}: {error.reason}", str(path), _line_of(path, number)))
            continue
        if not outcome.passed:
            told = "; ".join([f"expected {outcome.expected}, found {outcome.found}", *skipped_events(case)])
            problems.append(PatternError(f"case {case.name!r}: {told}", str(path), _line_of(path, number)))
    return problems


def _line_of(path: Path, number: int) -> int:
    """Where a case of a file that was read begins, from 1; ``number`` counts from 0."""
    return item_lines(path.read_text(encoding="utf-8"))[number] + 1


def _query_start(pattern: Pattern) -> int:
    end = pattern.text.find("---*/")
    return len(pattern.text) - len(pattern.text[end + 5 :].lstrip()) if end >= 0 else 0
