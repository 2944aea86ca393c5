"""A finding with the records it rests on: each step as it was logged, the logged time beside the aligned one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from graphcorr.outputs.finding import add_finding
from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import count, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.model import Evidence, Finding

SHOWN_LINES: Final = 24
SHOWN_CHARACTERS: Final = 400
"""Of one line of a record; scripts and hashes run to thousands."""
_LARGEST_PARSED: Final = 4_000_000
"""Characters of a record that are pretty-printed; a longer one is shown as it stands."""
_BETWEEN_TAGS: Final = re.compile(r">\s*<")


class Step(Protocol):
    """One record: what it says, its text, and the seconds added to its logged time."""

    @property
    def evidence(self) -> Evidence: ...
    @property
    def raw(self) -> str: ...
    @property
    def offset_seconds(self) -> float: ...


class Explanation(Protocol):
    """What ``service.explain`` gives; stated here because a service may use an output, never the other way."""

    @property
    def finding(self) -> Finding: ...
    @property
    def steps(self) -> Sequence[Step]: ...


def render(explanation: Explanation, *, full: bool = False, width: int = 100) -> Page:
    """The finding's block, then its records in order of time. ``full`` shows each record uncut."""
    page = Page(width)
    add_finding(page, explanation.finding)
    page.add(f"Id {explanation.finding.id}, pattern {', '.join(explanation.finding.patterns)}", indent=3, hang=3, style=Style.FAINT)
    steps = sorted(explanation.steps, key=_place)
    page.heading(f"{count(len(steps), 'record')}, in order of time")
    cut = 0
    for number, step in enumerate(steps, 1):
        page.blank()
        cut += _add_step(page, number, step, full)
    if cut:
        page.blank()
        page.add(f"{count(cut, 'record')} shortened; --full shows everything.", style=Style.FAINT)
    return page


def _place(step: Step) -> tuple[str, str, str, int]:
    return step.evidence.time, step.evidence.file, step.evidence.member or "", step.evidence.record


def _add_step(page: Page, number: int, step: Step, full: bool) -> bool:
    """Append one record; whether it had to be shortened."""
    evidence = step.evidence
    lead = f"{number}. "
    page.add(f"{lead}{evidence.role.replace('_', ' ').capitalize()}: {evidence.summary}", hang=len(lead), style=Style.HEADING)
    page.label("Time", evidence.time, indent=3, column=13)
    page.label("Logged as", f"{evidence.original_time}{_moved(step.offset_seconds)}", indent=3, column=13)
    file = f"{evidence.file}, {evidence.member}" if evidence.member else evidence.file
    page.label("In", f"{file}, record {evidence.record:,}", indent=3, column=13)
    number_in_log = f"EventRecordID {evidence.record_id}" if evidence.record_id is not None else None
    header = [part for part in (evidence.host, evidence.channel, number_in_log) if part]
    if header:
        page.label("By", ", ".join(header), indent=3, column=13)
    lines = list(pretty(step.raw))
    shortened = not full and (len(lines) > SHOWN_LINES or any(len(line) > SHOWN_CHARACTERS for line in lines))
    for line in lines if full else lines[:SHOWN_LINES]:
        inner = len(line) - len(line.lstrip(" "))
        text = line.lstrip(" ")
        if not full and len(text) > SHOWN_CHARACTERS:
            text = f"{text[:SHOWN_CHARACTERS]} … ({len(text):,} characters)"
        page.add(text, indent=6 + inner, hang=2, style=Style.FAINT)
    if not full and len(lines) > SHOWN_LINES:
        page.add(f"… and {count(len(lines) - SHOWN_LINES, 'more line')}", indent=6, style=Style.FAINT)
    return shortened


def _moved(offset_seconds: float) -> str:
    """How the logged time became the aligned one."""
    if not offset_seconds:
        return ", taken as it is"
    return f", moved by {'+' if offset_seconds > 0 else '-'}{span(offset_seconds)}"


def pretty(raw: str) -> Iterator[str]:
    """A record over several lines: JSON by key, XML by element, a row of columns by column.

    XML is only broken between tags, never parsed: a hostile record must not reach an entity-expanding parser.
    """
    text = raw.strip("\r\n\0 ")
    if text.startswith(("{", "[")) and len(text) <= _LARGEST_PARSED:
        try:
            yield from msgspec.json.format(text, indent=2).splitlines() if _is_json(text) else text.splitlines()
        except RecursionError:
            yield from text.splitlines()
    elif text.startswith("<"):
        yield from _BETWEEN_TAGS.sub(">\n<", text).splitlines()
    elif "\t" in text:
        yield from (f"{position}: {value}" for position, value in enumerate(text.split("\t"), 1))
    else:
        yield from text.splitlines() or [""]


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return False
    return True
