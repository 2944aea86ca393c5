"""The report for people: read top to bottom without a legend, the answer in the first line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from graphcorr.case.naming import KEPT, UNNAMED
from graphcorr.model.findings import Basis, Confidence, Finding, Level, Movement, Role
from graphcorr.model.kinds import Kind
from graphcorr.outputs.coverage import SHOWN_HOSTS, add_clocks, add_coverage, add_former_names
from graphcorr.outputs.finding import add_finding
from graphcorr.outputs.hints import Hints
from graphcorr.outputs.history import add_history
from graphcorr.outputs.inputs import add_inputs, incomplete
from graphcorr.outputs.layout import Page, Style, cells
from graphcorr.outputs.sightings import add_sightings
from graphcorr.outputs.story import add_path, say_paths
from graphcorr.outputs.wording import count, endpoint, kinds, listed, moment, name, plural, short_ids

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.model.findings import Observation, Suppressed
    from graphcorr.model.report import HopPath, Report

SHOWN_OBSERVATIONS = 5
SHOWN_RULES = 8
SHORT_COMMAND = 80
"""Characters of a command in a path's story: the finding above it has more."""
_ACROSS = (Movement.REMOTE, Movement.UNKNOWN_SOURCE)


def render(report: Report, min_level: Level = Level.MEDIUM, width: int = 100, case: Path | None = None) -> Page:
    """The whole page. Findings below ``min_level`` and suppressed ones are counted, not listed.

    ``case`` is what the commands that the page names have to name, None where they take the same case without it.
    """
    page = Page(width)
    shown = [each for each in report.findings if counts(each, min_level)]
    # Without a case there is nothing that another command could look into: none is named.
    hints = Hints(case, short_ids(each.id for each in report.findings) if report.case is not None else {})
    page.add(answer(report, shown), style=Style.ALARM if shown else Style.HEADING)
    _add_window(page, report)
    for number, finding in enumerate(shown, 1):
        page.blank()
        add_finding(page, finding, number=number, explain=hints.explain(finding.id))
    _add_hidden(page, report, min_level, hints)
    _add_paths(page, report, shown, hints)
    add_coverage(page, report)
    add_former_names(page, report)
    add_clocks(page, report.clocks)
    add_sightings(page, report)
    add_history(page, report)
    _add_observations(page, report)
    add_inputs(page, report.inputs, hints)
    _add_next(page, report, shown, hints)
    return page


def _add_window(page: Page, report: Report) -> None:
    if report.window is None:
        return
    since, until = report.window.since, report.window.until
    span = f"from {moment(since)}" if since else "until"
    span += (f" to {moment(until)}" if since else f" {moment(until)}") if until else " on"
    page.add(f"Told is only what happened {span}; everything that was read was judged.", style=Style.FAINT)


def counts(finding: Finding, min_level: Level) -> bool:
    """Whether a finding is listed and makes the exit status 1."""
    return finding.suppressed is None and finding.level.rank >= min_level.rank


def answer(report: Report, shown: Sequence[Finding]) -> str:
    """The first line: what was found, or what an empty result is worth, and before it that not all was read."""
    said = incomplete(report.inputs.unfinished)
    return f"{said} {_answer(report, shown)}" if said else _answer(report, shown)


def _answer(report: Report, shown: Sequence[Finding]) -> str:
    if not shown:
        return _nothing(report)
    parts = []
    run = [each for each in shown if each.file is not None and each.execution is not None]
    across = [each for each in run if each.movement in _ACROSS]
    own = [each for each in run if each.movement not in _ACROSS]
    waiting = [each for each in shown if each.file is not None and each.execution is None]
    other = [each for each in shown if each.file is None]
    for found, word, words in (
        (across, "file", f"{'probably ' * all(each.basis is not Basis.OBSERVED for each in across)}written over the network and then run"),
        (own, "file", "written by a machine to itself and run"),
        (waiting, "file", "written over a share and set up to run, without a logged run"),
        *((found, *_OTHER[what]) for what, found in _by_nature(other).items()),
    ):
        if found:
            parts.append(f"{count(len(found), word)} {plural(len(found), 'was')} {words}, on {_hosts(found)}{_unsure(found)}")
    chains = _chains(report, shown)
    if chains:
        lone = [path for path in chains if len(path.hops) == 1]
        parts += [say_paths([path for path in chains if len(path.hops) > 1])] if len(lone) < len(chains) else []
        parts += [f"{count(len(lone), 'path')} of one hop that may lead on"] if lone else []
    return "; ".join(parts) + "."


_OTHER: Final = {
    "blocked": ("attempt", "blocked"),
    "refused": ("access", "refused"),
    "from a share": ("program", "run from a share of another machine, after somebody wrote it there"),
    "ran": ("program", "run, without a file that is seen to come over the network"),
    "local": ("behavior", "seen of what machines did themselves"),
    "set up": ("service or task", "set up or changed, without a logged run"),
    "called": ("remote call", "made that set something up or started it, without a record of what ran"),
    "else": ("finding", "made about neither a file nor a program"),
}
"""What a finding without a file is about, as a noun and what was done; no more than its steps say."""
_NATURES: Final = {Role.BLOCKED: "blocked", Role.REFUSED: "refused", Role.REGISTERED: "set up", Role.CALLED: "called"}


