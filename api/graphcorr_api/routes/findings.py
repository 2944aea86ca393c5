"""What was found in a case: report, findings with their records, paths, observations, sightings, coverage, hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.responses import Response

from graphcorr.model.findings import Evidence, Finding, Observation
from graphcorr.model.report import Coverage, HopPath, Report, SightedIndicator
from graphcorr.service import contents, hops, leads, listing
from graphcorr.service.contents import (
    Host,
    HostsAsked,
    ObservationsAsked,
    Overview,
    PathsAsked,
    PathShown,
    PlainAsked,
)
from graphcorr.service.hops import Hops, HopsAsked, Timeline, TimelineAsked
from graphcorr.service.leads import LeadsAsked, LeadShown
from graphcorr.service.listing import FindingsAsked
from graphcorr.service.pages import Page
from graphcorr.service.shelf import case_folder
from graphcorr_api.calls import JSON, Call, Handler, Nothing

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr_api.calls import Asked


class RawRecord(msgspec.Struct, frozen=True):
    """One record of a finding's evidence with its text as it stood in the log."""

    evidence: Evidence
    raw: str
    offset_seconds: float
    """What was added to the logged time to align it."""
    names: list[str | None]
    """What the columns of a row of columns are called."""
    decoded: list[str]
    """What encoded commands in it say."""


class Records(msgspec.Struct, frozen=True):
    """In the order of the finding's evidence."""

    items: list[RawRecord]


def _folder(asked: Asked[Any, Any]) -> Path:
    return case_folder(asked.path["case"], asked.serving.settings)


def overview(asked: Asked[Nothing, None]) -> Overview:
    return contents.show_overview(_folder(asked))


def report(asked: Asked[Nothing, None]) -> Response:
    return Response(contents.read_report_bytes(_folder(asked)), media_type=JSON)


def list_findings(asked: Asked[FindingsAsked, None]) -> Page[msgspec.Raw]:
    return listing.list_findings(_folder(asked), asked.query)


def show_finding(asked: Asked[Nothing, None]) -> Finding:
    return listing.show_finding(_folder(asked), asked.path["finding"])


def show_evidence(asked: Asked[Nothing, None]) -> Records:

    from graphcorr.service import explaining  # brings the column engine, which nothing else here needs

    folder = _folder(asked)
    found = explaining.explain(folder, listing.show_finding(folder, asked.path["finding"]).id)
    return Records([RawRecord(step.evidence, step.raw, step.offset_seconds, list(step.names), list(step.decoded)) for step in found.steps])


def list_hops(asked: Asked[HopsAsked, None]) -> Hops:
    return hops.list_hops(_folder(asked), asked.query)


def show_timeline(asked: Asked[TimelineAsked, None]) -> Timeline:
    return hops.show_timeline(_folder(asked), asked.query)


def list_paths(asked: Asked[PathsAsked, None]) -> Page[HopPath]:
    return contents.list_paths(_folder(asked), asked.query)


def show_path(asked: Asked[Nothing, None]) -> PathShown:
    return contents.show_path(_folder(asked), asked.path["path"])


def list_leads(asked: Asked[LeadsAsked, None]) -> Page[LeadShown]:
    return leads.list_leads(_folder(asked), asked.query)


def list_observations(asked: Asked[ObservationsAsked, None]) -> Page[Observation]:
    return contents.list_observations(_folder(asked), asked.query)


def list_sightings(asked: Asked[PlainAsked, None]) -> Page[SightedIndicator]:
    return contents.list_sightings(_folder(asked), asked.query)


def show_coverage(asked: Asked[Nothing, None]) -> Coverage:
    return contents.show_coverage(_folder(asked))


def list_hosts(asked: Asked[HostsAsked, None]) -> Page[Host]:
    return contents.list_hosts(_folder(asked), asked.query)


def show_host(asked: Asked[Nothing, None]) -> Host:
    return contents.show_host(_folder(asked), asked.path["host"])


def _get(path: str, handler: Handler, answer: object, summary: str, asked: type[msgspec.Struct] | None = None) -> Call:
    return Call(
        method="GET",
        path=f"/v1/cases/{{case}}{path}",
        summary=summary,
        handler=handler,
        answer=answer,
        query=asked or Nothing,
        problems=("not-detected", "gone") if asked is not None else ("not-detected",),
    )


CALLS: Final = (
    _get("/overview", overview, Overview, "A case at a glance: what was read, what could be seen, how much was found"),
    _get("/report", report, Report, "The whole report"),
    _get("/findings", list_findings, Page[Finding], "Findings by pages", FindingsAsked),
    _get("/findings/{finding}", show_finding, Finding, "One finding with every step"),
    _get("/findings/{finding}/evidence", show_evidence, Records, "The raw records of a finding"),
    _get("/hops", list_hops, Hops, "Findings without evidence, many at once", HopsAsked),
    _get("/timeline", show_timeline, Timeline, "How many findings there were when", TimelineAsked),
    _get("/paths", list_paths, Page[HopPath], "Paths by pages", PathsAsked),
    _get("/paths/{path}", show_path, PathShown, "One path with the findings that are its hops"),
    _get("/leads", list_leads, Page[LeadShown], "Where paths may have led: logons and attempts that are no hops", LeadsAsked),
    _get("/observations", list_observations, Page[Observation], "Low signals, aggregated", ObservationsAsked),
    _get("/sightings", list_sightings, Page[SightedIndicator], "Indicators that were seen", PlainAsked),
    _get("/coverage", show_coverage, Coverage, "What could be seen, by host and by pattern"),
    _get("/hosts", list_hosts, Page[Host], "Hosts with coverage and findings", HostsAsked),
    _get("/hosts/{host}", show_host, Host, "One host"),
)
