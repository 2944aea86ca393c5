"""Splunk exports: the event as it was indexed stands as text in ``_raw``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.errors import RecordError
from graphcorr.sources.rows import read_text
from graphcorr.sources.windows import to_text

if TYPE_CHECKING:
    from graphcorr.model.records import Record
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row


class SplunkShape:
    """``{"result": {"_raw": "<Event …", "host":…}}`` (the wrapper is opened before), of XmlWinEventLog sources.

    Sources in JSON, as Zeek's and Corelight's logs, stand in ``_raw`` as they were written.

    Fields that Splunk extracted are not used: they depend on the add-on that was installed.
    """

    name = "splunk"
    keys = frozenset({"_raw"})

    def claims(self, row: Row) -> bool:
        return isinstance(row.get("_raw"), str)

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        text = str(row["_raw"]).strip()
        if not text.startswith(("<Event", "{")):
            raise RecordError("Splunk's _raw is not an XML event (set renderXml = true at the source)")
        record = read_text(text, raw, number, context)
        if record is not None:
            collector = to_text(row.get("host"))
            record.collector = collector if collector != record.computer else None
        return record


SHAPE = SplunkShape()