def _by_nature(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Findings without a file by what they say, in the order of ``_OTHER``."""
    found: dict[str, list[Finding]] = {what: [] for what in _OTHER}
    for each in findings:
        roles = [step.role for step in each.steps]
        done = next((what for role, what in _NATURES.items() if role in roles), "else")
        ran = "from a share" if each.started_by == "share" else "ran"
        done = "local" if each.movement is Movement.LOCAL and done == "else" else done
        found[ran if each.execution is not None else done].append(each)
    return found


def _unsure(findings: Sequence[Finding]) -> str:
    """How many of them rest on little: the first line says no more than the findings do."""
    low = sum(each.confidence is Confidence.LOW for each in findings)
    if not low:
        return ""
    return " (with low confidence)" if low == len(findings) else f" ({low:,} of them with low confidence)"


def _nothing(report: Report) -> str:
    if report.findings:
        return f"No finding is at or above the level asked for; {count(len(report.findings), 'finding')} below it or set aside."
    if not report.inputs.events:
        known = any(each.format is not None and each.records > each.skipped for each in report.inputs.files)
        if known:
            return "No answer: the logs hold no event that the patterns ask for."
        return "No answer: nothing in the input could be read as a log that graphcorr knows."
    deciding = [each for each in report.coverage.patterns if each.decides and not each.observation]
    if all(each.status == "not_evaluated" for each in deciding):
        no = "No answer: the logs do not hold what is needed to see one machine take over another."
        hosts = {name(each.target) for each in report.observations if _tells_writes(each)}
        more = f" Files were written over the network to {count(len(hosts), 'host')}; whether any of them ran is not evaluated, see below."
        return no + (more if hosts else "")
    in_part = any(each.status != "evaluated" for each in deciding)
    unjudged = report.inputs.hostless or not all(each.judged for each in report.inputs.files)
    if in_part or unjudged or any(each.gaps for each in report.coverage.hosts):
        return "Nothing was found in what could be judged; a part could not, see below."
    return "Nothing was found: no file is seen to come over the network and be run, and nothing to be run or set up from another machine."


def _hosts(findings: Sequence[Finding]) -> str:
    return count(len({name(each.target) for each in findings}), "host")


def _chains(report: Report, shown: Sequence[Finding]) -> list[HopPath]:
    """Paths of two hops and more, or that lead on, whose hops are all listed; a lone hop is told by its finding already."""
    listed_ids = {each.id for each in shown}
    return [path for path in report.paths if (len(path.hops) > 1 or path.leads) and listed_ids.issuperset(path.hops)]


def _add_hidden(page: Page, report: Report, min_level: Level, hints: Hints) -> None:
    suppressed = sum(each.suppressed is not None for each in report.findings)
    below = sum(each.suppressed is None and each.level.rank < min_level.rank for each in report.findings)
    if below:
        page.blank()
        _add_way(page, report, f"{count(below, 'finding')} below level {min_level.value}", "--min-level informational", hints)
    if suppressed:
        if not below:
            page.blank()
        _add_way(page, report, f"{count(suppressed, 'finding')} set aside by rules", "--json", hints)
        _add_rules(page, [each.suppressed for each in report.findings if each.suppressed is not None], hints)


def _add_way(page: Page, report: Report, what: str, option: str, hints: Hints) -> None:
    """What is not listed, with the command that lists it, or where no case is kept the option of another hunt."""
    command = hints.command(f"show {option}") if report.case is not None else f"see them with {option}"
    page.add(f"{what}: {command}", style=Style.FAINT, whole=command)


def _add_rules(page: Page, hiding: Sequence[Suppressed], hints: Hints) -> None:
    """Each rule that hides something with how much that is, whose it is, and why."""
    rules = sorted(Counter(hiding).items(), key=lambda one: (-one[1], one[0].rule))
    for rule, number in rules[:SHOWN_RULES]:
        end = f", until {rule.expires}" if rule.expires else ""
        page.add(f"{number:,} by rule {rule.rule} of {rule.owner}{end}: {rule.reason}", indent=3, hang=3, style=Style.FAINT)
    if len(rules) > SHOWN_RULES:
        command = hints.command("suppress list")
        page.add(f"and {count(len(rules) - SHOWN_RULES, 'more rule')}: {command}", indent=3, style=Style.FAINT, whole=command)


def _add_paths(page: Page, report: Report, shown: Sequence[Finding], hints: Hints) -> None:
    chains = _chains(report, shown)
    if not chains:
        return
    page.heading("How it moved on")
    findings = {each.id: each for each in shown}
    for path in chains:
        add_path(page, path, findings, hints, commands=SHORT_COMMAND)
        page.blank()


def _add_observations(page: Page, report: Report) -> None:
    """Low signals by pattern, the most frequent first."""
    observations = [each for each in report.observations if each.history is None]
    if not observations:
        return
    page.heading("Also seen, no finding by itself")
    for pattern in sorted({each.pattern for each in observations}):
        rows = sorted((each for each in observations if each.pattern == pattern), key=lambda each: (-each.count, each.first))
        total = sum(each.count for each in rows)
        page.add(f"{pattern}: {count(total, 'event')} {_among(rows)}", indent=3, hang=3)
        for row in rows[:SHOWN_OBSERVATIONS]:
            account = f", by {row.account}" if row.account else ""
            when = moment(row.first) if row.first == row.last else f"{moment(row.first)} to {moment(row.last)}"
            way = f", {row.way}" if row.way else ""
            page.add(f"{row.count:,} × {_between(row)}{account}{way}, {when}", indent=6, hang=3)
            for summary in dict.fromkeys(example.summary for example in row.examples):
                page.add(summary, indent=9, hang=3, style=Style.FAINT)
        _add_unwatched(page, report, rows)
        if len(rows) > SHOWN_OBSERVATIONS:
            page.add(f"and {count(len(rows) - SHOWN_OBSERVATIONS, 'more row')}; all are in the JSON report", indent=6, style=Style.FAINT)


def _tells_writes(row: Observation) -> bool:
    return any(example.kind == Kind.WRITE for example in row.examples)


def _add_unwatched(page: Page, report: Report, rows: Sequence[Observation]) -> None:
    """Of files that were written to machines whose processes no log tells of: that nobody looked whether they ran, and what would tell."""
    watched = {host.host for host in report.coverage.hosts if any(each.kind == Kind.PROCESS_START for each in host.kinds)}
    blind = sorted({name(row.target) for row in rows if _tells_writes(row)} - watched)
    if not blind:
        return
    told = {name(each.target) for each in report.findings if each.file is not None}
    which = "of the others of these files" if told.issuperset(blind) else "of these files"
    log = kinds([Kind.PROCESS_START])
    page.add(f"Whether any {which} ran on {listed(blind, SHOWN_HOSTS)} is not evaluated: no {log} are logged there", indent=6, hang=3)


def _among(rows: Sequence[Observation]) -> str:
    if all(each.local for each in rows):
        return f"on {count(len({each.target for each in rows}), 'machine')}"
    if crowds := [each.machines for each in rows if each.machines is not None and _is_crowd(each)]:
        return f"between {count(max(crowds), 'machine')}{' and others' if len(rows) > 1 else ''}"
    return f"between {count(sum(each.machines or 1 for each in rows), 'pair')} of machines and accounts"


def _is_crowd(row: Observation) -> bool:
    """Neither end is named."""
    return row.source is None and not (row.target.host or row.target.address)


def _between(row: Observation) -> str:
    """Both ends, or how many machines are at one of them or at both; of what a machine did itself that one."""
    if row.local:
        return endpoint(row.target)
    if row.machines is None:
        return f"{endpoint(row.source)} → {endpoint(row.target)}"
    many = count(row.machines, "machine")
    if _is_crowd(row):
        return f"between {many}"
    return f"{many} → {endpoint(row.target)}" if row.source is None else f"{endpoint(row.source)} → {many}"


def _say_all_paths(report: Report, told: Sequence[HopPath]) -> str:
    """What ``graphcorr paths`` has beside the paths that are told above: the two count differently, and that is said."""
    lone = sum(len(path.hops) == 1 and path not in told for path in report.paths)
    unlisted = len(report.paths) - len(told) - lone
    more = [f"{lone:,} of one hop"] if lone else []
    more += [f"{unlisted:,} with a finding that is not listed here"] if unlisted else []
    return f"each path as a story{', also ' if more else ''}{' and '.join(more)}"


def _add_next(page: Page, report: Report, shown: Sequence[Finding], hints: Hints) -> None:
    if report.case is None:
        page.heading("Nothing was kept: this was an ephemeral run.")
        return
    page.heading("To go on")
    rows = []
    if shown:
        rows.append((hints.command(f"explain {hints.ids[shown[0].id]}"), "the records behind the first finding, as they were logged"))
    if report.paths:
        rows.append((hints.command("paths"), _say_all_paths(report, _chains(report, shown))))
    rows.append((hints.command("show --json"), "this report for programs"))
    column = max(cells(command) for command, _ in rows) + 5
    for command, meaning in rows:
        if column <= page.width // 2:
            page.label(command, meaning, indent=3, column=column)
        else:  # beside the name of a long folder there is no room for words
            page.add(command, indent=3, whole=command)
            page.add(meaning, indent=6)
    passing = UNNAMED.fullmatch(report.case.rpartition("/")[2])
    until = f" until {KEPT} other hunts have come after it; with --case DIR for good" if passing else ""
    page.add(f"The case is kept in {report.case}{until}", indent=3, hang=3)
