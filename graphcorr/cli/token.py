"""``graphcorr token``: who may ask a server, made, listed and taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import put_json, put_text, talk
from graphcorr.cli.verb import Verb, guard, settings_of
from graphcorr.outputs import json as json_output

if TYPE_CHECKING:
    from graphcorr.settings import Settings

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who may ask graphcorr serve.")
State = Annotated[
    Path | None,
    typer.Option("--state", metavar="DIR", parser=options.read_path, help="Of the server of this state folder.", show_default=False),
]


@app.command()
@guard
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Who it is for, as the audit log calls them.")],
    *,
    role: Annotated[str, typer.Option("--role", help="read, write (post logs, detect) or admin (delete, intelligence).")] = "read",
    case: Annotated[str | None, typer.Option("--case", metavar="ID", help="For this case alone.")] = None,
    expires: Annotated[str | None, typer.Option("--expires", metavar="WHEN", help="After 12h, 30d, 4w, or on a date.")] = None,
    state: State = None,
) -> None:
    """Make a token and print it.

    It is shown this once: what is kept cannot be turned back into it.
    """
    from graphcorr.errors import UsageError
    from graphcorr.service.tokens import Role, add_token, namesakes

    if role not in set(Role):
        raise UsageError(f"--role {role}: there are {', '.join(Role)}")
    settings = _settings(context, state)
    others = namesakes(name, settings)
    made, text = add_token(name, Role(role), settings, case=case, expires=expires)
    put_text(text)
    of_case = f", case {made.case}" if made.case else ""
    talk(f"{made.id}: {made.role.value} for {made.name}{of_case}, until {made.expires or 'it is revoked'}.")
    if others:
        ids = ", ".join(each.id for each in others)
        talk(f"There is another token of that name ({ids}): the audit log tells the two by their name alone.")


@app.command("list")
@guard
def list_(context: typer.Context, *, json: options.Json = False, state: State = None) -> None:
    """List tokens, without what makes them one."""
    from graphcorr.service.tokens import list_tokens

    found = list_tokens(_settings(context, state))
    if json:
        put_json(json_output.encode(found))
        return
    for each in found:
        end = "expired" if each.is_expired else each.expires or "no end"
        put_text(f"{each.id}  {each.role.value:<5}  {each.case or 'all cases'}  {end}  {each.name}")


@app.command()
@guard
def revoke(context: typer.Context, token: Annotated[str, typer.Argument(help="Its id, as listed.")], *, state: State = None) -> None:
    """Take a token back."""
    from graphcorr.service.tokens import revoke_token

    revoke_token(token, _settings(context, state))
    talk(f"{token} is revoked.")


def _settings(context: typer.Context, state: Path | None) -> Settings:
    settings = settings_of(context)
    return settings if state is None else replace(settings, state=state)


VERB = Verb("token", app, place=8)
