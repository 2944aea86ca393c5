"""PowerShell: what its options say, encoded commands decoded, and the paths that a script's text names.

A script is not executed here: a path put together from variables is not seen.
"""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.syntax.programs import MOVERS, is_operand_verb, is_remote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.syntax.words import Word

_DASH: Final = "-/\u2013\u2014\u2015"
_VALUE_OPTIONS: Final = (
    "executionpolicy", "ex", "ep", "windowstyle", "version", "inputformat", "if", "outputformat", "of", "configurationname",
    "psconsolefile", "workingdirectory", "wd", "settingsfile", "custompipename",
)  # fmt: skip
_NEAR: Final = 20
"""Characters before a path in which what compares it stands."""
_EXTENSIONS: Final = (
    "exe|dll|ps1|psm1|psd1|bat|cmd|com|vbs|vbe|js|jse|wsf|wsh|hta|msi|msp|msc|scr|pif|cpl|ocx|sys|xml|xsl|sct|inf|lnk|jar|py|csproj|zip|7z"
)
_BARE: Final = rf"[\w$~][\w$~.+-]*\.(?:{_EXTENSIONS})\b(?![\w\\(-])"
_ROOTED: Final = r"(?:\b[A-Za-z]:[\\/]|\\\\[\w.$-]+\\|\.{1,2}[\\/]|\$env:\w+[\\/]|\$\{env:[\w()]+\}[\\/]|%[\w()]+%\\)"
_QUOTED_PATH: Final = rf"""(["'])({_ROOTED}[^"'<>|*?\r\n]+|[^"'<>|*?\r\n:/\\]+\.(?:{_EXTENSIONS}))\1"""
_OPEN_PATH: Final = rf"""({_ROOTED}[^\s"'<>|*?;,(){{}}&`]+)"""
_PATH: Final = re.compile(rf"{_QUOTED_PATH}|{_OPEN_PATH}|(?<![\w.:/\\$~+-])({_BARE})", re.IGNORECASE | re.ASCII)
_ENCODED: Final = re.compile(r"\s[-/\u2013\u2014\u2015](?:e|ec|en\w*)\s+[\"']?([A-Za-z0-9+/]{16,}={0,2})", re.IGNORECASE)
_SEPARATOR: Final = re.compile(r"[;|{}\r\n&]+")
_EVALUATE: Final = re.compile(r"\b(?:iex|invoke-expression)\b", re.IGNORECASE)
_VERB: Final = re.compile(r"[\s(@!]*(?:\$[\w:]+\s*=[\s(@]*)?(?:(?:if|elseif|while|return)\b[\s(!]*)?([A-Za-z][\w.-]*)", re.IGNORECASE)
_ARGUMENT: Final = re.compile(r"""\"([^\"]+)\"|'([^']+)'|([^\s"'()]+)""")
_FILE_CLASS: Final = re.compile(r"\[(?:System\.)?IO\.(?:File|Path|Directory)\w*\]::", re.IGNORECASE)
_COMPARED: Final = re.compile(r"-[ic]?(?:eq|ne|(?:not)?(?:like|match|contains|in))\s*[(\"'\\]*\Z", re.IGNORECASE)
_LOADS: Final = re.compile(r"\bload(?:file|from|withpartialname)?\s*\(", re.IGNORECASE)
_REMOTE: Final = re.compile(r"[-/](?:ComputerName|cn|CimSession|Session)[\s:]+([\"']?[^\s\"';|{}]+)", re.IGNORECASE)


class Named(NamedTuple):
    """A path that a script names."""

    path: str
    operand: bool
    """Read, written, copied or deleted by its statement, not run."""
    remote: bool
    """Behind a parameter that sends the work to another host."""


class Invocation(NamedTuple):
    """What the command line of powershell.exe asks for; each part None when it is not there."""

    file: str | None
    arguments: tuple[str, ...]
    """Of ``file``, as they stood in the command line."""
    code: str | None
    encoded: str | None
    """The decoded text of ``-EncodedCommand``."""


