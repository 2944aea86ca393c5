"""Windows events as Wazuh decodes them: its archives, its alerts and the documents of its indexer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import unescape as unescape_xml

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.outcomes import read_outcome
from graphcorr.sources.windows import to_integer, to_text, with_process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row

_ESCAPED: Final = re.compile(r'(?:[^\\"]|\\["\\/bfnrt]|\\u00[0-9a-fA-F]{2})*', re.DOTALL)
_QUOTES: Final = {"&quot;": '"', "&apos;": "'"}


class WazuhShape:
    """``{"agent": {…}, "data": {"win": {"system": {"eventID":…}, "eventdata": {"image":…}}}}``, also without ``data`` around it.

    The names are those of the event with a small first letter. ``timestamp`` is when the manager got the event.
    """

    name = "wazuh"
    keys = frozenset({"data", "win"})

    def claims(self, row: Row) -> bool:
        if any(row.get(key) is not None for key in ("EventID", "winlog", "Event", "event_id", "_raw", "_path", "@stream")):
            return False
        return isinstance(_event(row).get("system"), dict)

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        event = _event(row)
        header = event["system"]
        assert isinstance(header, dict)  # claims() said so
        event_id = to_integer(header.get("eventID"))
        if event_id is None:
            raise RecordError("win.system.eventID is not a number")
        channel = to_text(header.get("channel"))
        log = context.wanted.windows_log(to_text(header.get("providerName")), channel, event_id)
        if log is None:
            return None
        fields: dict[str, object] = {}
        for name, part in event.items():
            # eventdata, or what UserData had, under a name of its own as logFileCleared
            if name != "system" and isinstance(part, dict):
                fields.update({f"{key[:1].upper()}{key[1:]}": unescape(value) for key, value in part.items()})
        with_process(fields, header.get("processID"), context.wanted.asked_names(event_id))
        agent = row.get("agent")
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=fields,
            computer=to_text(header.get("computer")),
            channel=channel,
            record_id=to_integer(header.get("eventRecordID")),
            collector=to_text(agent.get("name")) if isinstance(agent, dict) else None,
            created=to_text(header.get("systemTime")),
            ingested=to_text(row.get("timestamp")),
            outcome=read_outcome(header.get("keywords"), header.get("severityValue")),
        )


def unescape(value: object) -> object:
    r"""``C:\\Windows``, ``\"x\"`` and ``a &amp; b`` as they were logged: Wazuh cuts values out of XML inside a JSON text.

    A text in which any backslash is no part of an escape is left alone: other tools write this shape, too, without them.
    """
    if not isinstance(value, str):
        return value
    text = value
    if ("\\\\" in text or '\\"' in text) and _ESCAPED.fullmatch(text):
        text = str(json.loads(f'"{text}"', strict=False))
    return unescape_xml(text, _QUOTES) if "&" in text else text


def _event(row: Row) -> Mapping[str, object]:
    outer = row.get("data")
    event = outer.get("win") if isinstance(outer, dict) else row.get("win")
    return event if isinstance(event, dict) else {}


SHAPE = WazuhShape()
