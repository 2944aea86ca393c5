"""The cases of a state folder by their names: listed, made, and what was read into each."""

from __future__ import annotations

import re
import secrets
import shutil
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.case.folder import Folder, create_case, read_about, rename
from graphcorr.case.privacy import make_private, private
from graphcorr.case.view import StateView
from graphcorr.errors import CaseError, CaseInUseError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.settings import Settings

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_LONGEST: Final = 40


class Case(msgspec.Struct, frozen=True):
    """A case as a list shows it."""

    id: str
    """The name of its folder, by which it is asked for."""
    name: str
    created: str | None
    generation: str | None
    """What readers get; None where nothing was looked for yet."""
    inputs: int
    """Files and archive members that were read into it."""
    records: int
    events: int
    skipped: int
    unfinished: list[str]
    """What was begun to be read and not read to its end."""


def list_cases(settings: Settings) -> list[Case]:
    """Every case that can be read, the newest first."""
    folder = settings.state / "cases"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    cases = []
    for name in names:
        try:
            cases.append(show_case(name, settings))
        except (CaseError, NotFoundError):
            continue  # half-made, of another version, or no case at all
    return sorted(cases, key=lambda case: (case.created or "", case.id), reverse=True)


def show_case(id_: str, settings: Settings) -> Case:
    """One case. ``NotFoundError`` where there is none."""
    folder = case_folder(id_, settings)
    about = read_about(Folder(folder))
    with StateView(Folder(folder).state) as state:
        inputs = state.inputs()
        return Case(
            id=id_,
            name=about.name,
            created=about.created,
            generation=state.generation(),
            inputs=len(inputs),
            records=sum(row.records for row in inputs),
            events=sum(row.events for row in inputs),
            skipped=sum(row.skipped for row in inputs),
            unfinished=state.unfinished().open,
        )


def case_folder(id_: str, settings: Settings) -> Path:
    """Where a case is. A name is never a path: ``NotFoundError`` for what cannot be one, and where there is no case."""
    folder = settings.state / "cases" / id_
    if not _ID.fullmatch(id_) or folder.is_symlink() or not (folder / "case.toml").is_file():
        raise NotFoundError(f"there is no case {id_[:80]!r}")
    return folder


def place_of(case: str, settings: Settings) -> Path:
    """Where uploads of a case lie; those of none are the state folder's."""
    return case_folder(case, settings) if case else settings.state


def make_case(called: str, settings: Settings) -> Case:
    """A new, empty case that people call so."""
    slug = re.sub(r"[^a-z0-9]+", "-", called.lower()).strip("-")[:_LONGEST].strip("-")
    id_ = f"{slug or 'case'}-{secrets.token_hex(4)}"
    try:
        make_private(settings.state)
        with private():
            (settings.state / "cases").mkdir(exist_ok=True)
            create_case(Folder(settings.state / "cases" / id_), called)
    except OSError as error:
        raise CaseError(f"{settings.state}, where cases are kept, cannot be used: {error.strerror or error}") from error
    return show_case(id_, settings)


def rename_case(id_: str, called: str, settings: Settings) -> Case:
    """Give a case another name for people. ``CaseInUseError`` while somebody writes it."""
    from graphcorr.case.writer import open_writer

    folder = case_folder(id_, settings)
    with open_writer(folder):
        rename(Folder(folder), called)
    return show_case(id_, settings)


def remove_case(id_: str, settings: Settings) -> None:
    """Take a case away with all that is in it. ``CaseInUseError`` while somebody writes or reads it."""
    from graphcorr.case.writer import is_used

    folder = case_folder(id_, settings)
    if is_used(folder):
        raise CaseInUseError(f"the case {id_} is in use: nobody may read or write it")
    # It is no case from here on, whatever ends this.
    (folder / "case.toml").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