def read_options(words: Sequence[Word], runs_file: bool = False) -> Invocation:
    """The options of powershell.exe; ``runs_file``: a first bare word is a file (pwsh), not code (powershell)."""
    index = 0
    while index < len(words):
        text = words[index].text
        if len(text) < 2 or text[0] not in _DASH:
            if runs_file:
                return Invocation(text, tuple(word.raw for word in words[index + 1 :]), None, None)
            return Invocation(None, (), _join(words[index:]), None)
        option = text[1:].lstrip("-").lower()
        if "encodedcommand".startswith(option) or option == "ec":
            encoded = decode(words[index + 1].text) if index + 1 < len(words) else None
            return Invocation(None, (), None, encoded)
        if "command".startswith(option) or option == "commandwithargs":
            return Invocation(None, (), _join(words[index + 1 :]), None)
        if "file".startswith(option):
            rest = words[index + 1 :]
            return Invocation(rest[0].text if rest else None, tuple(word.raw for word in rest[1:]), None, None)
        # Every option may be cut short: -w, -exec, -noni.
        index += 2 if any(name.startswith(option) for name in _VALUE_OPTIONS) else 1
    return Invocation(None, (), None, None)


def decode(text: str) -> str | None:
    """The text of a Base64 UTF-16LE command, as much as is there when the log cut it; None when it is no Base64."""
    clean = text.strip("\"'= \t\r\n")
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    try:
        data = base64.b64decode(clean + "=" * (-len(clean) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    if data[:64].count(0) * 4 < len(data[:64]):
        return data.decode("utf-8", "ignore") or None  # some wrappers decode UTF-8 themselves
    return data.decode("utf-16-le", "ignore") or None


def find_encoded(code: str) -> Iterator[str]:
    """Encoded commands inside a script, decoded."""
    for match in _ENCODED.finditer(code):
        if text := decode(match[1]):
            yield text


def find_paths(code: str) -> Iterator[Named]:
    """Everything in a script that looks like a path or a file name, in order."""
    starts = [0, *(match.end() for match in _SEPARATOR.finditer(code))]
    # What is read may be run by a later statement: gc x.ps1 | iex.
    evaluates = _EVALUATE.search(code) is not None
    loads = evaluates or _LOADS.search(code) is not None
    away = _remote_start(code)
    for match in _PATH.finditer(code):
        start = starts[bisect_right(starts, match.start()) - 1]
        verb = None if evaluates else _VERB.match(code, start)
        operand = verb is not None and verb.end() <= match.start() and is_operand_verb(verb[1])
        operand = operand or (not loads and _FILE_CLASS.search(code, start, match.start()) is not None)
        operand = operand or _COMPARED.search(code[max(start, match.start() - _NEAR) : match.start()]) is not None
        path = match[2] or (match[3] or match[4]).rstrip(".:")
        yield Named(path, operand, away is not None and match.start() > away)


def find_moves(code: str) -> Iterator[tuple[list[str], str, bool]]:
    """The two operands of each statement that renames, moves or copies, its verb, and whether only such ones come before it."""
    prompt = True
    for statement in _SEPARATOR.split(code):
        verb = _VERB.match(statement)
        if verb is None or verb[1].lower() not in MOVERS:
            prompt = prompt and not statement.strip()
            continue
        words = [match[1] or match[2] or match[3] for match in _ARGUMENT.finditer(statement, verb.end())]
        yield [word for word in words if not word.startswith("-")], verb[1].lower(), prompt


def _remote_start(code: str) -> int | None:
    """Where the first statement that names another host starts: what follows is taken to run there."""
    for match in _REMOTE.finditer(code):
        if is_remote(match[1]):
            return max(code.rfind(mark, 0, match.start()) for mark in ";|\n") + 1
    return None


def _join(words: Sequence[Word]) -> str | None:
    return " ".join(word.text for word in words) or None
