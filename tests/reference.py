"""The command line as text for the docs: ``python -m tests.reference`` writes it into README.md between its marks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol, cast

import typer.main

from graphcorr.cli.main import build_app

REPOSITORY = Path(__file__).parents[1]
BEGIN: Final = "<!-- commands: written by `make bless` -->"
END: Final = "<!-- end of commands -->"
_OWN_HELP: Final = "--help"
_WIDTH: Final = 110
_INDENT: Final = 24


class Parameter(Protocol):
    """What we read of click's parameters: Typer carries its own copy of click and makes no type of it public."""

    name: str
    opts: list[str]
    secondary_opts: list[str]
    param_type_name: str
    metavar: str | None
    help: str | None
    hidden: bool


class Command(Protocol):
    params: list[Parameter]
    help: str | None


def commands() -> Iterator[tuple[str, Command]]:
    """Every command by its full name, as ``graphcorr patterns list``, groups before what is in them."""
    yield from _walk("graphcorr", cast("Command", typer.main.get_command(build_app())))


def _walk(name: str, command: Command) -> Iterator[tuple[str, Command]]:
    yield name, command
    for verb, child in children(command).items():
        yield from _walk(f"{name} {verb}", child)


def children(command: Command) -> dict[str, Command]:
    """The commands below a group; none below a command."""
    found: dict[str, Command] = getattr(command, "commands", {})
    return found


def options(command: Command) -> dict[str, str]:
    """The options of a command with all spellings and what follows them, and their help; ``--help`` is everybody's and left out."""
    return {
        " ".join([", ".join([*parameter.opts, *parameter.secondary_opts]), *([parameter.metavar] if parameter.metavar else [])]): (
            parameter.help or ""
        )
        for parameter in command.params
        if parameter.param_type_name == "option" and _OWN_HELP not in parameter.opts and not parameter.hidden
    }


def spellings(command: Command) -> set[str]:
    return {
        spelling for parameter in command.params for spelling in (*parameter.opts, *parameter.secondary_opts) if spelling.startswith("-")
    }


def command_reference() -> str:
    """A block for each command: how it is called, what it does, its options."""
    blocks = []
    for name, command in commands():
        if children(command) and not options(command):
            continue
        arguments = [parameter.metavar or parameter.name.upper() for parameter in command.params if parameter.param_type_name == "argument"]
        usage = " ".join([name, *(["[OPTIONS]"] if options(command) else []), *arguments])
        lines = [f"### `{usage}`", "", " ".join((command.help or "").split()), ""]
        if options(command):
            lines.append("```text")
            for spelling, text in options(command).items():
                first, *rest = textwrap.wrap(" ".join(text.split()), _WIDTH - _INDENT) or [""]
                lines.append(f"{spelling:<{_INDENT - 1}} {first}".rstrip())
                lines += [" " * _INDENT + line for line in rest]
            lines += ["```", ""]
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def with_reference(readme: str) -> str:
    """``readme`` with the text between its marks replaced."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{command_reference()}\n{END}{after}"


if __name__ == "__main__":
    path = REPOSITORY / "README.md"
    path.write_text(with_reference(path.read_text(encoding="utf-8")), encoding="utf-8")
