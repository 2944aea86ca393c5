"""Zeek logs as JSON lines, from Zeek itself, Corelight and the usual shippers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.windows import to_text
from graphcorr.sources.zeek_names import is_connection, with_own_names
from graphcorr.sources.zeek_text import restore_row

if TYPE_CHECKING:
    from graphcorr.sources.base import Context, Wanted
    from graphcorr.sources.shapes.base import Row

_PATHS: Final = ("_path", "@stream", "@path")
"""Where shippers put the log's name."""
_IDENTIFIER: Final = re.compile(r"[CF][0-9A-Za-z]{8,}")
_TIMES: Final = ("ts", "timestamp", "@timestamp", "time", "datetime", "_ts")

_MARKS: Final = frozenset(
    # What logs about neither connections nor files have: stats, weird, capture_loss, telemetry; packet_filter, cluster; x509.
    # Of most of them nothing is read, but every folder of Zeek's logs holds some. And pe, which is read, and analyzer.
    ["host", "peer", "node", "certificate.version", "certificate.serial", "compile_ts", "analyzer_kind"]
)


class ZeekShape:
    """``{"_path":"conn", "ts":…, "uid":…, "id.orig_h":…}``; the keys also nested (``id``), rescoped or renamed.

    Plain Zeek writes no ``_path``: then the file's name tells the log, or else the fields that only this log has.
    """

    name = "zeek"
    keys = frozenset({*_PATHS, *_TIMES})

    def claims(self, row: Row) -> bool:
        if any(row.get(key) is not None for key in ("EventID", "winlog", "Event", "_raw")):
            return False
        if any(isinstance(row.get(name), str) for name in _PATHS):
            return True
        if row.get("ts") is not None and (not _MARKS.isdisjoint(row) or is_connection(with_own_names(row))):
            return True
        return any(row.get(name) is not None for name in _TIMES) and _is_row(with_own_names(row))

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        fields = with_own_names(row)
        path = next((text for name in _PATHS if (text := to_text(row.get(name))) is not None), None)
        if path is None:
            path = tell_path(fields, context.name, context.wanted)
        log = None if path is None else context.wanted.zeek_log(path)
        if log is None:
            return None
        fields = restore_row(fields, raw)
        created = fields.get("ts")
        # When the log was written stands in, where the extension fields have it and a filter left the time itself out.
        written = to_text(row.get("_write_ts")) if created is None else None
        if written is None and (isinstance(created, bool) or not isinstance(created, int | float | str)):
            raise RecordError("ts is missing or no time")
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=fields,
            created=float(created) if isinstance(created, int | float) else to_text(created),
            collector=to_text(row.get("_system_name")) or to_text(row.get("@system")),
            ingested=written,
        )


def _is_row(fields: Row) -> bool:
    """Whether it names a connection or a file as Zeek does, whose identifiers stand in no other product's logs."""
    return any(isinstance(value := fields.get(name), str) and _IDENTIFIER.fullmatch(value) for name in ("uid", "fuid"))


def tell_path(row: Row, file_name: str, wanted: Wanted) -> str | None:
    """The Zeek path of a row that does not name it, None when it is none of the wanted ones.

    The file's name decides only where its path's signature agrees; of several matching signatures the one that asks
    for most fields wins, and a tie is None: better no record than one read as something else. ``RecordError`` where the file's
    name is that of a wanted log and the row lacks its fields: to pass over it would make the log look quiet.
    """
    named = row.get("path")
    if isinstance(named, str) and named.casefold() in wanted.zeek:
        return named
    keys = row.keys()
    fitting = sorted(((len(fields), path) for path, fields in wanted.signatures.items() if fields and fields <= keys), reverse=True)
    parts = file_name.casefold().replace("-", ".").split(".")
    for _, path in fitting:
        if path.casefold() in parts:
            return path
    for path, fields in wanted.signatures.items() if not fitting and is_connection(row) else ():
        if path.casefold() in parts:
            # Zeek leaves unset fields out.
            if len(fields - keys) <= 1:
                return path
            raise RecordError(f"the file is named {path}, and the row has no {' and no '.join(sorted(fields - keys))}")
    if not fitting or (len(fitting) > 1 and fitting[0][0] == fitting[1][0]):
        return None
    return fitting[0][1]


SHAPE = ZeekShape()
