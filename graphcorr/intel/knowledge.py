"""What is known, put together: the facts of one ATT&CK release and the user's own records beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.intel.facts import PACKAGED, Facts, packaged_facts
from graphcorr.intel.library import ENTERPRISE, FILE_NAME, Held, Library
from graphcorr.intel.objects import Stix, decode
from graphcorr.intel.salvage import QUARANTINED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


FOLDER: Final = "intel"
"""Of the state folder, or of a case that has intelligence of its own."""


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    facts: Facts
    file: str
    """Where the facts are from."""
    records: tuple[Held, ...] = ()
    """Records beside the release, loaded or salvaged."""
    objects: dict[str, Stix] = {}
    """The objects and statements among them by record id, decoded."""

    @property
    def has_indicators(self) -> bool:
        """Whether there is anything that events could match."""
        return any(held.type == "indicator" for held in self.records)

    @property
    def release(self) -> str:
        """Id of the record that stands for the facts, as ``enterprise-attack-18.1``."""
        return f"{self.facts.name}-{self.facts.version}"


def intel_folder(state: Path, case: Path | None = None) -> Path:
    """Where intelligence is kept: in the case if it has some of its own, else in the user's state folder."""
    if case is not None and (case / FOLDER / FILE_NAME).is_file():
        return case / FOLDER
    return state / FOLDER


def load_knowledge(folder: Path | None) -> Knowledge:
    """The knowledge of a folder; the package's facts alone when there is no library in it. Takes no lock."""
    if folder is None or _is_absent(folder):
        return Knowledge(facts=packaged_facts(), file=PACKAGED.name)
    library = Library(folder, reading=True)
    try:
        return read_knowledge(library)
    finally:
        library.close()


def has_indicators(folder: Path) -> bool:
    """What :attr:`Knowledge.has_indicators` will say of the folder: asked before anything is read, when all kinds of event may matter."""
    if _is_absent(folder):
        return False
    library = Library(folder, reading=True)
    try:
        return library.holds("indicator")
    finally:
        library.close()


def _is_absent(folder: Path) -> bool:
    """Whether there is no library. Something else in its place, or a folder that may not be read, is an error, which opening it tells."""
    try:
        return not folder.exists() or (folder.is_dir() and not (folder / FILE_NAME).exists())
    except OSError:
        return False


def read_knowledge(library: Library) -> Knowledge:
    releases = library.releases(ENTERPRISE)
    # What a release states is in its facts; a mention of it is, too.
    records = library.records("retired IS NULL AND status <> ? AND (collection IS NULL OR collection <> ?)", QUARANTINED, ENTERPRISE)
    wanted = [held for held in records if held.end_id is not None or held.source is not None]
    return Knowledge(
        facts=library.facts(),
        file=releases[-1].file if releases else PACKAGED.name,
        records=tuple(records),
        objects={held.id: decode(library.text(held.id)) for held in wanted},
    )


def labels_of(knowledge: Knowledge, labels: Mapping[str, str]) -> dict[str, str]:
    """The node label of every end that has a node; ``labels`` gives it for a kind of fact."""
    found = {fact.id: labels[fact.kind] for fact in knowledge.facts.content.objects if fact.kind in labels}
    for held in knowledge.records:
        if held.end_id is not None and held.type in labels:
            found.setdefault(held.end_id, labels[held.type])
    return found
