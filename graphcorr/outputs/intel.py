"""Loaded intelligence as pages for people and as JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.intel.comparison import Comparison
    from graphcorr.intel.library import Held, Release
    from graphcorr.intel.loading import Loading, Outcome

LOAD_SCHEMA: Final = "graphcorr.intel-load/1"
LIST_SCHEMA: Final = "graphcorr.intel-list/1"
SHOW_SCHEMA: Final = "graphcorr.intel-record/1"
DIFF_SCHEMA: Final = "graphcorr.intel-diff/1"
SHOWN: Final = 20
"""Records or changes that a page lists before it says how many more there are; JSON has all."""
_COLUMN: Final = 16


def render_loading(done: Loading, width: int = 100) -> Page:
    """What became of a load: totals first, then what needs a look."""
    page = Page(width)
    page.add(
        f"{count(done.read, 'record')} read: {done.loaded} loaded, {done.salvaged} salvaged, {done.quarantined} quarantined.",
        style=Style.HEADING,
    )
    changes = [f"{number} {change}" for change, number in sorted(done.changes.items())]
    if changes:
        page.add(f"In the library: {', '.join(changes)}.")
    for release in done.releases:
        page.add(f"Release {release.name} {release.version} from {release.file}: {count(release.records, 'record')}.")
    if done.retired:
        page.add(f"{count(done.retired, 'record')} of earlier releases retired; graphcorr intel diff tells which.")
    for problem in done.problems[:SHOWN]:
        page.add(f"{_place(problem.file, problem.member)}: {problem.reason}", style=Style.WARNING, hang=3)
    looked_at = [outcome for outcome in done.records if outcome.status != "loaded"]
    for outcome in looked_at[:SHOWN]:
        _add_outcome(page, outcome)
    _add_more(page, len(looked_at), "record")
    return page


def loading_document(done: Loading) -> dict[str, object]:
    """``graphcorr intel load --json``: ``read`` is the sum of loaded, salvaged and quarantined."""
    return {"schema": LOAD_SCHEMA, **{name: getattr(done, name) for name in done.__struct_fields__}}


def render_records(records: Sequence[Held], totals: dict[str, int], releases: Sequence[Release], facts: str, width: int = 100) -> Page:
    """The records of the library, each in a line or two."""
    page = Page(width)
    page.add(f"ATT&CK {facts}. The library holds {', '.join(f'{n} {status}' for status, n in totals.items()) or 'nothing'}.")
    for release in releases:
        page.add(
            f"Release {release.name} {release.version} from {_place(release.file, release.member)}: {count(release.records, 'record')}."
        )
    for held in records[:SHOWN]:
        page.blank()
        page.add(_headline(held), style=Style.HEADING, hang=3)
        page.label("From", f"{_place(held.file, held.member)}, record {held.record}", indent=3, column=_COLUMN)
        if held.reasons:
            page.label("Because", ", ".join(held.reasons), indent=3, column=_COLUMN)
        if held.detail:
            page.label("", held.detail, indent=3, column=_COLUMN)
        page.label("Id", held.id, indent=3, column=_COLUMN)
    _add_more(page, len(records), "record")
    return page


def records_document(records: Sequence[Held], totals: dict[str, int], releases: Sequence[Release], facts: str) -> dict[str, object]:
    return {"schema": LIST_SCHEMA, "attack": facts, "totals": totals, "releases": list(releases), "records": list(records)}


def render_record(held: Held, text: str, width: int = 100) -> Page:
    """One record with all that is said of it; its text follows as it came."""
    page = render_records([held], {held.status: 1}, [], "", width)
    page.lines[:2] = []
    for label, value in (
        ("Version", held.version),
        ("Retired by", held.retired),
        ("Candidates", ", ".join(held.candidates)),
        ("Confidence", None if held.confidence is None else f"{held.confidence:.4g}"),
        ("Mentions", ", ".join(f"{actor} with {software}" for actor, software in held.mentions)),
    ):
        if value:
            page.label(label, value, indent=3, column=_COLUMN)
    page.blank()
    for line in text.splitlines():
        page.add(line)
    return page


def record_document(held: Held, text: str) -> dict[str, object]:
    return {"schema": SHOW_SCHEMA, "record": held, "text": text}


def render_comparison(found: Comparison, width: int = 100) -> Page:
    """What changed between two releases."""
    page = Page(width)
    page.add(
        f"From {found.old} to {found.new}: {count(len(found.objects), 'object')} and {count(len(found.statements), 'statement')} changed.",
        style=Style.HEADING,
    )
    for change in found.objects[:SHOWN]:
        page.add(
            f"{change.what}: {change.kind} {change.id} {change.name}{f' ({change.detail})' if change.detail else ''}", indent=3, hang=3
        )
    _add_more(page, len(found.objects), "object")
    for statement in found.statements[:SHOWN]:
        page.add(f"{statement.what}: {statement.source} {statement.type} {statement.target}", indent=3, hang=3)
    _add_more(page, len(found.statements), "statement")
    return page


def comparison_document(found: Comparison) -> dict[str, object]:
    return {"schema": DIFF_SCHEMA, **msgspec.structs.asdict(found)}


def _add_outcome(page: Page, outcome: Outcome) -> None:
    page.blank()
    page.add(f"{outcome.status}: {_place(outcome.file, outcome.member)}, record {outcome.record}", style=Style.HEADING, hang=3)
    if outcome.relationship:
        target = outcome.target or " | ".join(outcome.candidates) or "?"
        page.label("Says", f"{outcome.source or '?'} {outcome.relationship} {target}", indent=3, column=_COLUMN)
    page.label("Because", ", ".join(outcome.reasons), indent=3, column=_COLUMN)
    if outcome.detail:
        page.label("", outcome.detail, indent=3, column=_COLUMN)
    if outcome.confidence is not None:
        page.label("Confidence", f"{outcome.confidence:.4g}", indent=3, column=_COLUMN)


def _headline(held: Held) -> str:
    if held.relationship:
        target = held.target or " | ".join(held.candidates) or "?"
        return f"{held.status}: {held.source or '?'} {held.relationship} {target}"
    return f"{held.status}: {held.type} {held.name or ''} {held.end_id if held.end_id != held.id and held.end_id else ''}".rstrip()


def _place(file: str, member: str | None) -> str:
    return f"{file}!{member}" if member else file


def _add_more(page: Page, number: int, what: str) -> None:
    if number > SHOWN:
        page.blank()
        page.add(f"… and {count(number - SHOWN, f'further {what}')}; --json has them all.", style=Style.FAINT)
