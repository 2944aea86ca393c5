"""Whom techniques and software are consistent with: asked directly, line by line, or for the paths of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcorr.attribution.attribute import attribute
from graphcorr.attribution.batch import answer_lines
from graphcorr.attribution.knowledge import Knowledge
from graphcorr.attribution.observed import observe
from graphcorr.attribution.paths import observe_path
from graphcorr.intel.knowledge import intel_folder, load_knowledge
from graphcorr.service import cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from graphcorr.attribution.answer import Answer
    from graphcorr.attribution.batch import Line
    from graphcorr.model.report import Report
    from graphcorr.settings import Settings


@dataclass(frozen=True, slots=True)
class Attribution:
    """An answer, and the version of ATT&CK that it rests on."""

    answer: Answer
    attack: str


@dataclass(frozen=True, slots=True)
class CaseAttribution:
    """An answer for each path of a report, by the path's id."""

    answers: Mapping[str, Answer]
    report: Report
    attack: str


def ask(techniques: Sequence[str], software: Sequence[str], settings: Settings) -> Attribution:
    """Whom these are consistent with. ``software`` is an ATT&CK id or a name; what is not known stands in the answer."""
    knowledge = _know(settings)
    observed = observe(dict.fromkeys(techniques, ()), dict.fromkeys(software, ()), knowledge.facts)
    return Attribution(attribute(observed, knowledge), knowledge.facts.version)


def ask_lines(stream: BinaryIO, settings: Settings) -> Iterator[Line]:
    """One answer for each line of JSON, in order; a line that cannot be used has its error."""
    return answer_lines(stream, _know(settings))


def ask_case(case: Path, settings: Settings) -> CaseAttribution:
    """Whom each path of the case's last report is consistent with, by the case's own intelligence where it has some."""
    knowledge = _know(settings, case)
    report = cases.load_report(cases.find_case(case, settings))
    findings = {one.id: one for one in report.findings}
    answers = {path.id: attribute(observe_path(path, findings, knowledge), knowledge) for path in report.paths}
    return CaseAttribution(answers, report, knowledge.facts.version)


def _know(settings: Settings, case: Path | None = None) -> Knowledge:
    return Knowledge.of(load_knowledge(intel_folder(settings.state, case)))
