r"""The names that Zeek's own scripts give to fields, told from the spellings that its settings and its users' tables make of them.

``Log::default_scope_sep`` is any text between a record and its field (``id_orig_h``, ``id-orig_h``), JSON may nest the record
instead, and ``Log::default_field_name_map`` renames whatever its table says. Of such tables those names are known that occur for
who connected to whom, and for the time; any other name is for the log type to miss (:attr:`LogType.needs`).

Source: Zeek's script reference, base/frameworks/logging/main.zeek, and its tests of ``default_field_name_map``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SCOPED: Final = {
    "id": ("orig_h", "orig_p", "resp_h", "resp_p"),
    "times": ("modified", "accessed", "created", "changed"),
}
"""The records that the logs read here hold, with their fields."""
_SPELLED: Final = re.compile(
    "|".join(f"(?P<{scope}>{scope}[^A-Za-z0-9]*(?:{'|'.join(fields)}))" for scope, fields in _SCOPED.items()), re.IGNORECASE
)

_ADDRESSES: Final = ("", "_ip", "ip", "_addr", "addr", "_address", "_ip_addr", "_h", "_host_ip")
_PORTS: Final = ("_port", "port", "_p", "_pt")
_ENDS: Final = {"orig": ("src", "source", "orig", "originator", "s"), "resp": ("dst", "dest", "destination", "resp", "responder", "d")}
_OTHERS: Final = frozenset({"source", "s", "d"})
"""No end of a connection: ``source`` of files.log is a protocol."""
_MAPPED: Final[Mapping[str, str]] = {
    **{word + tail: f"id.{end}_h" for end, words in _ENDS.items() for word in words for tail in _ADDRESSES if word + tail not in _OTHERS},
    **{f"{word}{tail}": f"id.{end}_p" for end, words in _ENDS.items() for word in words for tail in _PORTS},
    **dict.fromkeys(("timestamp", "@timestamp", "time", "datetime", "_ts"), "ts"),
    **dict.fromkeys(("conn_uid", "connection_id", "zeek_uid", "bro_uid", "session_id"), "uid"),
    **dict.fromkeys(("protocol", "transport"), "proto"),
}
"""Name as tables of users have it, in lower case → Zeek's own."""

_TELLING: Final = ("uid", "fuid", "uids", "conn_uids", "id.orig_h")


@lru_cache(maxsize=4096)
def own_name(name: str) -> str:
    """Zeek's own name of a field, by its scope whatever stands between; any other name as it is."""
    match = _SPELLED.fullmatch(name)
    if match is None:
        return name
    scope = str(match.lastgroup)
    field = name.lower().removeprefix(scope)
    return f"{scope}.{next(one for one in _SCOPED[scope] if field.endswith(one))}"


@lru_cache(maxsize=1024)
def own_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Zeek's own names for the fields of one row. What a table may have renamed is only taken for a name that the row lacks."""
    found = [own_name(name) for name in names]
    held = set(found)
    for place, name in enumerate(found):
        own = _MAPPED.get(name.lower())
        if own is not None and own not in held:
            found[place] = own
            held.add(own)
    return tuple(found)


def with_own_names(row: Mapping[str, object]) -> dict[str, object]:
    """The row with Zeek's own names, nested records opened; the same object where it has them already."""
    opened = _open(row)
    names = tuple(opened)
    own = own_names(names)
    if own == names and isinstance(opened, dict):
        return opened
    return dict(zip(own, opened.values(), strict=True))


def _open(row: Mapping[str, object]) -> Mapping[str, object]:
    if not any(isinstance(row.get(scope), dict) for scope in _SCOPED):
        return row
    fields: dict[str, object] = {}
    for key, value in row.items():
        if key in _SCOPED and isinstance(value, dict):
            fields.update({f"{key}.{name}": item for name, item in value.items()})
        else:
            fields[key] = value
    return fields


def is_connection(names: Sequence[str] | Mapping[str, object]) -> bool:
    """Whether fields, by their own names, are of a log about connections or files."""
    return any(name in names for name in _TELLING)
