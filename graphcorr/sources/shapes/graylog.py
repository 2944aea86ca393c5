"""Windows events on their way to Graylog: GELF as NXLog sends it, and what winlogbeat sent, with underscores for dots.

Source: "GELF Payload Specification" of Graylog, and NXLog's reference of ``xm_gelf``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.sources.shapes.flat import SHAPE as FLAT
from graphcorr.sources.shapes.winlogbeat import SHAPE as WINLOGBEAT

if TYPE_CHECKING:
    from graphcorr.model.records import Record
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row

_OF_BEATS: Final = "winlogbeat_"
"""Before every name, unless the input was told to leave it out."""
_WINLOG: Final = "winlog_"
_PARTS: Final = ("event_data", "user_data")
_EVENT_ID: Final = f"{_WINLOG}event_id"


class GraylogShape:
    """``{"version": "1.1", "host":…, "timestamp":…, "_EventID":…}``, or ``{"winlogbeat_winlog_event_id":…, "timestamp":…}``.

    ``host`` of GELF is the machine, and ``timestamp`` the event's own time in seconds; NXLog leaves neither beside them.
    """

    name = "graylog"
    keys = frozenset({"_EventID", _EVENT_ID, _OF_BEATS + _EVENT_ID})

    def claims(self, row: Row) -> bool:
        if row.get("EventID") is not None or row.get("winlog") is not None:
            return False
        return any(row.get(key) is not None for key in self.keys)

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        if row.get("_EventID") is None:
            return WINLOGBEAT.read(_beat(row), raw, number, context)
        fields = {name[1:]: value for name, value in row.items() if name.startswith("_")}
        fields.setdefault("Hostname", row.get("host"))
        fields.setdefault("TimeCreated", row.get("timestamp"))
        return FLAT.read(fields, raw, number, context)


def _beat(row: Row) -> Row:
    """The document as winlogbeat had it. A name of the event's own data may have underscores, too, and is left whole."""
    flat = {name.removeprefix(_OF_BEATS): value for name, value in row.items()}
    winlog: dict[str, object] = {}
    for name, value in flat.items():
        if not name.startswith(_WINLOG):
            continue
        own = name.removeprefix(_WINLOG)
        part = next((part for part in _PARTS if own.startswith(f"{part}_")), None)
        if part is None:
            winlog[own] = value
        else:
            data = winlog.setdefault(part, {})
            assert isinstance(data, dict)  # made here: no value of a flat document is one
            data[own.removeprefix(f"{part}_")] = value
    winlog["process"] = {"pid": winlog.get("process_pid")}
    return {
        "@timestamp": flat.get("@timestamp", row.get("timestamp")),
        "winlog": winlog,
        "event": {"outcome": flat.get("event_outcome")},
        "agent": {"name": flat.get("agent_hostname") or flat.get("agent_name")},
    }


SHAPE = GraylogShape()
