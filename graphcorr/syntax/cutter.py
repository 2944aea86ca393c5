r"""Cuts one command line into every file that it may refer to: the reading that cmd.exe, loaders and launchers do, guessed.

A command line is text that many programs read, each in its own way, so the cutter collects candidates and says how sure
it is of each. Blind spots: paths put together from variables at run time, what commands other than ``type`` pipe into a
shell, and names without folder and extension behind programs that are not known to load them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphcorr.syntax.folding import fold
from graphcorr.syntax.paths import has_drive
from graphcorr.syntax.programs import (
    BUILTINS,
    CODE,
    COPIERS,
    KNOWN,
    LOADERS,
    MOVERS,
    OPERAND_PROGRAMS,
    POWERSHELL,
    REGISTRARS,
    RENAMERS,
    RUNNABLE,
    SHELLS,
    STARTERS,
    code_of,
    find_launch,
    program_name,
)
from graphcorr.syntax.references import ABSOLUTE, VARIABLE, How, Move, Reference, Role
from graphcorr.syntax.scopes import TOP, Scope, extension_of
from graphcorr.syntax.scripts import find_encoded, find_moves, find_paths, read_options
from graphcorr.syntax.words import Command, Word, make_word, split_arguments, split_commands

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_REFERENCES: Final = 256
"""Candidates kept of one command line."""
MAX_DEPTH: Final = 6
"""Commands inside commands (``cmd /c "powershell -enc …"``) that are followed."""
MAX_PREFIX_WORDS: Final = 8
r"""Words that an unquoted path may be made of: ``C:\Program Files\Common Files\a b.exe``."""

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_FILE_URL: Final = re.compile(r"file:/{2,3}", re.IGNORECASE)
_REGISTRY: Final = re.compile(r"(?:HK(?:LM|CU|U|CR|CC)|HKEY_\w+)(?:\\|\Z|:)", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"[^\\/]\.[A-Za-z0-9_$~-]{1,10}\Z")
_NO_PATH: Final = re.compile(r"[-/]?[\w-]*\Z")
"""A plain word or switch, most of what stands in command lines: told at once."""
_NUMBERS: Final = re.compile(r"[\d.,:v]+\Z")
_RUNNABLE: Final = re.compile(rf"(?:{'|'.join(map(re.escape, RUNNABLE))})\Z", re.IGNORECASE)
_OPTION: Final = re.compile(r"[-/\u2013\u2014][-\w?]*?(?:[:=]+|(?=[A-Za-z]:\\|\\\\))(.+)", re.DOTALL)
_OUTPUT: Final = re.compile(r"[-/](l[a-z]{0,2}[*+!]?[a-z]*|log\w*|(?-i:o)|out\w*)(?![\w*])", re.IGNORECASE)
"""Options that say where to write: a log named to an interpreter is not run by it."""
_ASSIGNED: Final = re.compile(r"[\w.-]+=+(.+)", re.DOTALL)
_SHELL: Final = re.compile(r"(?:\s*/(?:[abdqsux]|[eftv]:\w*))*\s*/[ckr](.*)|.*?\s/[ckr]\s(.*)", re.IGNORECASE | re.DOTALL)
_IMPOSSIBLE: Final = re.compile(r'[*?"<>|\x00-\x1f]')
_MODULE_ARGUMENT: Final = re.compile(r"([^,\"]*)", re.DOTALL)


class Cutter:
    """Collects the references of one command line; paths are still relative to the working directory."""

    __slots__ = ("directory", "found", "moves", "prompt", "truncated")

    def __init__(self) -> None:
        self.found: dict[tuple[str, Role], Reference] = {}
        self.moves: list[Move] = []
        self.directory: str | None = None
        """Where ``cd`` went before the command at hand."""
        self.prompt = True
        """Whether nothing before the command at hand takes time or decides about it."""
        self.truncated = False

    def add(self, path: str, role: Role, how: How, certain: bool) -> None:
        """Keeps a candidate, unless it is a folder, a pattern or known already."""
        path = path.strip(" \t\"'`")
        if path.lower().startswith("file:"):
            match = _FILE_URL.match(path)
            rest = path[len(match[0]) if match else 5 :].replace("/", "\\")
            path = rest if has_drive(rest) or (match and len(match[0]) == 8) else "\\\\" + rest
        if not path or path[-1] in "\\/" or _IMPOSSIBLE.search(path.removeprefix("\\\\?\\").removeprefix("\\??\\")):
            return
        if not ABSOLUTE.match(path):
            if VARIABLE.match(path):
                how, certain = (How.VARIABLE if how in (How.QUOTED, How.UNQUOTED) else how), False
            else:
                how = How.RELATIVE if how in (How.QUOTED, How.UNQUOTED) else how
                certain = certain and ("\\" in path or "/" in path)
                if self.directory is not None and path[0] not in "\\/":
                    path = f"{self.directory}\\{path.removeprefix('.' + chr(92))}"
        key = (path, role)
        if key not in self.found:
            if len(self.found) >= MAX_REFERENCES:
                self.truncated = True
                return
            self.found[key] = Reference(path, role, how, certain)

    def read_line(self, text: str, image: str | None, scope: Scope) -> None:
        """A command line as a program gets it: no operators, no redirections."""
        self.read_words(split_arguments(text), image, scope)

    def read_shell(self, text: str, scope: Scope) -> None:
        """What cmd.exe runs: several commands, redirections, builtins."""
        if self.is_too_deep(scope):
            return
        directory = self.directory
        commands = split_commands(_strip_outer_quotes(text.strip()))
        for command, following in zip(commands, [*commands[1:], None], strict=False):
            if following is not None and command.piped and _is_shell(following) and _program_of(command) in ("type", "more"):
                # What a shell is fed it runs.
                for word in command.words[1:]:
                    self.add(word.text, scope.role, How.QUOTED if word.quoted else How.UNQUOTED, certain=True)
                continue
            for word in command.outputs:
                role = Role.REMOTE if scope.role is Role.REMOTE else Role.REDIRECT
                self.add(word.text, role, How.QUOTED if word.quoted else How.UNQUOTED, certain=True)
            for word in command.inputs:
                self.add(
                    word.text, scope.role if _is_shell(command) else Role.OPERAND, How.QUOTED if word.quoted else How.UNQUOTED, certain=True
                )
            self.read_words(command.words, None, scope, in_shell=True)
        self.directory = directory

    def is_too_deep(self, scope: Scope) -> bool:
        if scope.depth > MAX_DEPTH:
            self.truncated = True
            return True
        return False

    def read_words(self, words: Sequence[Word], image: str | None, scope: Scope, in_shell: bool = False) -> None:
        """One command: its program, then its arguments in the way that this program reads them."""
        if self.is_too_deep(scope):
            return
        if in_shell:
            words = self.skip_control(words)
        if not words:
            return
        program, rest = self.read_program(words, image, scope, in_shell)
        inner = Scope(Role.REMOTE if scope.role is Role.REMOTE else Role.ARGUMENT, scope.depth + 1, scope.how)
        if program == "cmd":
            match = _SHELL.match(" ".join(word.raw for word in rest))
            if match is not None:
                self.read_shell(match[1] or match[2] or "", inner)
            return
        if program in POWERSHELL:
            self.read_powershell(rest, program == "pwsh", inner)
            return
        launch = find_launch(program, rest)
        if launch is not None:
            self.prompt = False  # at another time, as another process, or for each of many files
            scope = inner._replace(role=Role.REMOTE) if launch.remote else inner
            if program in ("start", "call", "wmic", "forfiles", "at", "schtasks", "runas"):
                self.read_shell(launch.text, scope)
            else:
                self.read_line(launch.text, None, scope)
            return
        if in_shell and program in ("cd", "chdir", "pushd"):
            self.change_directory(rest)
            return
        if program == "rundll32":
            rest = self.read_module(rest, inner)
            inner = inner._replace(runs=CODE)  # what the library's function is given, often a document to show
        else:
            inner = inner._replace(runs=code_of(program, self.find_program(words[0].text, image)))
        if inner.role is not Role.REMOTE and program in MOVERS:
            self.move([word.text for word in rest if word.text[:1] not in "-/"], program, self.prompt)
        operands = program in OPERAND_PROGRAMS or (in_shell and program in BUILTINS)
        self.prompt = self.prompt and (program in MOVERS or (in_shell and program in BUILTINS))
        role = Role.OPERAND if operands and inner.role is not Role.REMOTE else inner.role
        self.read_arguments(rest, inner._replace(role=role), loads=program in LOADERS, several=program in REGISTRARS)

    def move(self, paths: Sequence[str], verb: str, prompt: bool) -> None:
        r"""``ren c:\a b``, ``move c:\a d:\b``; where the second may be a folder both readings are kept."""
        if len(paths) != 2 or len(self.moves) >= MAX_REFERENCES:
            return
        source, target = (path if ABSOLUTE.match(path) or self.directory is None else f"{self.directory}\\{path}" for path in paths)
        folder, slash, name = source.rpartition("\\")
        below = target.rstrip("\\/") + "\\" + name
        readings = [folder + slash + paths[1]] if verb in RENAMERS else [below] if target[-1:] in ("\\", "/") else [target, below]
        self.moves += [Move(source, reading, verb in COPIERS, prompt) for reading in readings]

    @staticmethod
    def find_program(spelled: str, image: str | None) -> str | None:
        """Where the program stands, as far as the command line or the log tells."""
        return image or (spelled if ABSOLUTE.match(spelled) or VARIABLE.match(spelled) else None)

    def skip_control(self, words: Sequence[Word]) -> Sequence[Word]:
        """The command behind ``@``, ``if … ``, ``for … do`` and ``else``."""
        for _ in range(MAX_DEPTH):
            if not words:
                break
            first = words[0].text.lower().lstrip("@(")
            self.prompt = self.prompt and first not in ("if", "for", "else")
            if first == "if":
                words = self.skip_condition(words[1:])
            elif first == "for":
                places = [index for index, word in enumerate(words) if word.text.lower() == "do"]
                if not places:
                    break
                words = words[places[0] + 1 :]
            elif first in ("else", "do"):
                words = words[1:]
            else:
                if words[0].raw[:1] in "@(":
                    words = [make_word(words[0].raw.lstrip("@(")), *words[1:]]
                break
        return [word for word in words if word.raw]

    def skip_condition(self, words: Sequence[Word]) -> Sequence[Word]:
        while words and words[0].text.lower() in ("not", "/i"):
            words = words[1:]
        if not words:
            return words
        first = words[0].text.lower()
        if first == "exist":
            for word in words[1:2]:
                self.add(word.text, Role.OPERAND, How.QUOTED if word.quoted else How.UNQUOTED, certain=True)
            return words[2:]
        if first in ("defined", "errorlevel", "cmdextversion"):
            return words[2:]
        return words[1:] if "==" in first else words[3:]

    def change_directory(self, words: Sequence[Word]) -> None:
        spelled = " ".join(word.text for word in words if word.text.lower() != "/d")
        target = spelled.rstrip("\\/")
        if not spelled or target == ".":
            return
        if ABSOLUTE.match(target + "\\") or VARIABLE.match(target) or self.directory is None or target[:1] in ("", "\\", "/"):
            self.directory = target
        else:
            self.directory = f"{self.directory}\\{target}"

    def read_program(self, words: Sequence[Word], image: str | None, scope: Scope, in_shell: bool) -> tuple[str, Sequence[Word]]:
        """Adds the program; returns its table name and the words behind it."""
        first = words[0]
        imaged = program_name(image) if image else None
        if image and first.text[:1] in ("-", "/") and not ABSOLUTE.match(first.text):
            return program_name(image), words  # the process was started with a command line that leaves the program out
        name = program_name(first.text)
        if imaged is not None and imaged != name and imaged in KNOWN:
            name = imaged  # the first word is whatever the creator wrote; the image is what runs
        if in_shell and (fold(first.text) in BUILTINS or name in STARTERS):
            return name, words[1:]
        how = scope.how or (How.QUOTED if first.quoted else How.UNQUOTED)
        if first.quoted or not (ABSOLUTE.match(first.text) or VARIABLE.match(first.text)) or len(words) == 1:
            # A bare name is searched for; where the log says what was found, that is the program.
            if image and imaged == name and scope is TOP and not ABSOLUTE.match(first.text):
                self.add(image, scope.role, how, certain=True)
            else:
                self.add(first.text, scope.role, how, certain=True)
            return name, words[1:]
        readings = _grow(words, lone=imaged == name)
        chosen = next((n for n, path in readings if imaged is not None and program_name(path) == imaged), None)
        if chosen is None:
            chosen = next((n for n, path in readings if _RUNNABLE.search(path)), 1)
        for count, path in readings:
            certain = len(readings) == 1 or (count == chosen and imaged is not None and program_name(path) == imaged)
            self.add(path, scope.role, how if count == 1 and len(readings) == 1 else How.PREFIX, certain=certain)
        return program_name(readings[chosen - 1][1]), words[chosen:]

    def read_powershell(self, words: Sequence[Word], runs_file: bool, scope: Scope) -> None:
        asked = read_options(words, runs_file)
        if asked.file is not None:
            self.add(asked.file, scope.role, How.QUOTED, certain=True)
            self.read_arguments([make_word(raw) for raw in asked.arguments], scope._replace(runs=CODE))
        if asked.code is not None:
            self.read_script(asked.code, scope, How.SCRIPT)
        if asked.encoded is not None:
            self.read_script(asked.encoded, scope, How.ENCODED)

    def read_script(self, code: str, scope: Scope, how: How) -> None:
        if self.is_too_deep(scope):
            return
        for path, operand, remote in find_paths(code):
            role = Role.OPERAND if operand or extension_of(path) not in CODE else scope.role
            self.add(path, Role.REMOTE if remote or scope.role is Role.REMOTE else role, how, certain=False)
        if scope.role is not Role.REMOTE:
            for paths, verb, first in find_moves(code):
                self.move(paths, verb, first and self.prompt)
            self.prompt = False
        for inner in find_encoded(code):
            self.read_script(inner, scope._replace(depth=scope.depth + 1), How.ENCODED)

    def read_module(self, words: Sequence[Word], scope: Scope) -> Sequence[Word]:
        r"""``rundll32 c:\p\x.dll,entry``, ``rundll32 "c:\p q\x",#1``, ``rundll32 x.dll entry``; returns the words behind."""
        if not words:
            return words
        first, certain = words[0], True
        if not first.quoted and "," not in first.text and ABSOLUTE.match(first.text) and not _EXTENSION.search(first.text):
            match = _MODULE_ARGUMENT.match(" ".join(word.raw for word in words[:MAX_PREFIX_WORDS]))
            if match is not None and " " in match[1]:
                self.add(match[1], scope.role, How.PREFIX, certain=False)
                certain = False
        path = first.text.partition(",")[0]
        if path and (ABSOLUTE.match(path) or not _URL.match(path)):
            self.add(path, scope.role, scope.how or (How.QUOTED if first.quoted else How.UNQUOTED), certain=certain)
        return words[1:]

    def read_arguments(self, words: Sequence[Word], scope: Scope, loads: bool = False, several: bool = False) -> None:
        """Arguments of a program that is not known to read them in a way of its own."""
        output = None
        for index, word in enumerate(words):
            text = word.text
            if not text or (not loads and _NO_PATH.match(text)):
                output = _OUTPUT.match(text)
                continue
            if text[0] in "-/\u2013\u2014" and not text.startswith("//"):
                output, match = _OUTPUT.match(text), _OPTION.match(text)
                if match is not None:
                    self.read_argument(match[1], scope.written(output), How.OPTION)
                continue
            how = scope.how or (How.QUOTED if word.quoted else How.UNQUOTED)
            if output is not None:
                self.read_argument(text, scope.written(output), how, loads)
                output = None
                continue
            self.read_argument(text, scope, how, loads)
            if not word.quoted and ABSOLUTE.match(text) and not _EXTENSION.search(text):
                for _, path in _grow(words[index:])[1:]:
                    self.add(path, scope.role_of(path), How.PREFIX, certain=False)
            elif scope.runs is None and not several and (word.quoted or _EXTENSION.search(text)):
                scope = scope._replace(runs=CODE)  # the script; what comes behind is for the script

    def read_argument(self, text: str, scope: Scope, how: How, loads: bool = False) -> None:
        if text[0] in "([{'" or text[-1] in "'])},;":
            text = text.strip("[]{}',;").lstrip("(")
            if "(" not in text:
                text = text.rstrip(")")
            if not text:
                return
        text = text[7:] if text[:7].lower() == "script:" else text  # a scriptlet's moniker
        if ABSOLUTE.match(text) or VARIABLE.match(text):
            self.add(text, scope.role_of(text), how, certain=True)
        elif _FILE_URL.match(text):
            self.add(text, scope.role_of(text), how, certain=False)
        else:
            match = _ASSIGNED.match(text)
            if match is not None:
                self.read_argument(match[1], scope, How.OPTION)
                return
            if text.startswith("//") or _URL.match(text) or _REGISTRY.match(text) or _NUMBERS.match(text):
                return
            if loads or "\\" in text or _EXTENSION.search(text):
                self.add(text, scope.role_of(text), how, certain=True)
        if "," in text:
            self.add(text.partition(",")[0], scope.role_of(text.partition(",")[0]), How.PREFIX, certain=False)


def _program_of(command: Command) -> str | None:
    return program_name(command.words[0].text) if command.words else None


def _is_shell(command: Command) -> bool:
    return _program_of(command) in SHELLS


def _grow(words: Sequence[Word], lone: bool = False) -> list[tuple[int, str]]:
    """The readings of an unquoted path that blanks may belong to: ``(words used, path)``, shortest first."""
    readings = [(1, words[0].text)]
    path = words[0].text
    for count, word in enumerate(words[1:MAX_PREFIX_WORDS], start=2):
        if lone or _RUNNABLE.search(path) or word.quoted or word.text[0] in "-/\u2013\u2014<>|&" or ABSOLUTE.match(word.text):
            break
        path = f"{path} {word.text}"
        readings.append((count, path))
    return readings


def _strip_outer_quotes(text: str) -> str:
    r"""cmd /c takes the first and the last quote away, unless they enclose one program: ``/c "net use"``, ``/c ""C:\a b.exe" -x"``."""
    if not text.startswith('"'):
        return text
    head = text[1:].partition('"')[0]
    if ABSOLUTE.match(head) and _RUNNABLE.search(head):
        return text
    end = text.rfind('"')
    return text[1:] if end == 0 else text[1:end] + text[end + 1 :]
