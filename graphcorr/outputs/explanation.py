"""A finding with the records it rests on: each step as it was logged, the logged time beside the aligned one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from graphcorr.outputs.finding import add_finding
from graphcorr.outputs.inputs import incomplete
from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.leads import add_leads_of
from graphcorr.outputs.wording import count, listed, moment, plural, span, step_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.model.findings import Evidence, Finding
    from graphcorr.model.leads import Lead

SHOWN_LINES: Final = 28
SHOWN_CHARACTERS: Final = 400
"""Of one line of a record; scripts and hashes run to thousands."""
DECODED_LINES: Final = 12
_LARGEST_PARSED: Final = 4_000_000
"""Characters of a record that are pretty-printed; a longer one is shown as it stands."""
_BLANK: Final = "\r\n\0 "
_OWN_DATA: Final = frozenset({"EventData", "event_data", "UserData", "user_data"})
"""Under which keys the formats put what the event itself says."""
_XML_AS_JSON: Final = frozenset({"#attributes", "#text"})
"""Keys that stand for XML's grammar and say nothing."""
_BETWEEN_TAGS: Final = re.compile(r">\s*<")
_TAG: Final = re.compile(r"""<(/?)([^\s<>/!?]+)((?:[^<>"'/]|"[^"<]*"|'[^'<]*'|/(?!>))*)(/?)>([^<]*)""")
"""One tag, whether it closes, its name, its attributes, whether it is all of its element, and the text behind it."""
_ATTRIBUTE: Final = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a record; ``own`` when it is what the event says, not what carried it."""

    text: str
    own: bool


class Step(Protocol):
    """One record: what it says, its text, the seconds added to its logged time, and what encoded commands in it say."""

    @property
    def evidence(self) -> Evidence: ...
    @property
    def raw(self) -> str: ...
    @property
    def offset_seconds(self) -> float: ...
    @property
    def names(self) -> Sequence[str | None]: ...
    @property
    def decoded(self) -> Sequence[str]: ...


class Explanation(Protocol):
    """What ``service.explain`` gives; stated here because a service may use an output, never the other way."""

    @property
    def finding(self) -> Finding: ...
    @property
    def steps(self) -> Sequence[Step]: ...
    @property
    def unfinished(self) -> Sequence[str]: ...
    @property
    def leads(self) -> Sequence[Lead]: ...


def render(explanation: Explanation, *, full: bool = False, width: int = 100) -> Page:
    """The finding's block, then its records in order of time. ``full`` shows each record uncut."""
    page = Page(width)
    if said := incomplete(explanation.unfinished):
        page.add(said, style=Style.WARNING)
    add_finding(page, explanation.finding)
    page.add(f"Id {explanation.finding.id}, pattern {', '.join(explanation.finding.patterns)}", indent=3, hang=3, style=Style.FAINT)
    steps = sorted(explanation.steps, key=_place)
    _add_story(page, explanation.finding, steps)
    add_leads_of(page, explanation.leads)
    page.heading(f"{count(len(steps), 'record')}, in order of time")
    cut = 0
    for number, step in enumerate(steps, 1):
        page.blank()
        cut += _add_step(page, number, step, full)
    if cut:
        page.blank()
        page.add(f"{count(cut, 'record')} shortened; --full shows everything.", style=Style.FAINT)
    return page


def _add_story(page: Page, finding: Finding, records: Sequence[Step]) -> None:
    """What happened, step by step, with the numbers that the records have below."""
    numbers = {_key(record.evidence): number for number, record in enumerate(records, 1)}
    if finding.steps:
        page.heading("What happened")
    for step in sorted([*finding.steps, *finding.aftermath], key=lambda step: step.time):
        shown = sorted(numbers[key] for place in step.evidence if (key := _key(finding.evidence[place])) in numbers)
        where = f" ({plural(len(shown), 'record')} {listed([str(number) for number in shown])})" if shown else ""
        page.label(moment(step.time), f"{step_words(step, finding)}{where}", indent=3, column=29)


def _key(evidence: Evidence) -> tuple[str, str, str, int, str]:
    return evidence.role, evidence.file, evidence.member or "", evidence.record, evidence.original_time


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
    lines = [Field(line, own=True) for line in pretty(step.raw, step.names)] if full else fields(step.raw, step.names)
    shown = lines if full else _select(lines)
    for line in shown:
        inner = len(line.text) - len(line.text.lstrip(" "))
        page.add(_cut(line.text.lstrip(" "), full), indent=6 + inner, hang=2, style=Style.FAINT)
    if len(shown) < len(lines):
        page.add(f"… and {count(len(lines) - len(shown), 'more line')}", indent=6, style=Style.FAINT)
    cut = _add_decoded(page, step.decoded, full)
    return not full and (cut or len(shown) < len(lines) or any(len(line.text) > SHOWN_CHARACTERS for line in shown))


