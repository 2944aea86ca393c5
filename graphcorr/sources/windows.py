"""Windows events as the event log itself structures them (System, EventData, UserData), from JSON and from XML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from lxml import etree

from graphcorr.errors import RecordError
from graphcorr.model import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.sources.base import Wanted

_ATTRIBUTES: Final = "#attributes"
_TEXT: Final = "#text"


def to_integer(value: object) -> int | None:
    """A whole number that may be spelled as text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        text = value.strip()
        if text.isascii() and text.isdigit() and len(text) <= 20:
            return int(text)
    return None


def to_text(value: object) -> str | None:
    """Text that says something, None otherwise."""
    return value if isinstance(value, str) and value and value != "-" else None


def attribute(value: object, name: str) -> object:
    """``name`` of an element as evtx and other tools write XML attributes in JSON."""
    if isinstance(value, dict):
        attributes = value.get(_ATTRIBUTES, value)
        if isinstance(attributes, dict):
            return attributes.get(name, attributes.get("@" + name))
    return None


def element_text(value: object) -> object:
    """The text of an element that may also carry attributes."""
    return value.get(_TEXT) if isinstance(value, dict) else value


def event_fields(event: Mapping[str, object]) -> dict[str, object]:
    """``EventData`` by name, or ``UserData`` with its one inner element opened. Unnamed data is the list ``Data``."""
    data = event.get("EventData")
    if not isinstance(data, dict):
        data = event.get("UserData")
        if isinstance(data, dict):
            inner = [value for key, value in data.items() if key != _ATTRIBUTES]
            if len(inner) == 1 and isinstance(inner[0], dict):
                data = inner[0]
    if not isinstance(data, dict):
        return {}
    fields = dict(data)
    fields.pop(_ATTRIBUTES, None)
    unnamed = fields.get("Data")
    if isinstance(unnamed, dict) and _TEXT in unnamed:
        fields["Data"] = unnamed[_TEXT]
    elif isinstance(unnamed, list) and any(attribute(item, "Name") for item in unnamed):
        named = {str(attribute(item, "Name")): element_text(item) for item in unnamed}
        del fields["Data"]
        fields.update(named)
    return fields


class System(msgspec.Struct, gc=False):
    """The header of an event, as far as it is read: of each element its text, or an object with text and attributes."""

    EventID: object = None
    Provider: object = None
    Channel: object = None
    Computer: object = None
    EventRecordID: object = None
    TimeCreated: object = None
    Security: object = None

    def log(self, wanted: Wanted) -> str | None:
        """The log type that reads the event, None when nobody wants it."""
        event_id = to_integer(element_text(self.EventID))
        if event_id is None:
            raise RecordError("the event has no EventID")
        if event_id not in wanted.event_ids:
            return None
        return wanted.windows_log(to_text(attribute(self.Provider, "Name")), to_text(element_text(self.Channel)), event_id)

    def record(self, log: str, fields: dict[str, object], raw: bytes, number: int) -> Record:
        """The record of the event with this header and :func:`event_fields`."""
        # The account that a classic event such as 7045 names stands only in the header.
        user = to_text(attribute(self.Security, "UserID"))
        if user is not None:
            fields.setdefault("UserID", user)
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=fields,
            computer=to_text(element_text(self.Computer)),
            channel=to_text(element_text(self.Channel)),
            record_id=to_integer(element_text(self.EventRecordID)),
            created=to_text(attribute(self.TimeCreated, "SystemTime")),
        )


def read_event(event: Mapping[str, object], raw: bytes, number: int, wanted: Wanted) -> Record | None:
    """The record of an event in the structure of the event log, None when nobody wants it."""
    header = event.get("System")
    if not isinstance(header, dict):
        raise RecordError("the event has no System part")
    system = System(**{name: header.get(name) for name in System.__struct_fields__})
    log = system.log(wanted)
    return None if log is None else system.record(log, event_fields(event), raw, number)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def parse_event_xml(text: bytes) -> dict[str, object]:
    """One ``<Event>`` in the structure that ``read_event`` takes; ``RecordError`` when it is no well-formed XML."""
    try:
        root = etree.fromstring(text, _parser())
    except etree.XMLSyntaxError as error:
        raise RecordError(f"not XML: {error.msg}") from error
    event: dict[str, object] = {}
    for part in root.iterchildren(tag=etree.Element):
        name = _name(part)
        if name == "System":
            event[name] = {
                _name(child): {_ATTRIBUTES: dict(child.attrib), _TEXT: child.text} for child in part.iterchildren(tag=etree.Element)
            }
        elif name == "EventData":
            event[name] = _data(part)
        elif name == "UserData":
            event[name] = {_name(child): _data(child) for child in part.iterchildren(tag=etree.Element)}
    return event


def _data(part: etree._Element) -> dict[str, object]:
    fields: dict[str, object] = {}
    unnamed: list[object] = []
    for child in part.iterchildren(tag=etree.Element):
        name = child.get("Name") or (_name(child) if _name(child) != "Data" else None)
        text = "".join(map(str, child.itertext())) or None
        if name is None:
            unnamed.append(text)
        else:
            fields[name] = text
    if unnamed:
        fields["Data"] = unnamed
    return fields
