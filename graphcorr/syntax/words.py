"""Command lines cut into words: the way programs cut their arguments, and the way cmd.exe cuts commands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

# \"…\" inside quotes is an inner quotation; a lone \" is the end of a folder name ("C:\dir\"), which is far more common
# in real command lines than what the C runtime would make of it.
_QUOTED: Final = r'"(?:[^"\\]++|\\"[^"]*\\"|\\)*+"?'
_WORD: Final = re.compile(rf'(?:[^\s"]++|{_QUOTED})++')
_TOKEN: Final = re.compile(
    rf"(?P<end>\r?\n|&&?|\|\|?)|(?P<redirect>\d?(?:>>?|<)(?:&\d)?)|(?P<space>[^\S\r\n]+|\r)|(?P<paren>[()])"
    rf'|(?P<part>(?:{_QUOTED}|\^(?:\r?\n|.)?|[^\s"^&|()<>]++)++)',
    re.DOTALL,
)
_CARET: Final = re.compile(rf"({_QUOTED})|\^(\r?\n|.)?", re.DOTALL)


class Word(NamedTuple):
    """One word: ``text`` without its quotes, ``raw`` with them."""

    text: str
    raw: str

    @property
    def quoted(self) -> bool:
        return '"' in self.raw


@dataclass(slots=True)
class Command:
    """One command of a cmd.exe line: its words, and the files that its streams go to (``>``) or come from (``<``)."""

    words: list[Word] = field(default_factory=list)
    outputs: list[Word] = field(default_factory=list)
    inputs: list[Word] = field(default_factory=list)
    piped: bool = False
    """Whether its output goes into the next command."""


def split_arguments(text: str) -> list[Word]:
    """The words of a program's command line: cut at blanks outside quotes."""
    return [make_word(raw) if '"' in raw else Word(raw, raw) for raw in _WORD.findall(text)]


def make_word(raw: str) -> Word:
    r"""A word of what stood in the command line; ``\"`` gives a quote only where it is one of a pair inside quotes."""
    if '"' not in raw:
        return Word(raw, raw)
    inner = raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] == '"' else raw
    if inner.count('\\"') > 1:
        return Word(inner.replace('\\"', "\0").replace('"', "").replace("\0", '"'), raw)
    return Word(inner.replace('"', ""), raw)


def split_commands(text: str) -> list[Command]:
    """The commands of a cmd.exe line: cut at ``&``, ``&&``, ``|``, ``||`` and line ends, groups opened, carets taken out."""
    commands: list[Command] = []
    command = Command()
    parts: list[str] = []
    target = command.words
    depth = 0

    def flush() -> None:
        nonlocal target
        if parts:
            target.append(make_word(_CARET.sub(r"\1\2", "".join(parts))))
            parts.clear()
            target = command.words

    for token in _TOKEN.finditer(text):
        kind, value = token.lastgroup, token[0]
        if kind == "part":
            parts.append(value)
        elif kind == "space":
            flush()
        elif kind == "redirect":
            flush()
            if "&" not in value:
                target = command.inputs if "<" in value else command.outputs
        elif kind == "paren" and value == "(" and (parts or command.words):
            parts.append(value)  # C:\Program Files (x86)\…
        elif kind == "paren" and value == "(":
            depth += 1
        elif kind == "paren" and not depth:
            parts.append(value)
        else:
            depth -= kind == "paren"
            flush()
            command.piped = value == "|"
            commands.append(command)
            command = Command()
            target = command.words
    flush()
    commands.append(command)
    return [command for command in commands if command.words or command.outputs or command.inputs]