def _add_decoded(page: Page, texts: Sequence[str], full: bool) -> bool:
    """What encoded commands say, below the record that has them; whether a line is missing."""
    cut = False
    for text in texts:
        page.add("Its encoded command says:", indent=3)
        lines = text.splitlines()
        for line in lines if full else lines[:DECODED_LINES]:
            page.add(_cut(line, full), indent=6, hang=2)
        if not full and len(lines) > DECODED_LINES:
            page.add(f"… and {count(len(lines) - DECODED_LINES, 'more line')}", indent=6, style=Style.FAINT)
            cut = True
        cut |= any(len(line) > SHOWN_CHARACTERS for line in lines)
    return cut


def _cut(text: str, full: bool) -> str:
    if full or len(text) <= SHOWN_CHARACTERS:
        return text
    return f"{text[:SHOWN_CHARACTERS]} … and {count(len(text) - SHOWN_CHARACTERS, 'more character')}"


def _select(lines: Sequence[Field]) -> list[Field]:
    """At most ``SHOWN_LINES`` in the record's order: what the event says before what carried it."""
    kept = sorted(range(len(lines)), key=lambda index: (not lines[index].own, index))[:SHOWN_LINES]
    return [lines[index] for index in sorted(kept)]


def _moved(offset_seconds: float) -> str:
    """How the logged time became the aligned one."""
    if not offset_seconds:
        return ", taken as it is"
    return f", moved by {'+' if offset_seconds > 0 else '-'}{span(offset_seconds)}"


def fields(raw: str, names: Sequence[str | None] = ()) -> list[Field]:
    """A record as one line for each value that it has: short enough to be read, in the words of the log."""
    text = raw.strip(_BLANK)
    if text.startswith("{") and len(text) <= _LARGEST_PARSED:
        try:
            return list(_leaves(msgspec.json.decode(text), ""))
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            return [Field(line, own=True) for line in text.splitlines()]
    if text.startswith("<"):
        return list(_elements(text)) or [Field(line, own=True) for line in pretty(text)]
    return [Field(line, own=True) for line in pretty(raw, names)]


def _leaves(value: object, path: str) -> Iterator[Field]:
    """``winlog.event_data.ShareName: \\\\*\\ADMIN$``; values that are empty are left out."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, ".".join(part for part in (path, str(key)) if part and part not in _XML_AS_JSON))
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    elif isinstance(value, list):
        yield Field(f"{path}: {', '.join(map(str, value))}", own=_is_own(path))
    elif value is not None and value != "":
        yield Field(f"{path}: {value}", own=_is_own(path))


def _elements(text: str) -> Iterator[Field]:
    """``Event.EventData.ShareName: …``, as of JSON; escapes stay as they are, because nothing here parses XML."""
    path: list[str] = []
    for closes, name, attributes, whole, value in _TAG.findall(text):
        if closes:
            del path[-1:]
            continue
        said = {key: quoted or other for key, quoted, other in _ATTRIBUTE.findall(attributes) if not key.startswith("xmlns")}
        path.append(said.pop("Name") if name == "Data" and "Name" in said else name)
        place = ".".join(path)
        values = {**{f"{place}.{key}": each for key, each in said.items()}, place: value.strip()}
        yield from (Field(f"{key}: {each}", own=not _OWN_DATA.isdisjoint(path)) for key, each in values.items() if each)
        if whole:
            del path[-1:]


def _is_own(path: str) -> bool:
    """Whether a field is the event's own data and not its envelope; in a flat record every field is."""
    parts = path.split(".")
    return len(parts) == 1 or not _OWN_DATA.isdisjoint(parts)


def pretty(raw: str, names: Sequence[str | None] = ()) -> Iterator[str]:
    """The whole record over several lines: JSON by key, XML by element, a row of columns by column, by name where it has one.

    XML is only broken between tags, never parsed: a hostile record must not reach an entity-expanding parser.
    """
    text = raw.strip(_BLANK)
    if text.startswith(("{", "[")):
        yield from (msgspec.json.format(text, indent=2) if _is_json(text) else text).splitlines()
    elif text.startswith("<"):
        yield from _BETWEEN_TAGS.sub(">\n<", text).splitlines()
    elif "\t" in text:
        named = [*names, *[None] * text.count("\t"), None]
        yield from (f"{name or position}: {value}" for position, (name, value) in enumerate(zip(named, text.split("\t"), strict=False), 1))
    else:
        yield from text.splitlines() or [""]


def _is_json(text: str) -> bool:
    if len(text) > _LARGEST_PARSED:
        return False
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return False
    return True
