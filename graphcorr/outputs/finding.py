"""One finding as a block of text: what was written where, how it was run, how sure that is, what is missing."""

from __future__ import annotations

from typing import Final

from graphcorr.model.findings import Basis, Execution, Finding, Level, Movement, Role
from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import (
    basis_words,
    count,
    delay,
    doubts,
    endpoint,
    has_runs,
    listed,
    moment,
    name,
    run_kind,
    step_words,
    through,
)
from graphcorr.syntax.encoded import decode_commands

SHOWN_RUNS: Final = 3
SHOWN_STEPS: Final = 3
LONGEST_COMMAND: Final = 300
_COLUMN: Final = 13


def headline(finding: Finding) -> str:
    """The finding in one sentence without its end."""
    target = name(finding.target)
    if finding.file is None:
        stopped = {step.object for step in finding.steps if step.role in {Role.BLOCKED, Role.REFUSED} and step.object}
        what = f"{stopped.pop()} on " if len(stopped) == 1 else ""
        return f"{finding.title}: {what}{target}"
    run = f"run there{through(finding)}" if finding.execution else f"set up to run there{through(finding)}; no run of it is logged"
    written = "was written" if finding.basis is Basis.OBSERVED else "was probably written"
    match finding.movement:
        case Movement.REMOTE | Movement.UNKNOWN_SOURCE:
            return f"{finding.file} {written} to {target} over the network and {run}"
        case Movement.LOOPBACK:
            return f"{finding.file} {written} by {target} to its own share and {run}"
        case Movement.LOCAL:
            return f"{finding.file} {written} on {target}, without another machine, and {run}"


def origin(finding: Finding) -> str:
    """``over SMB from …, by …`` with the unknown said, never left out."""
    account = finding.account or "an unknown account"
    if finding.movement is Movement.LOCAL:
        return f"by {account} on the machine itself"
    if finding.movement is Movement.UNKNOWN_SOURCE or finding.source is None:
        return f"from an unknown machine, by {account}"
    if finding.movement is Movement.REMOTE:
        return f"from {endpoint(finding.source)}, by {account}"
    return f"by {account} on the machine itself"


def add_finding(page: Page, finding: Finding, *, number: int | None = None, explain: str | None = None) -> None:
    """Append the block. ``explain`` is the command that shows the records behind it: None where no case is kept."""
    lead = f"{number}. " if number is not None else ""
    style = Style.ALARM if finding.level.rank >= Level.HIGH.rank and finding.suppressed is None else Style.HEADING
    page.add(f"{lead}{finding.level.value.capitalize()}: {headline(finding)}", hang=len(lead), style=style)
    if finding.suppressed is not None:
        expires = f", until {finding.suppressed.expires}" if finding.suppressed.expires else ""
        _row(page, "Set aside", f"by {finding.suppressed.owner}{expires}: {finding.suppressed.reason} (rule {finding.suppressed.rule})")
    _add_said(page, finding)
    if finding.write_time is not None:
        _row(page, "Written", f"{moment(finding.write_time)}  {origin(finding)}")
    else:
        _row(page, "When", f"{moment(finding.time)}  {origin(finding)}")
    _add_runs(page, finding)
    _add_steps(page, finding)
    _add_traits(page, finding)
    _add_aftermath(page, finding)
    # Without a file there is no write to be sure of; the reasons stand for themselves.
    basis = [basis_words(finding)] if finding.file is not None else []
    against = doubts(finding)
    reasons = [*basis, *(sentence for sentence in finding.why if sentence not in against)]
    _row(page, "Sure", f"{finding.confidence.value}: {'; '.join(reasons)}" if reasons else finding.confidence.value)
    if against:
        _row(page, "But", "; ".join(against))
    if finding.limits:
        _row(page, "Missing", "; ".join(finding.limits))
    if finding.techniques or finding.software:
        _row(page, "ATT&CK", ", ".join([*finding.techniques, *finding.software]))
    _add_behaviors(page, finding)
    _add_alerts(page, finding)
    more = f"; see {explain}" if explain is not None else ""
    page.label("Records", _sources(finding) + more, indent=3, column=_COLUMN, whole=explain)


def _add_said(page: Page, finding: Finding) -> None:
    """What people said of it, before what the logs say."""
    if (said := finding.verdict) is not None:
        why = f": {said.reason}" if said.reason else ""
        _row(page, "Verdict", f"{said.verdict.value.replace('_', ' ')}, by {said.author}, {moment(said.time)}{why}")
    for note in finding.notes:
        _row(page, "Note", f"{' '.join(note.text.split())} ({note.author}, {moment(note.time)})")


def add_command(page: Page, execution: Execution, *, indent: int, limit: int | None = LONGEST_COMMAND) -> None:
    """What ran, on its own lines; a long command line is cut and says so."""
    command = execution.command_line or execution.image
    if command is None:
        return
    if execution.kind == "module_load":
        command = f"into {command}"  # the image of a load is the process that loaded, not the file
    if limit is not None and len(command) > limit:
        command = f"{command[:limit]} … ({len(command):,} characters)"
    page.add(command, indent=indent)
    for text in decode_commands(execution.command_line or ""):
        said = " ".join(text.split())
        more = limit is not None and len(said) > limit
        page.add(f"which says: {f'{said[:limit]} … ({len(said):,} characters)' if more else said}", indent=indent, hang=3)


