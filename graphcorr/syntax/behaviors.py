r"""What a command shows that its user is after, as a technique of ATT&CK: ``systeminfo``, ``rar a -hp``, ``certutil -urlcache``.

Every one of them is somebody's daily work as well: what they mean is decided by what they stand beside. Blind spots: what a variable
names, and programs under another name where no log has their maker's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.syntax.behavior_rules import LAUNCHER, OF_PROGRAM, OF_SHELL, SAME, SCRIPTED, TELLING
from graphcorr.syntax.file_commands import FILERS
from graphcorr.syntax.programs import POWERSHELL, program_name
from graphcorr.syntax.scripts import find_encoded, read_options
from graphcorr.syntax.words import Word, split_arguments, split_commands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphcorr.syntax.behavior_rules import Rule

LONGEST: Final = 8_191
"""Characters of a command line that are looked at: as many as cmd.exe takes."""
LONGEST_SCRIPT: Final = 32_768
"""Of a block of script, which PowerShell logs in parts of 16,000 or so."""
_SHELL: Final = "cmd"
PROGRAMS: Final = frozenset(OF_PROGRAM) | frozenset(FILERS) | frozenset(SAME) | POWERSHELL | {_SHELL}
"""Programs whose command lines are looked at, without ``.exe``."""
_COMMANDS: Final = re.compile(r"(?:^|[\s\"]|\bcmd|\.exe)/[ckr]\s*+(.*)", re.IGNORECASE | re.DOTALL)
_DECLARED: Final = re.compile(
    r"\b(?:export-modulemember\b|name=\"function\"; value=|(?:alias|function)sToExport\b)[^;\n]*|\bfunction\s+(?:\w+:)?[\w-]+",
    re.IGNORECASE | re.MULTILINE,
)
"""What names commands to declare them."""
_PROXY: Final = re.compile(r"\s*#requires -version 3\.0\s.{0,400}?\$script:MyModule\s*=\s*\$MyInvocation", re.IGNORECASE | re.DOTALL)
"""How modules begin that PowerShell makes itself of definitions."""
_MESSAGES: Final = re.compile(r"\bConvertFrom-StringData\b\s*@(['\"])\r?\n.{0,20000}?\n\1@", re.IGNORECASE | re.DOTALL)
"""Tables of a module's messages."""
_LOGGED: Final = re.compile(
    r"^CommandInvocation\((?P<command>[^)\n]+)\)|^ParameterBinding\([^)\n]*\): name=\"(?P<name>[^\"\n]*)\"; value=\"(?P<value>[^\n]*)\"",
    re.MULTILINE,
)
_IDLE: Final = frozenset(
    {"new-alias", "set-alias", "new-object", "write-verbose", "write-debug", "write-output", "write-host", "write-progress"}
)
"""Commands that name others and call none of them."""
_ASKING: Final = frozenset(
    {"class", "classname", "query", "path", "literalpath", "include", "filter", "uri", "infile", "outfile", "source"}
    | {"destination", "destinationpath", "command"}
)
"""Parameters that say what was asked for."""
_FUNCTION: Final = re.compile(r"\b(?:function|filter)\s+(?:\w+:)?[\w-]+\s*(?:\([^)]{0,2000}\)\s*)?\{", re.IGNORECASE)
_BRACE: Final = re.compile(r"[{}]")
_CONDITIONS: Final = frozenset({"if", "for", "else", "do"})


class Shown(NamedTuple):
    """One thing that a command shows."""

    technique: str
    """ATT&CK's id."""
    way: str
    """What was done, in a few words."""
    object: str | None = None
    """The file that was made, fetched or sent, as spelled; None where none is told."""


def shown_by(image: str | None, command_line: str | None, original_name: str | None = None) -> tuple[Shown, ...]:
    """What a program's command line shows, each once; ``original_name`` is what its maker called it, for one that was renamed."""
    program = program_name(image or "")
    if program not in PROGRAMS and original_name:
        program = program_name(original_name)
    return _shown(program, (command_line or "")[:LONGEST])


