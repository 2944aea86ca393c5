"""A path as the story an analyst would tell: one line per step, each write before its runs, in the order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from graphcorr.model.findings import Finding, Movement, Role
from graphcorr.model.leads import Direction
from graphcorr.outputs.finding import LONGEST_COMMAND, SHOWN_RUNS, SHOWN_STEPS, add_command, run_actor
from graphcorr.outputs.hints import Hints
from graphcorr.outputs.inputs import incomplete
from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.leads import add_leads
from graphcorr.outputs.wording import (
    count,
    delay,
    endpoint,
    has_runs,
    listed,
    moment,
    name,
    plural,
    run_kind,
    seconds_between,
    short_ids,
    span,
    step_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.model.report import HopPath, Report

SHOWN_REASONS = 5
SHOWN_BEHAVIORS = 12
_COLUMN = 29
"""Where the sentence starts after a time."""


def render(report: Report, width: int = 100, case: Path | None = None) -> Page:
    """Every path of the report, or why there is none; ``case`` is what commands have to name."""
    page = Page(width)
    if said := incomplete(report.inputs.unfinished):
        page.add(said, style=Style.WARNING)
    if not report.paths:
        page.add("No path: no finding says that one machine took over another.", style=Style.HEADING)
        show = Hints(case).command("show")
        page.add(f"{show} tells what was found and what could not be judged.", whole=show)
        return page
    page.add(f"{say_paths(report.paths)}.", style=Style.HEADING)
    findings = {each.id: each for each in report.findings}
    hints = Hints(case, short_ids(findings) if report.case is not None else {})
    for path in report.paths:
        page.blank()
        add_path(page, path, findings, hints)
    hops = {hop for path in report.paths for hop in path.hops}
    if left := sum(id_ not in hops for id_ in findings):
        page.blank()
        show = hints.command("show")
        page.add(
            f"{count(left, 'finding')} {plural(left, 'is')} in no path. A path takes a source that is known, another machine than the "
            f"target, and something on the target that ran, was set up or was a session. See all findings with {show}",
            whole=show,
        )
    return page


def say_paths(paths: Sequence[HopPath]) -> str:
    """``3 paths: 1 of several hops, over 4 machines, and 2 of one hop``: a report's first line leaves out those of one hop."""
    several = [path for path in paths if len(path.hops) > 1]
    lone = len(paths) - len(several)
    if not several:
        return f"{count(lone, 'path')} of one hop"
    longest = count(max(len(path.hosts) for path in several), "machine")
    over = f"of several hops, {'the longest ' if len(several) > 1 else ''}over {longest}"
    if not lone:
        return f"{count(len(several), 'path')} {over}"
    return f"{count(len(paths), 'path')}: {len(several):,} {over}, and {lone:,} of one hop"


def add_path(page: Page, path: HopPath, findings: dict[str, Finding], hints: Hints, *, commands: int = LONGEST_COMMAND) -> None:
    """Append one path, command lines cut to ``commands`` characters. A hop whose finding the report does not hold is said to be so."""
    seconds = seconds_between(path.first, path.last)
    duration = f" in {span(seconds)}" if seconds else ""
    page.add(f"{' → '.join(path.hosts)}  ({count(len(path.hops), 'hop')}{duration})", hang=3, style=Style.HEADING)
    add_leads(page, path, Direction.INWARD, hints.ids, indent=3, column=_COLUMN)
    account: str | None = None
    for hop in path.hops:
        finding = findings.get(hop)
        if finding is None:
            page.add(f"(the finding {hop} is not in this report)", indent=3)
            continue
        add_hop(page, finding, account, hints.explain(hop), commands)
        account = finding.account
    add_leads(page, path, Direction.ONWARD, hints.ids, indent=3, column=_COLUMN)
    if path.why:
        label = "Why it is one path" if len(path.hops) > 1 else "How sure it is"
        page.add(f"{label}: {'; '.join(path.why)}. Score {path.score:g} of 1.", indent=3, hang=3)
    _add_attribution(page, path)


