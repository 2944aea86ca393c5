"""Which file of which host a record of shared files means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.resolve.shares import share_host, share_name
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.paths import join_share, path_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.resolve.identity import Identity

_SEPARATORS: Final = "\\/"

UNKNOWN_SHARE: Final = "(unknown)"
"""Stands for the share's name where the log has none; a path needs one, and no share can have this name by chance."""


def shared_file(row: Mapping[str, Any], identity: Identity) -> tuple[str, str, bool] | None:
    """Host, path and whether it was assumed, of a fact with ``moment`` in microseconds; None where nothing tells the host.

    The path is UNC when nothing tells the share's folder. A record of the machine itself that names no share has a local path.
    """
    if row["relative_path"] is None:
        return (row["host"], row["path"], False) if row["host"] and row["path"] else None
    share, named = share_name(row["share"]), share_host(row["share"])
    host = row["host"]
    if row["vantage"] == "sensor":
        address = address_key(row["target_address"] or "")
        host = address and (identity.host_at(address, row["moment"]).host or (named and identity.names.key(named)) or address)
    if host is None:
        return None
    relative = row["relative_path"]
    if row["share_path"] and path_key(row["share_path"]):
        return host, join_share(row["share_path"], relative), False
    folder = identity.shares.folder(host, share) if share else None
    if folder is None:
        return host, f"\\\\{host}\\{share or UNKNOWN_SHARE}\\{relative.lstrip(_SEPARATORS)}", False
    return host, join_share(folder.path, relative), folder.assumed