@lru_cache(maxsize=256)
def shown_by_script(text: str | None) -> tuple[Shown, ...]:
    """What a script's text shows, that of encoded commands in it included, each once."""
    return tuple(dict.fromkeys(_in_script((text or "")[:LONGEST_SCRIPT])))


@lru_cache(maxsize=4_096)
def _shown(program: str, line: str) -> tuple[Shown, ...]:
    words = split_arguments(line)
    # A process may be started with a command line that leaves its program out.
    rest = words if words and words[0].raw[:1] in {"-", "/"} else words[1:]
    arguments = _joined(rest)
    found: Iterable[Shown]
    if program in POWERSHELL:
        found = _in_powershell(rest, arguments, runs_file=program == "pwsh")
    elif program == _SHELL:
        found = _in_shell(line)
    else:
        named = SAME.get(program, program)
        filed = FILERS[named]([word.text for word in rest]) if named in FILERS else ()
        found = chain(_by(OF_PROGRAM.get(named, ()), arguments), (Shown(*one) for one in filed))
    return tuple(dict.fromkeys(found))


def _in_powershell(words: Sequence[Word], arguments: str, *, runs_file: bool) -> Iterator[Shown]:
    yield from _by((LAUNCHER,), arguments)
    asked = read_options(words, runs_file)
    for code in (asked.code, asked.encoded):
        if code:
            yield from _in_script(code)


def _in_script(code: str) -> Iterator[Shown]:
    """What is done, and not what a module only declares: of a proxy made from a class of WMI PowerShell logs all it can do."""
    if _PROXY.match(code):
        return
    # Who loads what reads saved sessions has come for them.
    yield from _by(TELLING, code)
    done = _DECLARED.sub("", _without_functions(_as_typed(_MESSAGES.sub("", code))))
    yield from _by(SCRIPTED, done)
    for inner in find_encoded(code):
        yield from _by(SCRIPTED, inner[:LONGEST_SCRIPT])


def _as_typed(code: str) -> str:
    """What PowerShell logs of a pipeline (4103), as it could have been typed: the commands with what they ask for, and no speech."""
    if not code.startswith("CommandInvocation("):
        return code
    statements: list[str] = []
    command = ""
    for line in _LOGGED.finditer(code):
        if line["command"]:
            command = line["command"] if line["command"].lower() not in _IDLE else ""
            statements.append(command)
        elif command and line["name"].lower() in _ASKING:
            statements.append(f"{command} -{line['name']} {line['value']}")
    return "\n".join(statements)


def _without_functions(code: str) -> str:
    """The code that runs at once: what stands in a function's braces runs when somebody calls it, which is logged by itself."""
    kept: list[str] = []
    at = 0
    while (found := _FUNCTION.search(code, at)) is not None:
        kept.append(code[at : found.start()])
        depth, at = 1, found.end()
        while depth and (brace := _BRACE.search(code, at)) is not None:
            depth, at = depth + (1 if brace[0] == "{" else -1), brace.end()
        if depth:  # cut by the log: the rest is the function's
            return "\n".join(kept)
    return "\n".join([*kept, code[at:]])


def _in_shell(line: str) -> Iterator[Shown]:
    """Commands of cmd.exe itself: what else stands in its line has a process of its own, which shows the same."""
    match = _COMMANDS.search(line)
    text = (match[1] if match else "").strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    for command in split_commands(text):
        words = [Word(word.text.lstrip("@("), word.raw.lstrip("@(")) for word in command.words]
        if words and words[0].text.lower() in _CONDITIONS:
            # What decides or repeats stands before it: if exist x del x, for %i in (…) do del %i.
            own = next((at for at, word in enumerate(words[1:], 1) if program_name(word.text) in OF_SHELL), len(words))
            words = words[own:]
        if words:
            yield from _by(OF_SHELL.get(program_name(words[0].text), ()), _joined(words[1:]))


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.raw for word in words)


def _by(rules: Sequence[Rule], text: str) -> Iterator[Shown]:
    """What rules show, of each way the first that holds."""
    ways: set[str] = set()
    for rule in rules:
        if rule.way not in ways and (found := rule.pattern.search(text)):
            ways.add(rule.way)
            file = found.groupdict().get("object")
            yield Shown(rule.technique, rule.way, file.strip("\"' ") if file else None)
