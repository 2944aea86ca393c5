"""Threat intelligence of the user's, or of one case: loaded, fetched, listed, judged again, shown and compared."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcorr.errors import UsageError
from graphcorr.intel import loading
from graphcorr.intel.about import tell
from graphcorr.intel.comparison import compare
from graphcorr.intel.facts import packaged_facts
from graphcorr.intel.knowledge import FOLDER
from graphcorr.intel.library import ENTERPRISE, Library, release_order
from graphcorr.intel.reading import read_documents
from graphcorr.sources.inputs import NO_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from graphcorr.intel.about import About
    from graphcorr.intel.comparison import Comparison
    from graphcorr.intel.library import Held, Release
    from graphcorr.intel.loading import Loading
    from graphcorr.settings import Settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a load. ``names`` are those of ids, as in every class here."""

    done: Loading
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """Records of a library beside what it holds in all."""

    records: Sequence[Held]
    totals: dict[str, int]
    """Number of records by status."""
    releases: Sequence[Release]
    attack: str
    """Name and version of the release that counts."""
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known by one id or name: a record of the library, or what the facts say of each object that is called so."""

    record: Held | None
    text: str
    """The record as it came; bytes that are no UTF-8 are escaped."""
    facts: Sequence[About]
    names: Mapping[str, str]


def load_files(
    paths: Sequence[str],
    settings: Settings,
    *,
    case: Path | None = None,
    release: str | None = None,
    strict: bool = False,
    names: Mapping[str, str] = NO_NAMES,
) -> Loaded:
    """Read STIX into the library, whole or not at all. ``release`` is the ATT&CK version where the files do not say it.

    ``strict`` also quarantines what the whole STIX specification objects to. ``names`` are what files are called that are
    kept by another name.
    """
    with _opened(settings, case) as library:
        done = loading.load(library, read_documents(paths, names=names), version=release, check=_checker(strict=strict))
        loading.check_read(done)
        return Loaded(done, library.known().names())


def fetch_collections(
    url: str,
    settings: Settings,
    *,
    collection: str | None = None,
    added_after: str | None = None,
    user: str | None = None,
    trusted: Sequence[str] = (),
    case: Path | None = None,
    strict: bool = False,
) -> Loaded:
    """Load what a TAXII 2.1 server has; the password is the settings'.

    ``trusted`` hosts are given user, password and the query of the URL as well.
    """
    from graphcorr.intel.taxii import fetch

    # All of it before the library is locked: a server may take its time.
    password = settings.taxii_password
    documents = list(fetch(url, user=user, password=password, collection=collection, added_after=added_after, trusted=trusted))
    with _opened(settings, case) as library:
        done = loading.load(library, documents, check=_checker(strict=strict))
        return Loaded(done, library.known().names())


def retry_quarantine(settings: Settings, *, case: Path | None = None, strict: bool = False) -> Loaded:
    """Judge again what was put aside or is ambiguous, with what is known by now."""
    with _opened(settings, case) as library:
        done = loading.retry(library, _checker(strict=strict))
        return Loaded(done, library.known().names())


def list_records(
    settings: Settings, *, case: Path | None = None, kind: str | None = None, status: str | None = None, retired: bool = False
) -> Listing:
    """Records of a STIX type and a status, of every one where None is given; ``retired`` are what newer releases no longer have."""
    with _opened(settings, case, reading=True) as library:
        records = library.records(
            "(? IS NULL OR type = ?) AND (? IS NULL OR status = ?) AND (retired IS NOT NULL) = ?", kind, kind, status, status, retired
        )
        facts = library.facts()
        names = library.known(facts).names()
        return Listing(records, library.count(), library.releases(), f"{facts.name} {facts.version}", names)


def show_known(identity: str, settings: Settings, *, case: Path | None = None) -> Known:
    """A record by a STIX id or its beginning, an ATT&CK id, or a name; of what came with the package, the facts.

    ``UsageError`` where there is nothing, and where several records may be meant.
    """
    with _opened(settings, case, reading=True) as library:
        if held := _find(library, identity):
            text = library.text(held.id).decode("utf-8", "backslashreplace")
            return Known(held, text, (), library.known().names())
        facts = library.facts()
        found = [tell(fact, facts) for fact in facts.resolve(identity)]
        if not found:
            raise UsageError(f"nothing is known of {identity}")
        return Known(None, "", found, {})


def write_stix(identity: str, settings: Settings, *, case: Path | None = None) -> bytes:
    """A record as STIX 2.1: a salvaged statement written anew, any other as it came."""
    with _opened(settings, case, reading=True) as library:
        held = _find(library, identity)
        if held is None:
            raise UsageError(f"no record of the library is called {identity}")
        if held.status != "salvaged":
            return library.text(held.id).decode("utf-8", "backslashreplace").encode()
        from graphcorr.intel.strict import write_relationship

        made = write_relationship(held, library.known())
        if made is None:
            raise UsageError(f"{held.id} cannot be said in STIX: its ends are not both told")
        return made


def compare_releases(old: str | None, new: str | None, settings: Settings, *, case: Path | None = None) -> Comparison:
    """What changed between two ATT&CK releases, the package's own among them.

    ``new`` is the newest by default, ``old`` the one before it.
    """
    with _opened(settings, case, reading=True) as library:
        releases = {packaged_facts().version: packaged_facts()}
        releases |= {one.version: library.facts_of(one) for one in library.releases(ENTERPRISE)}
    versions = sorted(releases, key=lambda version: release_order(version, None))
    for wanted in (old, new):
        if wanted is not None and wanted not in releases:
            raise UsageError(f"there is no release {wanted}; there are {', '.join(versions)}")
    newer = new or versions[-1]
    before = versions[: versions.index(newer)]
    if old is None and not before:
        raise UsageError(f"there is no release before {newer} to compare with; load one: graphcorr intel load FILE")
    return compare(releases[old or before[-1]], releases[newer])


@contextmanager
def _opened(settings: Settings, case: Path | None, *, reading: bool = False) -> Iterator[Library]:
    if case is not None and not case.is_dir():
        raise UsageError(f"{case}: no such case folder")
    library = Library((case or settings.state) / FOLDER, reading=reading)
    try:
        yield library
    finally:
        library.close()


def _find(library: Library, identity: str) -> Held | None:
    found = library.find(identity)
    if len(found) > 1:
        raise UsageError(f"{identity} may be {len(found)} records, the first are {', '.join(held.id for held in found[:3])}")
    return found[0] if found else None


def _checker(*, strict: bool) -> Callable[[bytes], str | None] | None:
    if not strict:
        return None
    from graphcorr.intel.strict import check

    return check
