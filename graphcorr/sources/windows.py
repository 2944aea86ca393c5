"""Windows events as the event log itself structures them (System, EventData, UserData), from JSON and from XML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.markup import local_name, parse_markup
from graphcorr.sources.outcomes import read_outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from graphcorr.sources.base import Wanted

PROCESS_ID: Final = "ExecutionProcessID"
"""What flat exports call the process that wrote the event."""
_ATTRIBUTES: Final = "#attributes"
_BESIDE: Final = "_attributes"
"""Ends the name under which chainsaw, hayabusa and evtx_dump put an element's attributes beside it."""
_TEXT: Final = "#text"
_VALUE: Final = "Value"
"""Velociraptor's and other Go tools' name for the text of an element with attributes."""
_HEADER_END: Final = b"</System>"


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


def header_attribute(header: Mapping[str, object], element: str, name: str) -> object:
    """``name`` of a header's element, wherever the tool wrote its attributes."""
    value = attribute(header.get(element), name)
    return attribute(header.get(element + _BESIDE), name) if value is None else value


def element_text(value: object) -> object:
    """The text of an element that may also carry attributes."""
    return value.get(_TEXT, value.get(_VALUE)) if isinstance(value, dict) else value


def event_fields(event: Mapping[str, object]) -> dict[str, object]:
    """``EventData`` by name, or ``UserData`` with its one inner element opened. Unnamed data is the list ``Data``."""
    data = event.get("EventData")
    if not isinstance(data, dict):
        data = event.get("UserData")
        if isinstance(data, dict):
            inner = [value for key, value in data.items() if key != _ATTRIBUTES and not key.endswith(_BESIDE)]
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


def read_event(event: Mapping[str, object], raw: bytes, number: int, wanted: Wanted) -> Record | None:
    """The record of an event in the structure of the event log, None when nobody wants it."""
    header = event.get("System")
    if not isinstance(header, dict):
        raise RecordError("the event has no System part")
    event_id = to_integer(element_text(header.get("EventID")))
    if event_id is None:
        raise RecordError("the event has no EventID")
    channel = to_text(element_text(header.get("Channel")))
    log = wanted.windows_log(to_text(header_attribute(header, "Provider", "Name")), channel, event_id)
    if log is None:
        return None
    fields = with_user(event_fields(event), header_attribute(header, "Security", "UserID"))
    return Record(
        log=log,
        number=number,
        raw=raw,
        fields=with_process(fields, header_attribute(header, "Execution", "ProcessID"), wanted.asked_names(event_id)),
        computer=to_text(element_text(header.get("Computer"))),
        channel=channel,
        record_id=to_integer(element_text(header.get("EventRecordID"))),
        created=read_time(header_attribute(header, "TimeCreated", "SystemTime")),
        outcome=read_outcome(element_text(header.get("Keywords")), _rendered_keywords(event)),
    )


def _rendered_keywords(event: Mapping[str, object]) -> object:
    """Names of the keywords in the language of the machine, as forwarded events have them."""
    rendered = event.get("RenderingInfo")
    return rendered.get("Keywords") if isinstance(rendered, dict) else None


def read_time(value: object) -> str | float | None:
    """A time as text; Velociraptor writes seconds since 1970."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else to_text(value)


def with_user(fields: dict[str, object], user: object) -> dict[str, object]:
    """``fields`` with the account of the header: that of a classic event such as 7045 stands nowhere else."""
    if (name := to_text(user)) is not None:
        fields.setdefault("UserID", name)
    return fields


def with_process(fields: dict[str, object], process: object, asked: Collection[str]) -> dict[str, object]:
    """``fields`` with the process of the header, where that is ``asked`` for.

    Of most events it is a service of the machine and nobody's business.
    """
    if PROCESS_ID in asked and process is not None:
        fields.setdefault(PROCESS_ID, process)
    return fields


def parse_event_xml(text: bytes) -> dict[str, object]:
    """One ``<Event>`` in the structure that ``read_event`` takes; ``RecordError`` when it is no well-formed XML.

    In the header Windows writes no control characters: where some are, who speaks is not known.
    """
    root = parse_markup(text, _HEADER_END)
    event: dict[str, object] = {}
    for part in root.iterchildren(tag=etree.Element):
        name = local_name(part)
        if name == "System":
            event[name] = {
                local_name(child): {_ATTRIBUTES: dict(child.attrib), _TEXT: child.text} for child in part.iterchildren(tag=etree.Element)
            }
        elif name == "EventData":
            event[name] = _data(part)
        elif name == "RenderingInfo":
            event[name] = {local_name(child): list(map(str, child.itertext())) for child in part.iterchildren(tag=etree.Element)}
        elif name == "UserData":
            event[name] = {local_name(child): _data(child) for child in part.iterchildren(tag=etree.Element)}
    return event


def _data(part: etree._Element) -> dict[str, object]:
    fields: dict[str, object] = {}
    unnamed: list[object] = []
    for child in part.iterchildren(tag=etree.Element):
        name = child.get("Name") or (local_name(child) if local_name(child) != "Data" else None)
        text = "".join(map(str, child.itertext())) or None
        if name is None:
            unnamed.append(text)
        else:
            fields[name] = text
    if unnamed:
        fields["Data"] = unnamed
    return fields
