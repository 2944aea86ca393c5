r"""Which files a Windows command line refers to, which names to look for, and whether a reference means a written file."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

from graphcorr.syntax.cutter import Cutter
from graphcorr.syntax.folding import fold
from graphcorr.syntax.paths import base_name, has_drive, path_key
from graphcorr.syntax.programs import RUNNABLE
from graphcorr.syntax.references import ABSOLUTE, VARIABLE, Cut, How, Move, Reference, Role
from graphcorr.syntax.scopes import TOP
from graphcorr.syntax.short_names import short_name_matches

__all__ = ["MAX_LENGTH", "Cut", "How", "Move", "Reference", "Role", "cut", "names", "references", "refers_to"]

MAX_LENGTH: Final = 32_768
"""Characters read of a command line; Windows takes 32,767. The rest is not looked at and :class:`Cut` says so."""


def references(command_line: str, image: str | None = None, current_directory: str | None = None) -> tuple[Reference, ...]:
    """Every file that the command line may refer to, in the order found, each path and role once.

    ``image`` is the path of the started program: it decides where an unquoted program ends. Never raises; the time is
    linear in the length.
    """
    return cut(command_line, image, current_directory).references


def cut(command_line: str, image: str | None = None, current_directory: str | None = None) -> Cut:
    """As :func:`references`, with the mark that says whether a cap cut something off."""
    found = _cut(command_line, image)
    if not current_directory:
        return found
    moves = tuple(
        move._replace(source=_below(move.source, current_directory), destination=_below(move.destination, current_directory))
        for move in found.moves
    )
    return Cut(tuple(_make_absolute(reference, current_directory) for reference in found.references), found.truncated, moves)


@lru_cache(maxsize=16_384)
def _named(command_line: str, image: str | None) -> tuple[str, ...]:
    found: set[str] = set()
    for reference in _cut(command_line, image).references:
        _add_names(found, reference.path)
    if image:
        _add_names(found, image)
    return tuple(sorted(found))


def names(command_line: str, image: str | None = None) -> list[str]:
    """The sorted folded base names that a process may refer to: its program's and those of every reference.

    For narrowing a join only: a superset of what :func:`references` finds with any working directory. A name without
    extension stays without one, a short (8.3) name short.
    """
    return list(_named(command_line, image))


def refers_to(reference_key: str, written_key: str) -> str | None:
    """How a reference means a written file, both as path keys; None when it does not.

    ``exact``; ``extension``: Windows adds the extension that the reference lacks; ``wow64``: a 32-bit process names System32
    and means SysWOW64, or names Sysnative and means System32; ``short_name``: possible by 8.3 names, not proven.
    """
    if reference_key == written_key:
        return "exact"
    if _completes(reference_key, written_key):
        return "extension"
    for named, meant in (("\\system32\\", "\\syswow64\\"), ("\\sysnative\\", "\\system32\\")):
        if reference_key[2:].startswith("\\windows" + named):
            twin = reference_key.replace(named, meant, 1)
            if twin == written_key or _completes(twin, written_key):
                return "wow64"
    if "~" in reference_key or "~" in written_key:
        if short_name_matches(reference_key, written_key):
            return "short_name"
        stem, dot, extension = written_key.rpartition(".")
        if dot and "." + extension in RUNNABLE and short_name_matches(reference_key, stem):
            return "short_name"
    return None


def _completes(reference_key: str, written_key: str) -> bool:
    return written_key.startswith(reference_key + ".") and written_key[len(reference_key) :] in RUNNABLE


def _add_names(found: set[str], path: str) -> None:
    name = fold(base_name(path))
    found.add(name)
    # The key of the path may end otherwise: variables, trailing dots, streams.
    if ":" in name or name[-1:] in (".", " "):
        found.add(name.partition(":")[0].rstrip(". "))
    if "%" in path or "$" in path or "'" in path:
        key = path_key(path)
        if key is not None:
            found.add(base_name(key))
    found.discard("")


def _make_absolute(reference: Reference, current_directory: str) -> Reference:
    path = _below(reference.path, current_directory)
    return reference if path == reference.path else replace(reference, path=path)


def _below(path: str, current_directory: str) -> str:
    """The path as a command with this working directory means it."""
    if ABSOLUTE.match(path):
        return path
    if path[:4].lower() == "%cd%":
        path = path[4:].lstrip("\\/")
    elif VARIABLE.match(path):
        return path
    if path[:1] in ("\\", "/"):
        root = current_directory[:2] if has_drive(current_directory) else current_directory
        return root.rstrip("\\/") + path
    while path[:2] in (".\\", "./"):
        path = path[2:]
    return current_directory.rstrip("\\/") + "\\" + path


@lru_cache(maxsize=16_384)
def _cut(command_line: str, image: str | None) -> Cut:
    cutter = Cutter()
    cutter.read_line(command_line[:MAX_LENGTH], image, TOP)
    return Cut(tuple(cutter.found.values()), cutter.truncated or len(command_line) > MAX_LENGTH, tuple(dict.fromkeys(cutter.moves)))
