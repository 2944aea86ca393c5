"""``graphcorr intel``: load, look at and keep threat intelligence."""
# ruff: noqa: TC001, TC003  (Typer reads the annotations when it builds the command)

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page, talk
from graphcorr.cli.verb import Verb, guard
from graphcorr.errors import UsageError
from graphcorr.outputs import intel as output
from graphcorr.outputs import json as json_output
from graphcorr.settings import state_folder

if TYPE_CHECKING:
    from graphcorr.intel.library import Held, Library
    from graphcorr.intel.loading import Loading

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Load, look at and keep threat intelligence.")

Case = Annotated[
    Path | None,
    typer.Option(
        "--case", metavar="DIR", help="Intelligence of this case alone.  [default: the user's, for all cases]", show_default=False
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Quarantine also what the whole STIX specification objects to; slow.")]


@contextmanager
def _library(case: Path | None, *, reading: bool = False) -> Iterator[Library]:
    from graphcorr.intel.knowledge import FOLDER
    from graphcorr.intel.library import Library

    if case is not None and not case.is_dir():
        raise UsageError(f"{case}: no such case folder")
    library = Library((case or state_folder(os.environ)) / FOLDER, reading=reading)
    try:
        yield library
    finally:
        library.close()


@app.command("load")
@guard
def load_files(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="STIX files, folders, globs, archives; - is standard input.")],
    *,
    release: Annotated[
        str | None, typer.Option("--release", metavar="VERSION", help="The ATT&CK version, where neither the file nor its name says it.")
    ] = None,
    strict: Strict = False,
    case: Case = None,
    json: options.Json = False,
) -> None:
    """Read STIX into the library.

    Every record ends as loaded, salvaged or quarantined. The same files again change nothing.
    """
    from graphcorr.intel.loading import check_read, load
    from graphcorr.intel.reading import read_documents

    with _library(case) as library:
        done = load(library, read_documents(paths), version=release, check=_checker(strict=strict))
        check_read(done)
        _put_loading(done, library, json=json)


@app.command("fetch")
@guard
def fetch_collections(
    url: Annotated[str, typer.Argument(metavar="URL", help="A TAXII 2.1 server's discovery URL, or the URL of one collection.")],
    *,
    collection: Annotated[str | None, typer.Option("--collection", metavar="ID", help="Only this collection, by id or title.")] = None,
    since: Annotated[
        str | None, typer.Option("--added-after", metavar="TIME", help="Only what the server got after that: an RFC 3339 time.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", metavar="NAME", help="The password is taken from the variable GRAPHCORR_TAXII_PASSWORD.")
    ] = None,
    trust: Annotated[
        list[str] | None,
        typer.Option("--trust", metavar="HOST", help="Send user, password and query of the URL also to this host, if the server names it."),
    ] = None,
    strict: Strict = False,
    case: Case = None,
    json: options.Json = False,
) -> None:
    """Load what a TAXII 2.1 server has."""
    from graphcorr.intel.loading import load
    from graphcorr.intel.taxii import fetch

    # All of it before the library is locked: a server may take its time.
    password = os.environ.get("GRAPHCORR_TAXII_PASSWORD")
    documents = list(fetch(url, user=user, password=password, collection=collection, added_after=since, trusted=trust or ()))
    with _library(case) as library:
        done = load(library, documents, check=_checker(strict=strict))
        _put_loading(done, library, json=json)


@app.command("list")
@guard
def list_records(
    *,
    kind: Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Only this STIX type, as relationship or malware.")] = None,
    status: Annotated[str | None, typer.Option("--status", help="Only loaded, salvaged or quarantined ones.")] = None,
    retired: Annotated[bool, typer.Option("--retired", help="Only what newer releases no longer have.")] = False,
    case: Case = None,
    json: options.Json = False,
) -> None:
    """List what the library holds, and which ATT&CK release counts."""
    if status not in {None, "loaded", "salvaged", "quarantined"}:
        raise UsageError(f"--status {status}: there are loaded, salvaged and quarantined")
    with _library(case, reading=True) as library:
        records = library.records(
            "(? IS NULL OR type = ?) AND (? IS NULL OR status = ?) AND (retired IS NOT NULL) = ?", kind, kind, status, status, retired
        )
        _put_records(library, records, json=json)


@app.command("quarantine")
@guard
def list_quarantine(*, case: Case = None, json: options.Json = False) -> None:
    """List the records that were put aside, each with the reason."""
    with _library(case, reading=True) as library:
        found = library.records("status = 'quarantined' AND retired IS NULL")
        if not found and not json:
            talk("Nothing is quarantined.")
        else:
            _put_records(library, found, json=json)


