"""Where somebody may have gone on from a path, or come from to it: said as what was logged, and never as a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.links.contacts import DESKTOP_RUN
from graphcorr.model.leads import Direction, Lead, LeadTier
from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import SHORTEST_ID, count, listed, moment, name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphcorr.model.report import HopPath


def add_leads(page: Page, path: HopPath, direction: Direction, ids: Mapping[str, str], *, indent: int, column: int) -> None:
    """The path's leads of one direction; ``ids`` are the short ids of findings."""
    leads = [one for one in path.leads if one.direction is direction]
    for lead in leads:
        page.label(moment(lead.first), sentence(lead, ids), indent=indent, column=column, style=Style.FAINT)
        page.add("; ".join(lead.why), indent=column, style=Style.FAINT)
    if path.leads_left and direction is Direction.ONWARD:
        page.add(f"and {count(path.leads_left, 'more lead')} of that kind, which {_are(path.leads_left)} not told", indent=column)


def add_leads_of(page: Page, leads: Sequence[Lead]) -> None:
    """Those that begin or end at the machines of one finding."""
    if not leads:
        return
    page.heading("Where it may have led, and what may have come before: no hops, nothing is seen to run for these")
    for lead in leads:
        page.label(moment(lead.first), sentence(lead, {id_: id_[:SHORTEST_ID] for id_ in lead.found}), indent=3, column=29)
        page.add("; ".join(lead.why), indent=29, style=Style.FAINT)


def sentence(lead: Lead, ids: Mapping[str, str]) -> str:
    r"""``CORP\bob then logged on to DC1 from SRV2 (network logon, 3 times until …); no finding says that anything ran there for it``."""
    who, source, target = lead.account or "somebody", name(lead.source), name(lead.target)
    times = f", {lead.count:,} times until {moment(lead.last)}" if lead.count > 1 else ""
    way = f"{target} from {source} ({listed(lead.ways)}{times})"
    logged_on = lead.tier is LeadTier.LOGON
    if lead.direction is Direction.INWARD:
        return f"{who} had {'logged on to' if logged_on else 'tried to reach'} {way}"
    said = f"{who} then {'logged on to' if logged_on else 'tried to reach'} {way}"
    if DESKTOP_RUN in lead.ways:
        return f"{said}, and a shell was started there in that session"
    if not lead.found:
        return f"{said}; no finding says that anything ran there for it"
    return f"{said}; what ran or was set up there from then on has no known source: {', '.join(ids.get(id_, id_) for id_ in lead.found)}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
