"""Zeek logs as JSON lines, from Zeek itself, Corelight and the usual shippers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.windows import to_text
from graphcorr.sources.zeek_text import restore_row

if TYPE_CHECKING:
    from graphcorr.sources.base import Context, Wanted
    from graphcorr.sources.shapes.base import Row

_NESTED: Final = ("id", "times")
_FLATTENED: Final = {f"id_{name}": f"id.{name}" for name in ("orig_h", "orig_p", "resp_h", "resp_p")} | {
    f"times_{name}": f"times.{name}" for name in ("modified", "accessed", "created", "changed")
}

_MARKS: Final = frozenset(
    # What the logs about connections and files have, and what those about neither have (stats, weird, capture_loss, telemetry;
    # packet_filter, cluster; x509). Of the latter nothing is read, but every folder of Zeek's logs holds some.
    [
        *("uid", "id.orig_h", "id_orig_h", "fuid", "uids", "conn_uids", "host"),
        *("peer", "node", "certificate.version", "certificate.serial"),
    ]
)


class ZeekShape:
    """``{"_path":"conn", "ts":…, "uid":…, "id.orig_h":…}``; the keys also nested (``id``) or with underscores.

    Plain Zeek writes no ``_path``: then the file's name tells the log, or else the fields that only this log has.
    """

    name = "zeek"
    keys = frozenset({"_path", "@stream", "ts"})

    def claims(self, row: Row) -> bool:
        if any(row.get(key) is not None for key in ("EventID", "winlog", "Event", "_raw")):
            return False
        if isinstance(row.get("_path"), str) or isinstance(row.get("@stream"), str):
            return True
        return row.get("ts") is not None and not _MARKS.isdisjoint(row)

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        path = to_text(row.get("_path")) or to_text(row.get("@stream"))
        if path is None:
            row = with_dots(row)
            path = tell_path(row, context.name, context.wanted)
        log = None if path is None else context.wanted.zeek_log(path)
        if log is None:
            return None
        row = restore_row(with_dots(row), raw)
        created = row.get("ts")
        if isinstance(created, bool) or not isinstance(created, int | float | str):
            raise RecordError("ts is missing or no time")
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=row,
            created=created if isinstance(created, str) else float(created),
            collector=to_text(row.get("_system_name")) or to_text(row.get("@system")),
        )


def with_dots(row: Row) -> Row:
    """The row with Zeek's own field names, ``id.orig_h``; the same object where it has them already."""
    if not any(isinstance(row.get(name), dict) for name in _NESTED) and "id_orig_h" not in row and "times_created" not in row:
        return row
    fields: Row = {}
    for key, value in row.items():
        if key in _NESTED and isinstance(value, dict):
            fields.update({f"{key}.{name}": item for name, item in value.items()})
        else:
            fields[_FLATTENED.get(key, key)] = value
    return fields


def tell_path(row: Row, file_name: str, wanted: Wanted) -> str | None:
    """The Zeek path of a row that does not name it, None when it is none of the wanted ones.

    The file's name decides only where its path's signature agrees; of several matching signatures the one that asks
    for most fields wins, and a tie is None: better no record than one read as something else.
    """
    keys = row.keys()
    fitting = sorted(((len(fields), path) for path, fields in wanted.signatures.items() if fields and fields <= keys), reverse=True)
    name = file_name.casefold()
    for _, path in fitting:
        if path.casefold() in name.replace("-", ".").split("."):
            return path
    if not fitting or (len(fitting) > 1 and fitting[0][0] == fitting[1][0]):
        return None
    return fitting[0][1]


SHAPE = ZeekShape()
