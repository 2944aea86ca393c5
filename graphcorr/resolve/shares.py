"""Which local folder a share is: what the host's own share events say wins; Windows' defaults stand in, marked assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphcorr.syntax.folding import fold
from graphcorr.syntax.paths import default_share_path, unc

if TYPE_CHECKING:
    from graphcorr.engine.database import Database
    from graphcorr.resolve.hosts import HostNames


class ShareFolder(NamedTuple):
    path: str
    assumed: bool
    """True when a Windows default took the place of knowledge."""


class Shares:
    """(host, share) to local folder."""

    def __init__(self, known: dict[tuple[str, str], str]) -> None:
        self._known = known

    def folder(self, host: str | None, share: str) -> ShareFolder | None:
        """Folder of a share by its bare name; None when neither a log nor a default tells."""
        path = self._known.get((host, fold(share))) if host else None
        if path is not None:
            return ShareFolder(path, assumed=False)
        default = default_share_path(share)
        return ShareFolder(default, assumed=True) if default else None


def share_name(share: str | None) -> str | None:
    r"""``\\*\C$``, ``\\HOST\C$`` and ``C$`` are share ``C$``."""
    if not share:
        return None
    return share.replace("/", "\\").rstrip("\\").rsplit("\\", 1)[-1] or None


def share_host(share: str | None) -> str | None:
    r"""The host that ``\\HOST\SHARE`` names; None for ``\\*\SHARE``."""
    parts = unc(share) if share else None
    return parts[0] if parts and parts[0] != "*" else None


def learn_shares(database: Database, names: HostNames) -> Shares:
    """Learn every share whose folder some event states; of contradicting statements the most frequent wins."""
    rows = database.execute(
        "SELECT computer, share, share_path, count(*) FROM logged WHERE share_path IS NOT NULL AND share IS NOT NULL "
        "GROUP BY ALL ORDER BY count(*), share_path DESC"
    ).fetchall()
    known: dict[tuple[str, str], str] = {}
    for computer, share, path, _ in rows:
        host, name = names.key(computer), share_name(share)
        if host and name and name.lower() != "ipc$":
            known[host, fold(name)] = path
    return Shares(known)
