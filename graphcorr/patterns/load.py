"""Pattern files found in folders and read, with every problem of every file told at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import graphcorr
from graphcorr.errors import PatternError, UsageError
from graphcorr.patterns.header import Header, parse_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcorr.patterns.document import DocumentProblem

_HEADER: Final = re.compile(r"/\*---[^\S\n]*\n(?P<yaml>.*?)^---\*/", re.DOTALL | re.MULTILINE)


class PatternErrors(PatternError):  # noqa: N818 - several of them
    """All that is wrong with a set of pattern files; ``str()`` shows each of them."""

    def __init__(self, errors: Sequence[PatternError]) -> None:
        first = errors[0]
        super().__init__(first.reason, first.path, first.line, first.column)
        self.errors = sorted(errors, key=lambda error: (error.path, error.line, error.column, error.reason))
        self.args = ("\n".join(map(str, self.errors)),)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern file. ``text`` is the whole file: its header is a comment, so it runs as it stands."""

    header: Header
    path: Path
    text: str

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def tactic(self) -> str:
        """The folder: an ATT&CK tactic such as ``lateral_movement``."""
        return self.path.parent.name

    def error(self, reason: str, offset: int = 0) -> PatternError:
        """An error of this file at a character offset."""
        return _place(self.path, self.text, reason, offset)


def builtin_folder() -> Path:
    """The patterns that come with the package: inside it when installed, beside it in a checkout."""
    package = Path(graphcorr.__file__).parent
    installed = package / "_cypher"
    return installed if installed.is_dir() else package.parent / "cypher"


def load(folders: Iterable[Path]) -> list[Pattern]:
    """All ``*.cypher`` files below the folders, by id. Raises :class:`PatternErrors` with all problems found.

    Ids are unique over all folders; a folder that is not there is a ``UsageError``.
    """
    patterns: dict[str, Pattern] = {}
    errors: list[PatternError] = []
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"no such folder of patterns: {folder}")
        for path in sorted(folder.rglob("*.cypher")):
            read = read_pattern(path)
            if isinstance(read, list):
                errors += read
            elif (known := patterns.get(read.id)) and known.path.resolve() != path.resolve():
                errors.append(read.error(f"{read.id!r} is the id of {known.path} already", read.text.index(read.id)))
            else:
                patterns[read.id] = read
    if errors:
        raise PatternErrors(errors)
    return [patterns[id_] for id_ in sorted(patterns)]


def read_pattern(path: Path) -> Pattern | list[PatternError]:
    """One pattern file, or all that is wrong with its header."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return [PatternError(f"no UTF-8 text: {error.reason} at byte {error.start}", str(path))]
    except OSError as error:
        return [PatternError(f"cannot be read: {error.strerror}", str(path))]
    match = _HEADER.match(text)
    if match is None:
        return [_place(path, text, "a pattern starts with a header: a line /*---, YAML, a line ---*/", 0)]
    header = parse_header(match["yaml"])
    if isinstance(header, list):
        return [_move(path, text, problem) for problem in header]
    if header.id != path.stem:
        return [_place(path, text, f"the id is {header.id!r}, the file {path.name!r}: they have to agree", text.index(header.id))]
    return Pattern(header, path, text)


def _move(path: Path, text: str, problem: DocumentProblem) -> PatternError:
    lines = text.splitlines()
    line = min(problem.line + 1, len(lines) - 1)  # the YAML starts on the file's second line
    return PatternError(problem.reason, str(path), line + 1, problem.column + 1, lines[line])


def _place(path: Path, text: str, reason: str, offset: int) -> PatternError:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    source = text[start : end if end >= 0 else len(text)]
    return PatternError(reason, str(path), text.count("\n", 0, offset) + 1, offset - start + 1, source)
