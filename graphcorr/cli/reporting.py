"""How a report is delivered, and which exit status it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from graphcorr.cli.delivery import page_width, put_json, put_page, talk
from graphcorr.cli.verb import FOUND, REFUSED
from graphcorr.outputs import json, text
from graphcorr.outputs.inputs import say_unjudged
from graphcorr.outputs.wording import count

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.model.findings import Level
    from graphcorr.model.report import Report


def put_report(
    report: Report,
    min_level: Level,
    *,
    as_json: bool,
    case: Path | None,
    output: Path | None = None,
    fail_on_skipped: bool = False,
) -> None:
    """Print or write the report; raises ``typer.Exit`` when the status is not 0.

    ``case`` is the one that the commands of the text have to name, see :func:`~graphcorr.cli.verb.case_to_name`. The JSON report is whole
    whatever ``min_level`` is: it decides the status and what the text lists.
    """
    shown = [each for each in report.findings if text.counts(each, min_level)]
    if as_json or (output is not None and output.suffix.lower() == ".json"):
        put_json(json.render(report), output)
    else:
        put_page(text.render(report, min_level, page_width(), case), output)
    if output is not None:
        talk(f"{text.answer(report, shown)} The report is in {output}.")
    if not any(each.format is not None and each.status != "not_understood" for each in report.inputs.files):
        talk("Nothing that was named is a log that graphcorr knows: this is no clean result.")
        raise typer.Exit(REFUSED)
    if report.inputs.unfinished:
        talk("Not everything that was named was read to its end: what is missing was not judged.")
        raise typer.Exit(REFUSED)
    if unjudged := [each for each in report.inputs.files if not each.judged]:
        talk(say_unjudged(unjudged))
        raise typer.Exit(REFUSED)
    if fail_on_skipped and report.inputs.skipped:
        talk(f"{count(report.inputs.skipped, 'record')} skipped, and --fail-on-skipped was given.")
        raise typer.Exit(REFUSED)
    if shown:
        raise typer.Exit(FOUND)