def run_actor(run: Execution) -> str | None:
    """``as NT AUTHORITY\\SYSTEM, started by C:\\…\\services.exe``, as far as it is known."""
    parts = [f"as {run.user}" if run.user else "", f"started by {run.parent}" if run.parent else ""]
    return ", ".join(part for part in parts if part) or None


def _add_runs(page: Page, finding: Finding) -> None:
    runs = finding.executions
    if not runs and finding.execution_time is not None:
        _row(page, "Run", f"{moment(finding.execution_time)}  {run_kind(finding.execution)}")
    for position, run in enumerate(runs[:SHOWN_RUNS]):
        since = f", {delay(finding.write_time, run.time)}" if finding.write_time is not None else ""
        _row(page, "Run" if position == 0 else "and", f"{moment(run.time)}  {run_kind(run.kind)}{since}")
        if library := _library(finding, run):
            page.add(library, indent=_COLUMN)
        add_command(page, run, indent=_COLUMN)
        if actor := run_actor(run):
            page.add(actor, indent=_COLUMN)
    if len(runs) > SHOWN_RUNS:
        _row(page, "", f"and {count(len(runs) - SHOWN_RUNS, 'more run')}, the last {moment(max(run.time for run in runs))}")


def _library(finding: Finding, run: Execution) -> str | None:
    """What was loaded, where the finding is about no file of its own."""
    if finding.file is not None or run.kind != "module_load":
        return None
    return next((step.object for step in finding.steps if step.role is Role.RAN and step.time == run.time), None)


def _add_steps(page: Page, finding: Finding) -> None:
    """What happened besides the write and the runs, which stand above it already: all of it, of a finding without a file."""
    if finding.file is not None and finding.executions:
        return
    above = Role.WROTE if finding.file is not None else Role.RAN if has_runs(finding) else None
    told = [step for step in finding.steps if step.role is not above]
    if (
        len(told) > 1
        and told[0].role in {Role.BLOCKED, Role.REFUSED}
        and len({(step.role, step.actor, step.account, step.object) for step in told}) == 1
    ):
        _row(page, "Steps", f"{moment(told[0].time)}  {step_words(told[0], finding)}")
        _row(page, "", f"and {count(len(told) - 1, 'time')} again, the last {moment(told[-1].time)}")
        return
    for position, step in enumerate(told[:SHOWN_STEPS]):
        _row(page, "Steps" if position == 0 else "and", f"{moment(step.time)}  {_cut(step_words(step, finding))}")
    if len(told) > SHOWN_STEPS:
        _row(page, "", f"and {count(len(told) - SHOWN_STEPS, 'more step')}, the last {moment(told[-1].time)}")


_TRAITS: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "imphash": "IMPHASH"}


def _add_traits(page: Page, finding: Finding) -> None:
    """What is known of the file itself; of its hashes the longest, which is what others are asked for."""
    longest = next((what for what in ("sha256", "sha1", "md5") if any(trait.what == what for trait in finding.traits)), None)
    told = []
    for trait in finding.traits:
        match trait.what:
            case "md5" | "sha1" | "imphash" if trait.what != longest:
                continue
            case "size":
                told.append(f"{int(trait.value):,} bytes")
            case "signer":
                told.append(f"signed by {trait.value}")
            case "signed":
                told.append("not signed")
            case "original_name":
                told.append(f"named {trait.value} by its maker")
            case algorithm:
                told.append(f"{_TRAITS.get(algorithm, algorithm)} {trait.value}")
    if told:
        _row(page, "File", ", ".join(told))


def _add_alerts(page: Page, finding: Finding) -> None:
    """What tools said of its records that searched the same logs."""
    told = []
    for alert in finding.alerts:
        tool = alert.by.partition("-")[0].capitalize()
        told.append(f"{alert.name} ({', '.join([tool, *filter(None, [alert.severity]), *alert.techniques])})")
    if told:
        _row(page, "Alerts", "; ".join(told))


_JOINED: Final = {"process": "by what ran", "session": "in its session", "account": "by the same account within the hour"}


def _add_behaviors(page: Page, finding: Finding) -> None:
    """What else whoever came did on the machine, with the way in which that is known."""
    told = []
    for one in finding.behaviors:
        times = f" {count(one.count, 'time')}" if one.count > 1 else ""
        told.append(f"{moment(one.first)} {one.way}{times} ({one.technique}, {_JOINED[one.joined]})")
    for position, words in enumerate(told):
        _row(page, "Also" if position == 0 else "and", words)


def _add_aftermath(page: Page, finding: Finding) -> None:
    """What the program did once it ran, and what became of its file."""
    if finding.execution_time is None:
        return
    gone = [step for step in finding.steps if step.role is Role.REMOVED and step.time >= finding.execution_time]
    told = sorted([*finding.aftermath, *gone], key=lambda step: step.time)
    for position, step in enumerate(told[:SHOWN_STEPS]):
        _row(page, "Then" if position == 0 else "and", f"{moment(step.time)}  {_cut(step_words(step, finding))}")
    if len(told) > SHOWN_STEPS:
        _row(page, "", f"and {count(len(told) - SHOWN_STEPS, 'more thing')} that it did, the last {moment(told[-1].time)}")


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_COMMAND else f"{words[:LONGEST_COMMAND]} …"


def _sources(finding: Finding) -> str:
    """``4 records in 2 files``, by where they stand."""
    files = sorted({each.file for each in finding.evidence})
    return f"{count(len(finding.evidence), 'record')} in {listed(files) if len(files) == 1 else count(len(files), 'file')}"


def _row(page: Page, label: str, text: str) -> None:
    page.label(label, text, indent=3, column=_COLUMN)
