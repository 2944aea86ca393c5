"""``graphcorr attribute``: whom techniques and software are consistent with, asked directly, by the line, or for a case's paths."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page, talk
from graphcorr.cli.verb import FOUND, REFUSED, Verb
from graphcorr.errors import InputError, UsageError
from graphcorr.outputs import json as json_output

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from graphcorr.attribution.answer import Answer
    from graphcorr.attribution.knowledge import Knowledge


def attribute(
    *,
    technique: Annotated[
        list[str] | None, typer.Option("--technique", "-t", metavar="ID", help="An ATT&CK technique that was seen.")
    ] = None,
    software: Annotated[
        list[str] | None, typer.Option("--software", "-s", metavar="ID|NAME", help="Software that was seen, by ATT&CK id or name.")
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option("--batch", metavar="FILE", help='Answer {"id","techniques","software"} line by line, as JSON; - is standard input.'),
    ] = None,
    case: Annotated[
        Path | None, typer.Option("--case", metavar="DIR", parser=options.read_path, help="Ask for each path of this case's report.")
    ] = None,
    ranking: Annotated[bool, typer.Option("--ranking", help="Show the ranking although nobody can be named.")] = False,
    json: options.Json = False,
) -> None:
    """Tell whom techniques and software are consistent with.

    Mostly the answer is nobody: on techniques alone no actor can be told. Exit status 1 when somebody is named.
    """
    asked = [bool(technique or software), batch is not None, case is not None]
    if sum(asked) != 1:
        raise UsageError("give --technique and --software, or --batch FILE, or --case DIR")
    from graphcorr.attribution.knowledge import Knowledge
    from graphcorr.intel.knowledge import intel_folder, load_knowledge
    from graphcorr.settings import state_folder

    knowledge = Knowledge.of(load_knowledge(intel_folder(state_folder(os.environ), case)))
    if batch is not None:
        _answer_batch(batch, knowledge)
    elif case is not None:
        _answer_case(case, knowledge, as_json=json, ranking=ranking)
    else:
        _answer_one(technique or [], software or [], knowledge, as_json=json, ranking=ranking)


def _answer_one(techniques: list[str], software: list[str], knowledge: Knowledge, *, as_json: bool, ranking: bool) -> None:
    from graphcorr.attribution.attribute import attribute as ask
    from graphcorr.attribution.batch import as_line
    from graphcorr.attribution.observed import observe

    answer = ask(observe(dict.fromkeys(techniques, ()), dict.fromkeys(software, ()), knowledge.facts), knowledge)
    if as_json:
        put_json(json_output.encode(as_line(None, answer)))
    else:
        _put({"": answer}, knowledge, ranking=ranking)
    if len(answer.unresolved) == len({*techniques, *software}):
        raise typer.Exit(REFUSED)  # nothing of what was asked counts
    _finish([answer])


def _answer_case(case: Path, knowledge: Knowledge, *, as_json: bool, ranking: bool) -> None:
    from graphcorr import service
    from graphcorr.attribution.attribute import attribute as ask
    from graphcorr.attribution.batch import as_line
    from graphcorr.attribution.paths import observe_path

    report = service.load_report(service.find_case(case))
    findings = {one.id: one for one in report.findings}
    answers = {path.id: ask(observe_path(path, findings, knowledge), knowledge) for path in report.paths}
    if as_json:
        lines = [as_line(identity, answer) for identity, answer in answers.items()]
        put_json(json_output.encode({"schema": "graphcorr.attribution/1", "attack": knowledge.facts.version, "paths": lines}))
    elif not answers:
        seen = sorted({id_ for finding in report.findings for id_ in finding.software})
        more = f" Its findings show {', '.join(seen)}: ask about those with --software." if seen else ""
        talk(f"The case has no path, so there is nothing to attribute.{more}")
    else:
        titles = {path.id: f"{' → '.join(path.hosts)} ({path.id[:8]})" for path in report.paths}
        _put({titles[identity]: answer for identity, answer in answers.items()}, knowledge, ranking=ranking)
    _finish(list(answers.values()))


def _answer_batch(name: str, knowledge: Knowledge) -> None:
    from graphcorr.attribution.answer import Verdict
    from graphcorr.attribution.batch import answer_lines

    failed = found = lines = 0
    with _opened(name) as stream:
        for line in answer_lines(stream, knowledge):
            lines += 1
            put_json(json_output.encode(line))
            if line.failed:
                failed += 1
                talk(f"graphcorr: {name}: {line.error}")
            found += line.verdict is not Verdict.NONE
    if failed:
        talk(f"{failed:,} of {lines:,} lines of {name} cannot be used; each has a line with its error.")
        raise typer.Exit(REFUSED)
    if not lines:
        raise InputError("it holds no question", name)
    if found:
        raise typer.Exit(FOUND)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as stream:
            yield stream
    except BrokenPipeError:
        raise  # it is our reader that went away
    except OSError as error:
        raise InputError(error.strerror or str(error), name) from error


def _put(answers: dict[str, Answer], knowledge: Knowledge, *, ranking: bool) -> None:
    from graphcorr.outputs import attribution

    put_page(attribution.render(answers, knowledge.facts.version, page_width(), ranking=ranking))


def _finish(answers: list[Answer]) -> None:
    from graphcorr.attribution.answer import Verdict

    if any(answer.verdict is not Verdict.NONE for answer in answers):
        raise typer.Exit(FOUND)


VERB = Verb("attribute", attribute, place=5)
