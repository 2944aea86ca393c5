"""``graphcorr attribute``: whom techniques and software are consistent with, asked directly, by the line, or for a case's paths."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page, talk
from graphcorr.cli.verb import FOUND, REFUSED, Verb, settings_of
from graphcorr.errors import InputError, UsageError
from graphcorr.outputs import json as json_output

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from graphcorr.settings import Settings


def attribute(
    context: typer.Context,
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
    settings = settings_of(context)
    if batch is not None:
        _answer_batch(batch, settings)
    elif case is not None:
        _answer_case(case, settings, as_json=json, ranking=ranking)
    else:
        _answer_one(technique or [], software or [], settings, as_json=json, ranking=ranking)


def _answer_one(techniques: list[str], software: list[str], settings: Settings, *, as_json: bool, ranking: bool) -> None:
    from graphcorr.outputs import attribution as output
    from graphcorr.service.attribution import ask

    found = ask(techniques, software, settings)
    if as_json:
        put_json(json_output.encode(output.to_line(found.answer)))
    else:
        put_page(output.render({"": found.answer}, found.attack, page_width(), ranking=ranking))
    if len(found.answer.unresolved) == len({*techniques, *software}):
        raise typer.Exit(REFUSED)  # nothing of what was asked counts
    _finish(named=found.answer.names_somebody)


def _answer_case(case: Path, settings: Settings, *, as_json: bool, ranking: bool) -> None:
    from graphcorr.outputs import attribution as output
    from graphcorr.service.attribution import ask_case

    found = ask_case(case, settings)
    if as_json:
        put_json(json_output.encode(output.to_document(found.answers, found.attack)))
    elif not found.answers:
        seen = sorted({id_ for finding in found.report.findings for id_ in finding.software})
        more = f" Its findings show {', '.join(seen)}: ask about those with --software." if seen else ""
        talk(f"The case has no path, so there is nothing to attribute.{more}")
    else:
        titles = {path.id: f"{' → '.join(path.hosts)} ({path.id[:8]})" for path in found.report.paths}
        answers = {titles[identity]: answer for identity, answer in found.answers.items()}
        put_page(output.render(answers, found.attack, page_width(), ranking=ranking))
    _finish(named=any(answer.names_somebody for answer in found.answers.values()))


def _answer_batch(name: str, settings: Settings) -> None:
    from graphcorr.service.attribution import ask_lines

    failed = named = lines = 0
    with _opened(name) as stream:
        for line in ask_lines(stream, settings):
            lines += 1
            put_json(json_output.encode(line))
            if line.failed:
                failed += 1
                talk(f"graphcorr: {name}: {line.error}")
            named += line.names_somebody
    if failed:
        talk(f"{failed:,} of {lines:,} lines of {name} cannot be used; each has a line with its error.")
        raise typer.Exit(REFUSED)
    if not lines:
        raise InputError("it holds no question", name)
    _finish(named=named > 0)


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


def _finish(*, named: bool) -> None:
    if named:
        raise typer.Exit(FOUND)


VERB = Verb("attribute", attribute, place=5)
