r"""Written files that another machine ran from their share: ``\\DC01\NETLOGON\x.exe``, as a logon script or a policy of the domain has it.

Everything else joins what happened on one host. Here the file lies on one and runs on others: told by the network path, and by
nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import FLAG, TEXT, TIME, Mapped, Table
from graphcorr.syntax.commands import Role, references
from graphcorr.syntax.paths import join_share, path_key, unc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

_OF_DOMAIN: Final = frozenset({"netlogon", "sysvol"})
"""Shares that every domain controller has: a path may name the domain in place of one of them."""
_STARTS: Final = r"""
    SELECT id, host, epoch_us(time) AS moment, earliest, latest, image, command_line FROM ProcessStart
    WHERE host IS NOT NULL AND (starts_with(image, '\\') OR regexp_matches(command_line, '(^|[\s"''=,])\\\\[^\\?.]'))
"""


def _tell(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    image = row["image"] or ""
    named = references(row["command_line"] or "", row["image"])
    texts = [image] if image.startswith("\\\\") else [one.path for one in named if one.role in {Role.PROGRAM, Role.ARGUMENT}]
    for text in dict.fromkeys(texts):
        parts = unc(path_key(text) or "")
        if parts is None or not parts[2] or identity.is_self(row["host"], parts[0], row["moment"]):
            continue
        server, share, relative = parts
        host = identity.key_at(server, row["moment"])
        folder = identity.shares.folder(host, share)
        told = {"event": row["id"], "host": row["host"], "earliest": row["earliest"], "latest": row["latest"]}
        told |= {"server": host, "relative": relative, "of_domain": share in _OF_DOMAIN}
        yield told | {"key": path_key(join_share(folder.path, relative)) if folder and not folder.assumed else None}


# Who names the domain means whichever of its controllers answered.
_LINKED: Final = r"""
    SELECT DISTINCT r.event, v.id AS version
    FROM share_runs r JOIN versions v ON (v.host = r.server OR (r.of_domain AND ends_with(v.host, '.' || r.server)))
        AND ends_with(v.key, '\' || r.relative) AND (r.key IS NULL OR v.key = r.key) AND v.host <> r.host
    WHERE v.earliest <= r.latest AND (v.ended_latest IS NULL OR v.ended_latest >= r.earliest)
    QUALIFY row_number() OVER (PARTITION BY r.event, v.host, v.key ORDER BY v.earliest DESC, v.id) = 1
"""

TABLES: Final = (
    Table(
        "share_runs",
        "starts of files on a share of another machine",
        {
            **dict.fromkeys(("event", "host", "server", "relative", "key"), TEXT),
            "earliest": TIME,
            "latest": TIME,
            "of_domain": FLAG,
        },
        ("ProcessStart",),
        Mapped(_STARTS, _tell),
        empty_without=("ProcessStart",),
    ),
    Table(
        "share_links",
        "written files that another machine ran from their share",
        {"event": TEXT, "version": TEXT},
        ("share_runs", "versions"),
        _LINKED,
        empty_without=("share_runs", "versions"),
    ),
)