def add_hop(page: Page, finding: Finding, previous_account: str | None, explain: str | None, commands: int = LONGEST_COMMAND) -> None:
    """The write or what else reached the machine, then each run; ``explain`` as in :func:`~graphcorr.outputs.finding.add_finding`."""
    target = name(finding.target)
    if finding.write_time is not None and finding.file is not None:
        _step(page, finding.write_time, _written(finding, previous_account))
    _add_steps(page, finding)
    for run in finding.executions[:SHOWN_RUNS]:
        since = f" {delay(finding.write_time, run.time)}" if finding.write_time is not None else ""
        what = "runs it" if finding.file is not None else "runs a program"
        _step(page, run.time, f"{target} {what}{since}, {run_kind(run.kind)}:")
        add_command(page, run, indent=_COLUMN + 2, limit=commands)
        if actor := run_actor(run):
            page.add(actor, indent=_COLUMN + 2)
    if not finding.executions and finding.execution_time is not None:
        _step(page, finding.execution_time, f"{target} runs it, {run_kind(finding.execution)}")
    if len(finding.executions) > SHOWN_RUNS:
        page.add(f"and {count(len(finding.executions) - SHOWN_RUNS, 'more run')}", indent=_COLUMN)
    sure = [each for each in finding.behaviors if each.joined != "account"]
    same = [each for each in finding.behaviors if each.joined == "account"]
    for told, who in ((sure, f"whoever came to {target}"), (same, f"the same account on {target}, perhaps in a session of its own,")):
        if told:
            done = listed([f"{each.way} ({each.technique})" for each in told], SHOWN_BEHAVIORS)
            _step(page, told[0].first, f"{who} {done}")
    more = f"; {explain}" if explain is not None else ""
    page.add(f"{finding.confidence.value} confidence{more}", indent=_COLUMN, style=Style.FAINT, whole=explain)


def _add_steps(page: Page, finding: Finding) -> None:
    """What reached the machine besides a file, before anything ran there; where a file ran, nothing else has to be told."""
    if finding.file is not None and finding.executions:
        return
    told = {Role.WROTE, Role.RAN, Role.CONNECTED} if finding.file is not None else {Role.RAN} if has_runs(finding) else set()
    steps = [step for step in finding.steps if step.role not in told]
    for step in steps[:SHOWN_STEPS]:
        _step(page, step.time, step_words(step, finding))
    if len(steps) > SHOWN_STEPS:
        page.add(f"and {count(len(steps) - SHOWN_STEPS, 'more step')}", indent=_COLUMN)


def _written(finding: Finding, previous_account: str | None) -> str:
    target = name(finding.target)
    if finding.account is None:
        account = ""
    elif finding.account == previous_account:
        account = f", still as {finding.account},"
    elif previous_account is not None:
        account = f", now as {finding.account},"
    else:
        account = f", as {finding.account},"
    match finding.movement:
        case Movement.REMOTE:
            return f"{endpoint(finding.source)}{account} writes {finding.file} to {target} over the network"
        case Movement.UNKNOWN_SOURCE:
            return f"a machine that is not known{account} writes {finding.file} to {target} over the network"
        case Movement.LOOPBACK:
            return f"{target}{account} writes {finding.file} to its own share"
        case Movement.LOCAL:
            return f"{target}{account} writes {finding.file} to its own disk"


def _add_attribution(page: Page, path: HopPath) -> None:
    """``consistent with``, never ``by``; where nobody can be named one line says so, because a ranking would be believed."""
    attribution = path.attribution
    if attribution.verdict == "none" or not attribution.actors:
        page.add("Who does that is not known: nothing that was seen here tells one actor from all others.", indent=3, hang=3)
        return
    best = attribution.actors[0]
    page.add(f"Consistent with {best['name']} ({best['id']}): {attribution.verdict}, not proven.", indent=3, hang=3, style=Style.HEADING)
    for reason in cast("list[dict[str, object]]", best["reasons"])[:SHOWN_REASONS]:
        page.add(f"{reason['name']} ({reason['item']}), known of {reason['known']} of {reason['of']} actors", indent=6, hang=3)


def _step(page: Page, time: str, sentence: str) -> None:
    page.label(moment(time), sentence, indent=3, column=_COLUMN)