@app.command("retry")
@guard
def retry_quarantine(*, strict: Strict = False, case: Case = None, json: options.Json = False) -> None:
    """Judge again what was put aside or is ambiguous, with what is known by now."""
    from graphcorr.intel.loading import retry

    with _library(case) as library:
        done = retry(library, _checker(strict=strict))
        _put_loading(done, library, json=json)


@app.command("show")
@guard
def show_record(
    identity: Annotated[str, typer.Argument(metavar="ID", help="A STIX id or its beginning, an ATT&CK id, or a name.")],
    *,
    stix: Annotated[bool, typer.Option("--stix", help="Print a salvaged statement as valid STIX 2.1.")] = False,
    case: Case = None,
    json: options.Json = False,
) -> None:
    """Print a record with what is said of it and its text as it came; of what came with the package, the facts."""
    with _library(case, reading=True) as library:
        found = library.find(identity)
        if not found:
            _put_fact(library, identity, json=json)
            return
        if len(found) > 1:
            raise UsageError(f"{identity} may be {len(found)} records, the first are {', '.join(held.id for held in found[:3])}")
        text = library.text(found[0].id).decode("utf-8", "backslashreplace")
        if stix:
            from graphcorr.intel.strict import write_relationship

            made = write_relationship(found[0], library.known()) if found[0].status == "salvaged" else text.encode()
            if made is None:
                raise UsageError(f"{found[0].id} cannot be said in STIX: its ends are not both told")
            put_json(made + b"\n")
        elif json:
            put_json(json_output.encode(output.record_document(found[0], text)))
        else:
            put_page(output.render_record(found[0], text, library.known().names(), page_width()))


@app.command("diff")
@guard
def compare_releases(
    old: Annotated[
        str | None, typer.Argument(metavar="[OLD]", help="A version.  [default: the one before NEW]", show_default=False)
    ] = None,
    new: Annotated[str | None, typer.Argument(metavar="[NEW]", help="A version.  [default: the newest]", show_default=False)] = None,
    *,
    case: Case = None,
    json: options.Json = False,
) -> None:
    """Tell what changed between two ATT&CK releases; the package's own is one of them."""
    from graphcorr.intel.comparison import compare
    from graphcorr.intel.facts import load_facts
    from graphcorr.intel.library import ENTERPRISE, release_order

    with _library(case, reading=True) as library:
        releases = {load_facts().version: load_facts()}
        releases |= {one.version: library.facts_of(one) for one in library.releases(ENTERPRISE)}
    versions = sorted(releases, key=lambda version: release_order(version, None))
    for wanted in (old, new):
        if wanted is not None and wanted not in releases:
            raise UsageError(f"there is no release {wanted}; there are {', '.join(versions)}")
    newer = new or versions[-1]
    before = versions[: versions.index(newer)]
    if old is None and not before:
        raise UsageError(f"there is no release before {newer} to compare with; load one: graphcorr intel load FILE")
    found = compare(releases[old or before[-1]], releases[newer])
    if json:
        put_json(json_output.encode(output.comparison_document(found)))
    else:
        put_page(output.render_comparison(found, page_width()))


def _checker(*, strict: bool) -> Callable[[bytes], str | None] | None:
    if not strict:
        return None
    from graphcorr.intel.strict import check

    return check


def _put_loading(done: Loading, library: Library, *, json: bool) -> None:
    if json:
        put_json(json_output.encode(output.loading_document(done)))
        return
    put_page(output.render_loading(done, library.known().names(), page_width()))
    if done.quarantined:
        talk("Next: graphcorr intel quarantine, and graphcorr intel retry once more is loaded")


def _put_records(library: Library, records: list[Held], *, json: bool) -> None:
    facts = library.facts()
    named = f"{facts.name} {facts.version}"
    if json:
        put_json(json_output.encode(output.records_document(records, library.count(), library.releases(), named)))
    else:
        names = library.known(facts).names()
        put_page(output.render_records(records, library.count(), library.releases(), named, names=names, width=page_width()))


def _put_fact(library: Library, identity: str, *, json: bool) -> None:
    """What the facts say of a name or ATT&CK id."""
    from graphcorr.intel.about import tell

    facts = library.facts()
    found = [tell(fact, facts) for fact in facts.resolve(identity)]
    if not found:
        raise UsageError(f"nothing is known of {identity}")
    if json:
        put_json(json_output.encode(output.about_document(found)))
        return
    for one in found:
        put_page(output.render_about(one, page_width()))
    if len(found) > 1:
        talk(f"{identity} is ambiguous: a name alone does not link.")


VERB = Verb("intel", app, place=7)
