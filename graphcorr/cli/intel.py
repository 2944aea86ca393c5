"""``graphcorr intel``: load, look at and keep threat intelligence."""
# ruff: noqa: TC001  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page, talk
from graphcorr.cli.verb import REFUSED, Verb, guard, settings_of
from graphcorr.errors import UsageError
from graphcorr.outputs import intel as output
from graphcorr.outputs import json as json_output

if TYPE_CHECKING:
    from graphcorr.service.intel import Known, Listing, Loaded

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Load, look at and keep threat intelligence.")

Case = Annotated[
    Path | None,
    typer.Option(
        "--case", metavar="DIR", help="Intelligence of this case alone.  [default: the user's, for all cases]", show_default=False
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Quarantine also what the whole STIX specification objects to; slow.")]


@app.command("load")
@guard
def load_files(
    context: typer.Context,
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
    from graphcorr.service import intel

    _put_loading(intel.load_files(paths, settings_of(context), case=case, release=release, strict=strict), json=json)


@app.command("fetch")
@guard
def fetch_collections(
    context: typer.Context,
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
    from graphcorr.service import intel

    done = intel.fetch_collections(
        url,
        settings_of(context),
        collection=collection,
        added_after=since,
        user=user,
        trusted=trust or (),
        case=case,
        strict=strict,
    )
    _put_loading(done, json=json)


@app.command("list")
@guard
def list_records(
    context: typer.Context,
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
    from graphcorr.service import intel

    _put_records(intel.list_records(settings_of(context), case=case, kind=kind, status=status, retired=retired), json=json)


@app.command("quarantine")
@guard
def list_quarantine(context: typer.Context, *, case: Case = None, json: options.Json = False) -> None:
    """List the records that were put aside, each with the reason."""
    from graphcorr.service import intel

    found = intel.list_records(settings_of(context), case=case, status="quarantined")
    if not found.records and not json:
        talk("Nothing is quarantined.")
    else:
        _put_records(found, json=json)


@app.command("retry")
@guard
def retry_quarantine(context: typer.Context, *, strict: Strict = False, case: Case = None, json: options.Json = False) -> None:
    """Judge again what was put aside or is ambiguous, with what is known by now."""
    from graphcorr.service import intel

    _put_loading(intel.retry_quarantine(settings_of(context), case=case, strict=strict), json=json)


@app.command("show")
@guard
def show_record(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="ID", help="A STIX id or its beginning, an ATT&CK id, or a name.")],
    *,
    stix: Annotated[bool, typer.Option("--stix", help="Print a salvaged statement as valid STIX 2.1.")] = False,
    case: Case = None,
    json: options.Json = False,
) -> None:
    """Print a record with what is said of it and its text as it came; of what came with the package, the facts."""
    from graphcorr.service import intel

    settings = settings_of(context)
    known = intel.show_known(identity, settings, case=case)
    if known.record is None:
        _put_facts(identity, known, json=json)
    elif stix:
        put_json(intel.write_stix(identity, settings, case=case) + b"\n")
    elif json:
        put_json(json_output.encode(output.record_document(known.record, known.text)))
    else:
        put_page(output.render_record(known.record, known.text, known.names, page_width()))


@app.command("diff")
@guard
def compare_releases(
    context: typer.Context,
    old: Annotated[
        str | None, typer.Argument(metavar="[OLD]", help="A version.  [default: the one before NEW]", show_default=False)
    ] = None,
    new: Annotated[str | None, typer.Argument(metavar="[NEW]", help="A version.  [default: the newest]", show_default=False)] = None,
    *,
    case: Case = None,
    json: options.Json = False,
) -> None:
    """Tell what changed between two ATT&CK releases; the package's own is one of them."""
    from graphcorr.service import intel

    found = intel.compare_releases(old, new, settings_of(context), case=case)
    if json:
        put_json(json_output.encode(output.comparison_document(found)))
    else:
        put_page(output.render_comparison(found, page_width()))


def _put_loading(loaded: Loaded, *, json: bool) -> None:
    if json:
        put_json(json_output.encode(output.loading_document(loaded.done)))
    else:
        put_page(output.render_loading(loaded.done, loaded.names, page_width()))
        if loaded.done.quarantined:
            talk("Next: graphcorr intel quarantine, and graphcorr intel retry once more is loaded")
    if loaded.done.problems:
        # A file of which nothing, or not all, could be read, also beside good ones.
        raise typer.Exit(REFUSED)


def _put_records(found: Listing, *, json: bool) -> None:
    if json:
        put_json(json_output.encode(output.records_document(found.records, found.totals, found.releases, found.attack)))
    else:
        put_page(output.render_records(found.records, found.totals, found.releases, found.attack, names=found.names, width=page_width()))


def _put_facts(identity: str, known: Known, *, json: bool) -> None:
    """What the facts say of a name or ATT&CK id."""
    if json:
        put_json(json_output.encode(output.about_document(known.facts)))
        return
    for one in known.facts:
        put_page(output.render_about(one, page_width()))
    if len(known.facts) > 1:
        talk(f"{identity} is ambiguous: a name alone does not link.")


VERB = Verb("intel", app, place=7)
