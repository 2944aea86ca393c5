"""What was read, and what not and why: a section of the report, and all that ``graphcorr ingest`` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.outputs.hints import Hints
from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import count, moment, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.model.report import InputFile, Inputs

SHOWN_FILES: Final = 5
SHOWN_SKIPS: Final = 5


def render(inputs: Inputs, width: int, case: Path) -> Page:
    """What was read into ``case``."""
    page = Page(width)
    add_inputs(page, inputs, Hints(case))
    return page


def incomplete(unfinished: Sequence[str]) -> str | None:
    """What is said before any answer that rests on a part of what was named; None where all was read to its end."""
    if not unfinished:
        return None
    names = listed(unfinished)
    return f"Incomplete: {names} {plural(len(unfinished), 'was')} not read to {'its' if len(unfinished) == 1 else 'their'} end."


def say_unjudged(files: Sequence[InputFile]) -> str:
    """What of the input nobody judged, as the last word beside whatever was found in the rest."""
    first = file_name(files[0].path, files[0].member)
    if len(files) == 1:
        return f"{first} could not be judged, or not in whole: {files[0].reason}."
    return f"{count(len(files), 'log')} could not be judged, or not in whole, the first {first}: {files[0].reason}."


def listed(names: Sequence[str]) -> str:
    """The first few of them."""
    more = f" and {count(len(names) - SHOWN_FILES, 'more')}" if len(names) > SHOWN_FILES else ""
    return f"{', '.join(names[:SHOWN_FILES])}{more}"


def add_inputs(page: Page, inputs: Inputs, hints: Hints) -> None:
    """How much was read; each file only where something is wrong with it."""
    page.heading("What was read")
    read = [each for each in inputs.files if each.status == "read"]
    kept = f"{count(inputs.events - inputs.duplicates, 'event')} understood and kept"
    page.add(f"{count(len(read), 'file')} in whole, {count(inputs.records, 'record')}; {kept}", indent=3, hang=3)
    if inputs.duplicates:
        again = f"{count(inputs.duplicates, 'further record')} {plural(inputs.duplicates, 'tells')} of the same events again"
        page.add(f"{again}, and {plural(inputs.duplicates, 'adds')} nothing", indent=3, hang=3)
    if (others := inputs.records - inputs.events - inputs.skipped) > 0:
        page.add(f"{count(others, 'other record')} {plural(others, 'is')} of kinds that are not looked at", indent=3, hang=3)
    firsts = [each.first for each in inputs.files if each.first is not None]
    lasts = [each.last for each in inputs.files if each.last is not None]
    if firsts and lasts:
        page.add(f"from {moment(min(firsts))} to {moment(max(lasts))}", indent=3)
    if inputs.unfinished:
        page.add(f"not read to its end: {listed(inputs.unfinished)}", indent=3, hang=3, style=Style.WARNING)
        command = hints.command("detect --as-read")
        page.add(f"reading it again goes on from there; {command} takes what was read as all there is", indent=6, hang=3, whole=command)
    if inputs.given_up:
        page.add(f"not read to its end, and given up: {listed(inputs.given_up)}", indent=3, hang=3, style=Style.WARNING)
    if inputs.lacking:
        more = "reading the logs again adds it"
        page.add(f"read by an earlier version, without {listed(inputs.lacking)}: {more}", indent=3, hang=3, style=Style.WARNING)
    _add_files(page, "read in part", [each for each in inputs.files if each.status == "partly"])
    _add_files(page, "not understood", [each for each in inputs.files if each.status == "not_understood"])
    if inputs.skipped:
        page.add(f"{count(inputs.skipped, 'record')} skipped:", indent=3, style=Style.WARNING)
        for skip in inputs.skips[:SHOWN_SKIPS]:
            where = f", record {skip.record:,}" if skip.record is not None else ""
            page.add(f"{file_name(skip.file, skip.member)}{where}: {skip.reason}", indent=6, hang=3)
        if inputs.skipped > SHOWN_SKIPS:
            page.add(f"and {inputs.skipped - SHOWN_SKIPS:,} more", indent=6, style=Style.FAINT)


def _add_files(page: Page, words: str, files: list[InputFile]) -> None:
    if not files:
        return
    page.add(f"{count(len(files), 'file')} {words}:", indent=3, style=Style.WARNING)
    alike: dict[str, list[InputFile]] = {}
    for each in files:
        alike.setdefault(each.reason or "no reason given", []).append(each)
    for reason, group in list(alike.items())[:SHOWN_FILES]:
        more = f" (and {count(len(group) - 1, 'more file')})" if len(group) > 1 else ""
        page.add(f"{file_name(group[0].path, group[0].member)}{more}: {reason}", indent=6, hang=3)
    if len(alike) > SHOWN_FILES:
        rest = sum(len(group) for group in list(alike.values())[SHOWN_FILES:])
        page.add(f"and {count(rest, 'more file')} for other reasons", indent=6, style=Style.FAINT)


def file_name(path: str, member: str | None) -> str:
    """A file, or a member of one, as people read it."""
    return f"{path}, {member}" if member else path
