"""Two ATT&CK releases side by side: what came, what went, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.intel.facts import Fact, Facts


class Change(msgspec.Struct, frozen=True, order=True):
    """``what`` is added, removed, renamed, revoked, deprecated, revived or aliases; ``detail`` says to what."""

    kind: str
    id: str
    what: str
    name: str
    detail: str | None = None


class StatementChange(msgspec.Struct, frozen=True, order=True):
    """``what`` is added or removed; ``type`` is uses, attributed_to, detects, mentions, parent or tactic."""

    type: str
    what: str
    source: str
    target: str


class Comparison(msgspec.Struct, frozen=True):
    old: str
    new: str
    objects: list[Change]
    statements: list[StatementChange]


def compare(old: Facts, new: Facts) -> Comparison:
    """What changed from one release to another, sorted."""
    objects = [change for identity in old.objects.keys() | new.objects.keys() for change in _compare(old, new, identity)]
    statements: list[StatementChange] = []
    before, after = _statements(old), _statements(new)
    for type_ in sorted(before.keys() | after.keys()):
        was, is_ = before.get(type_, set()), after.get(type_, set())
        statements += [StatementChange(type_, "added", *pair) for pair in sorted(is_ - was)]
        statements += [StatementChange(type_, "removed", *pair) for pair in sorted(was - is_)]
    return Comparison(f"{old.name} {old.version}", f"{new.name} {new.version}", sorted(objects), statements)


def _compare(old: Facts, new: Facts, identity: str) -> Iterable[Change]:
    was, is_ = old.objects.get(identity), new.objects.get(identity)
    if was is None:
        assert is_ is not None
        yield Change(is_.kind, identity, "added", is_.name)
        return
    if is_ is None:
        yield Change(was.kind, identity, "removed", was.name)
        return
    if was.name != is_.name:
        yield Change(is_.kind, identity, "renamed", is_.name, f"was {was.name}")
    if was.active and not is_.active:
        what = "revoked" if is_.replaced_by else "deprecated"
        yield Change(is_.kind, identity, what, is_.name, f"by {is_.replaced_by}" if is_.replaced_by else None)
    elif is_.active and not was.active:
        yield Change(is_.kind, identity, "revived", is_.name)
    if detail := _compare_aliases(was, is_):
        yield Change(is_.kind, identity, "aliases", is_.name, detail)


def _compare_aliases(was: Fact, is_: Fact) -> str:
    gone = [f"-{alias}" for alias in was.aliases if alias not in is_.aliases]
    came = [f"+{alias}" for alias in is_.aliases if alias not in was.aliases]
    return " ".join((*came, *gone))


def _statements(facts: Facts) -> dict[str, set[tuple[str, str]]]:
    return {
        "uses": {(use.source, use.target) for use in facts.uses},
        "mentions": {(mention.actor, mention.software) for mention in facts.mentions},
        "parent": set(facts.parents.items()),
        "attributed_to": {(source, target) for source, targets in facts.attributed.items() for target in targets},
        "detects": {(source, target) for source, targets in facts.detects.items() for target in targets},
        "tactic": {(source, target) for source, targets in facts.tactics.items() for target in targets},
    }
