"""What no output may replace: the files of a case, and the logs that it was read from. Both are evidence."""

from __future__ import annotations

import os
from pathlib import Path

from graphcorr.case.folder import unprintable
from graphcorr.case.view import StateView
from graphcorr.sources.inputs import STDIN, identify, is_case


def why_kept(folder: Path | None, file: Path) -> str | None:
    """What ``file`` is, by whatever name, where it must stay as it is; None where it may be written.

    ``folder`` is the case that is worked on, which need not be there yet; what lies in any other case is kept, too.
    """
    if _is_in_case(folder, file):
        return "is a file of the case"
    if folder is None or not file.is_file():
        return None
    sought = identify(file)
    if any(identify(path) == sought for path in folder.rglob("*")):  # by a second name that lies outside of the folder
        return "is a file of the case"
    return "is one of the files that the case was read from" if _was_read(folder, file) else None


def _is_in_case(folder: Path | None, file: Path) -> bool:
    own = identify(folder) if folder is not None else None
    # The name may be a link into a case, or one that lies in it: writing replaces the link, and neither is meant.
    places = {Path(os.path.realpath(file)), Path(os.path.realpath(file.absolute().parent)) / file.name}
    return any(identify(above) == own or is_case(above) for place in places for above in place.parents)


def _was_read(folder: Path, file: Path) -> bool:
    sought = identify(file)
    with StateView(folder / "state.sqlite") as state:
        files = state.files()
    named = {spelling for name in files if name != STDIN for spelling in (name, unprintable(name))}
    return any(identify(Path(name)) == sought for name in named)
