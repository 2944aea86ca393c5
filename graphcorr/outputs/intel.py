"""Loaded intelligence as pages for people and as JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphcorr.intel.about import About
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


def render_loading(done: Loading, names: Mapping[str, str], width: int = 100) -> Page:
    """What became of a load: totals first, then what needs a look. ``names`` are those of ids."""
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
        _add_outcome(page, outcome, names)
    _add_more(page, len(looked_at), "record")
    return page


def loading_document(done: Loading) -> dict[str, object]:
    """``graphcorr intel load --json``: ``read`` is the sum of loaded, salvaged and quarantined."""
    return {"schema": LOAD_SCHEMA, **{name: getattr(done, name) for name in done.__struct_fields__}}


def render_records(
    records: Sequence[Held],
    totals: dict[str, int],
    releases: Sequence[Release],
    facts: str,
    *,
    names: Mapping[str, str],
    width: int = 100,
) -> Page:
    """The records of the library, each in a line or two. ``names`` are those of ids."""
    page = Page(width)
    page.add(f"ATT&CK {facts}. The library holds {', '.join(f'{n} {status}' for status, n in totals.items()) or 'nothing'}.")
    if totals and not records:
        page.add("No record is of the kind that was asked for.")
    for release in releases:
        page.add(
            f"Release {release.name} {release.version} from {_place(release.file, release.member)}: {count(release.records, 'record')}."
        )
    for held in records[:SHOWN]:
        page.blank()
        _add_record(page, held, names)
    _add_more(page, len(records), "record")
    return page


def records_document(records: Sequence[Held], totals: dict[str, int], releases: Sequence[Release], facts: str) -> dict[str, object]:
    return {"schema": LIST_SCHEMA, "attack": facts, "totals": totals, "releases": list(releases), "records": list(records)}


def render_record(held: Held, text: str, names: Mapping[str, str], width: int = 100) -> Page:
    """One record with all that is said of it; its text follows as it came."""
    page = Page(width)
    _add_record(page, held, names)
    for label, value in (
        ("Version", held.version),
        ("Retired by", held.retired),
        ("Candidates", listed([_named(each, names) for each in held.candidates])),
        ("Confidence", None if held.confidence is None else f"{held.confidence:.4g}"),
    ):
        if value:
            page.label(label, value, indent=3, column=_COLUMN)
    page.blank()
    for line in text.splitlines():
        page.add(line)
    return page


def render_about(about: About, width: int = 100) -> Page:
    """What the release says of one object: who uses it, what it uses, beside what it is mentioned."""
    page = Page(width)
    fact = about.fact
    aliases = f", also {', '.join(fact.aliases)}" if fact.aliases else ""
    page.add(f"{fact.id} {fact.kind.replace('_', ' ')} {fact.name}{aliases}{'' if fact.active else ' (revoked or deprecated)'}", hang=3)
    for label, names in about.related.items():
        page.label(label, listed(list(names.values()), SHOWN), indent=3, column=_COLUMN)
    return page


def about_document(found: Sequence[About]) -> dict[str, object]:
    """Ids stand for names here: by what each is to the object."""
    rows = [
        {name: getattr(one.fact, name) for name in one.fact.__struct_fields__}
        | {"related": {label.casefold().replace(" ", "_"): list(names) for label, names in one.related.items()}}
        for one in found
    ]
    return {"schema": SHOW_SCHEMA, "facts": rows}


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


def _add_outcome(page: Page, outcome: Outcome, names: Mapping[str, str]) -> None:
    page.blank()
    page.add(f"{outcome.status}: {_place(outcome.file, outcome.member)}, record {outcome.record}", style=Style.HEADING, hang=3)
    if outcome.relationship:
        page.label("Says", _statement(outcome, names), indent=3, column=_COLUMN)
    _add_mentions(page, outcome, names)
    page.label("Because", ", ".join(outcome.reasons), indent=3, column=_COLUMN)
    if outcome.detail:
        page.label("", outcome.detail, indent=3, column=_COLUMN)
    if outcome.confidence is not None:
        page.label("Confidence", f"{outcome.confidence:.4g}", indent=3, column=_COLUMN)


def _add_record(page: Page, held: Held, names: Mapping[str, str]) -> None:
    said = (
        _statement(held, names)
        if held.relationship
        else f"{held.type} {held.name or ''} {held.end_id if held.end_id != held.id and held.end_id else ''}".rstrip()
    )
    page.add(f"{held.status}: {said}", style=Style.HEADING, hang=3)
    page.label("From", f"{_place(held.file, held.member)}, record {held.record}", indent=3, column=_COLUMN)
    _add_mentions(page, held, names)
    if held.reasons:
        page.label("Because", ", ".join(held.reasons), indent=3, column=_COLUMN)
    if held.detail:
        page.label("", held.detail, indent=3, column=_COLUMN)
    page.label("Id", held.id, indent=3, column=_COLUMN)


def _add_mentions(page: Page, one: Outcome | Held, names: Mapping[str, str]) -> None:
    if one.mentions:
        said = [f"{_named(actor, names)} beside {_named(software, names)}" for actor, software in one.mentions]
        page.label("Mentions", f"{listed(said)}: named together, not reported as used", indent=3, column=_COLUMN)


def _statement(one: Outcome | Held, names: Mapping[str, str]) -> str:
    targets = [one.target] if one.target else list(one.candidates)
    said = " or ".join(_named(target, names) for target in targets) or "something unknown"
    return f"{_named(one.source, names) if one.source else 'something unknown'} {one.relationship} {said}"


def _named(identity: str, names: Mapping[str, str]) -> str:
    name = names.get(identity)
    return identity if name is None or name == identity else f"{name} ({identity})"


def _place(file: str, member: str | None) -> str:
    return f"{file}!{member}" if member else file


def _add_more(page: Page, number: int, what: str) -> None:
    if number > SHOWN:
        page.blank()
        page.add(f"… and {count(number - SHOWN, f'further {what}')}; --json has them all.", style=Style.FAINT)
