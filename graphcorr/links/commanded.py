"""Commands that name another machine to do something there: the source's side of what the target's own logs, or the wire, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import TEXT, TIME, Mapped, Table
from graphcorr.links.names import base_name_of
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.remote_commands import PROGRAMS, named_machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

_PROGRAMS: Final = ", ".join(f"'{name}', '{name}.exe'" for name in sorted(PROGRAMS))
_MAY: Final = r"\\\\|/node|[/-][srvm][:= e]|/server|pssession|invoke-|-c[non]|wmi|icm|etsn|nsn"
"""What a command line has at least that names another machine: the rest need not become rows of Python."""
_COMMANDS: Final = f"""
    SELECT id, host, image, time, epoch_us(time) AS moment, command_line, account, account_domain
    FROM ProcessStart WHERE host IS NOT NULL AND {base_name_of("image")} IN ({_PROGRAMS})
        AND regexp_matches(lower(command_line), '{_MAY}')
"""


def _tell(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    named = named_machine(row["image"], row["command_line"])
    if named is None or identity.is_self(row["host"], named.machine, row["moment"]):
        return
    target = identity.key_at(named.machine, row["moment"])
    if target is not None and target != row["host"]:
        told = {"id": row["id"], "host": row["host"], "image": row["image"], "time": row["time"], "way": named.way, "target": target}
        yield told | {"account": account_name(row["account_domain"], row["account"])}


TABLES: Final = (
    Table(
        "commanded",
        "starts whose command line names another machine",
        {**dict.fromkeys(("id", "host", "image"), TEXT), "time": TIME, **dict.fromkeys(("way", "target", "account"), TEXT)},
        ("ProcessStart",),
        Mapped(_COMMANDS, _tell),
        empty_without=("ProcessStart",),
    ),
)
