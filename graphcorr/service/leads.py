"""Where paths may have led, over all paths of a case, and beside one finding: what is no hop and counts for no score."""
# ruff: noqa: TC001  (msgspec reads the annotations of a question)

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from graphcorr.model.findings import Finding
from graphcorr.model.leads import Direction, Lead
from graphcorr.service.contents import among, hold, page_of
from graphcorr.service.listing import Span, Words, ends_of, show_finding
from graphcorr.service.pages import CursorText, Limit, Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphcorr.model.findings import Endpoint
    from graphcorr.model.report import HopPath


class LeadsAsked(Span, kw_only=True, forbid_unknown_fields=True):
    """Which leads."""

    finding: Annotated[str, Meta(min_length=1, max_length=80, description="At the machines of this finding, by its id.")] | None = None
    host: Annotated[Words, Meta(description="Source or target, by name or address.")] = ()
    account: Annotated[Words, Meta(description="The account, as it is told.")] = ()
    limit: Limit = 50
    cursor: CursorText | None = None


class LeadShown(msgspec.Struct, frozen=True):
    """A lead and the path that it is told with, in which it has this place."""

    path: str
    number: int
    """Among the path's leads, from 0."""
    lead: Lead


def list_leads(folder: Path, asked: LeadsAsked) -> Page[LeadShown]:
    """In the order of the paths, the earlier leads of each first. ``NotFoundError`` for a finding that is none."""
    held = hold(folder)
    first, last = ends_of(asked)
    finding = show_finding(folder, asked.finding) if asked.finding is not None else None
    found = [
        each
        for each in _all(held.parts.paths, finding)
        if (first is None or each.lead.last >= first)
        and (last is None or each.lead.first <= last)
        and among(asked.host, [name for end in (each.lead.source, each.lead.target) for name in (end.host, end.address) if name])
        and among(asked.account, [each.lead.account] if each.lead.account else [])
    ]
    return page_of(found, held.name, asked, asked.cursor, asked.limit)


def leads_of(folder: Path, finding: Finding) -> list[Lead]:
    """Where somebody may have gone on from the finding's target, and come from to its source, as its paths tell."""
    return [each.lead for each in _all(hold(folder).parts.paths, finding)]


def _all(paths: list[HopPath], finding: Finding | None) -> Iterator[LeadShown]:
    for path in paths:
        if finding is None or finding.id in path.hops:
            for number, lead in enumerate(path.leads):
                if finding is None or _concerns(lead, finding):
                    yield LeadShown(path.id, number, lead)


def _concerns(lead: Lead, finding: Finding) -> bool:
    if lead.direction is Direction.INWARD:
        return finding.source is not None and _is_same(lead.target, finding.source)
    return _is_same(lead.source, finding.target)


def _is_same(one: Endpoint, other: Endpoint) -> bool:
    """By their names, else by their addresses."""
    if one.host is not None and other.host is not None:
        return one.host == other.host
    return one.address is not None and one.address == other.address
