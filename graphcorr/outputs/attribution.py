"""An attribution for people: one line when nobody is known, else who it is consistent with and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.attribution.answer import Answer, Basis, Hypothesis, Reason, Verdict, cut
from graphcorr.attribution.batch import as_line
from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.attribution.batch import Line

SCHEMA: Final = "graphcorr.attribution/1"
MOST: Final = 5
"""Actors and software that are listed, ties with the last included."""
MOST_TIED: Final = 12
_MOST_REASONS: Final = 8


def render(answers: Mapping[str, Answer], version: str, width: int = 100, *, ranking: bool = False) -> Page:
    """Each answer under its title (none where the title is empty); a ranking that is not to be believed only on request."""
    page = Page(width)
    for title, answer in answers.items():
        page.blank()
        if title:
            page.add(title, style=Style.HEADING)
        _add_answer(page, answer, ranking=ranking)
    page.blank()
    page.add(f"Known from MITRE ATT&CK {version}: what reports say of actors, not who this was.", style=Style.FAINT)
    return page


def to_line(answer: Answer) -> Line:
    """``graphcorr attribute --json``: the same as a line of ``--batch``."""
    return as_line(None, answer)


def to_document(answers: Mapping[str, Answer], version: str) -> dict[str, object]:
    """``graphcorr attribute --case DIR --json``: an answer for each path by its id."""
    lines = [as_line(identity, answer) for identity, answer in answers.items()]
    return {"schema": SCHEMA, "attack": version, "paths": lines}


def _add_answer(page: Page, answer: Answer, *, ranking: bool) -> None:
    for one in answer.unresolved:
        page.add(f"Not counted: {one.text} {one.reason}", style=Style.WARNING, hang=2)
    if answer.verdict is Verdict.NONE:
        tied = [one for one in answer.actors if one.score == answer.actors[0].score] if answer.actors else []
        page.add(f"No attribution: {answer.why}.", style=Style.HEADING, hang=3)
        if len(tied) > 1 and answer.software and not ranking:
            # Not in the answer itself: who reads no further has not read a name.
            page.add(
                f"Equally consistent: {listed([f'{one.name} ({one.id})' for one in tied], MOST)}.", indent=3, hang=3, style=Style.FAINT
            )
        if answer.actors and not ranking:
            page.add("--ranking shows how the others compare.", indent=3, style=Style.FAINT)
    else:
        first = answer.actors[0]
        page.add(f"Consistent with {first.name} ({first.id}): {answer.verdict.value}, not proven.", style=Style.HEADING)
        _add_reasons(page, first)
    if answer.mentioned:
        names = {one.id: one.name for one in answer.software}
        who = [
            f"{one.name} ({one.id}) beside {listed(sorted({names.get(each.software, each.software) for each in one.mentions}))}"
            for one in answer.mentioned
        ]
        if ranking or answer.verdict is not Verdict.NONE:
            page.add(f"Named in a report together with it, but not reported to use it: {listed(who, MOST)}.", hang=2)
    if ranking:
        _add_ranking(page, "Actors", answer.actors)
        _add_ranking(page, "Software", answer.software)


def _add_ranking(page: Page, heading: str, hypotheses: list[Hypothesis]) -> None:
    shown = cut(hypotheses, MOST)[:MOST_TIED]
    if not shown:
        return
    page.heading(f"{heading} that what was seen is consistent with; equal scores are ties")
    for one in shown:
        page.add(f"{one.score:.3f}  {one.name} ({one.id})", hang=7)
        _add_reasons(page, one)
    if len(hypotheses) > len(shown):
        page.add(f"and {len(hypotheses) - len(shown):,} more")


def _add_reasons(page: Page, one: Hypothesis) -> None:
    for reason in one.reasons[:_MOST_REASONS]:
        page.add(describe(reason), indent=7, hang=2)
    if len(one.reasons) > _MOST_REASONS:
        page.add(f"and {len(one.reasons) - _MOST_REASONS} more that are less rare", indent=7)


def describe(reason: Reason) -> str:
    """One reason as a line: what, how rare, through what, from which findings."""
    what = f"{reason.name} ({reason.item})"
    match reason.basis:
        case Basis.SEEN:
            text = f"{what} was seen itself"
        case Basis.REPORTED:
            text = f"{what}: known of {reason.known} of {reason.of}"
        case Basis.INHERITED:
            text = f"{what}: only through {listed(reason.through, 3)}; known of {reason.known} of {reason.of}"
    return f"{text}; finding {listed([each[:8] for each in reason.findings], 3)}" if reason.findings else text
