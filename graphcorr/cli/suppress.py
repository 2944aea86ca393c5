"""``graphcorr suppress``: rules that set findings aside, which are counted and listed all the same."""

from __future__ import annotations

from typing import Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import put_json, put_text, talk
from graphcorr.cli.verb import Verb, guard, settings_of
from graphcorr.outputs import json as json_output
from graphcorr.outputs.wording import count

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Set findings aside by rules, which never hide that they did.")


@app.command()
@guard
def add(
    context: typer.Context,
    pattern: Annotated[str, typer.Argument(metavar="PATTERN", help="The pattern whose findings are meant, by its id.")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands beside every finding that is set aside.")],
    source: Annotated[str | None, typer.Option("--source", metavar="HOST", help="From this machine, by name or address.")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="NAME", help="By this account, with its domain.")] = None,
    signer: Annotated[str | None, typer.Option("--signer", metavar="NAME", help="Of a file that is signed so.")] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="PATH", help="Of this file, or of all below a folder that ends with \\.")
    ] = None,
    expires: Annotated[str | None, typer.Option("--expires", metavar="WHEN", help="After 12h, 30d, 4w, or on a date.")] = None,
    owner: options.Author = None,
    case: options.Case = None,
) -> None:
    r"""Set findings of a pattern aside where all that is named fits: a source, an account or a signer at least.

    They are counted in every report, and listed with --json.
    """
    from graphcorr.service import cases, judging

    folder = cases.find_case(case, settings_of(context))
    asked = judging.ask(
        judging.NewSuppression, pattern=pattern, source=source, account=account, signer=signer, file=file, reason=reason, expires=expires
    )
    rule = judging.add_suppression(folder, asked, options.author(owner))
    put_text(rule.id)
    end = f"until {rule.expires or 'the rule is removed'}"
    if rule.findings:
        talk(f"{count(rule.findings, 'finding')} set aside, {end}.")
    else:
        talk(f"No finding of the last detection fits it: look for a name that is spelled otherwise. It stays for later ones, {end}.")


@app.command("list")
@guard
def list_(context: typer.Context, *, json: options.Json = False, case: options.Case = None) -> None:
    """List the rules with how many findings each fits."""
    from graphcorr.service import cases, judging

    found = judging.list_suppressions(cases.find_case(case, settings_of(context)))
    if json:
        put_json(json_output.encode(found))
        return
    for each in found:
        rule = each.rule
        named = [f"{name} {value}" for name in ("source", "account", "signer", "file") if (value := getattr(rule, name)) is not None]
        end = "expired" if each.expired else f"until {rule.expires}" if rule.expires else "no end"
        put_text(f"{rule.id}  {rule.pattern}, {', '.join(named)}: {count(each.findings, 'finding')}, {end}, by {rule.owner}: {rule.reason}")


@app.command()
@guard
def remove(
    context: typer.Context, rule: Annotated[str, typer.Argument(metavar="ID", help="Its id, as listed.")], *, case: options.Case = None
) -> None:
    """Take a rule back."""
    from graphcorr.service import cases, judging

    judging.remove_suppression(cases.find_case(case, settings_of(context)), rule)
    talk(f"{rule} is removed.")


VERB = Verb("suppress", app, place=5)
