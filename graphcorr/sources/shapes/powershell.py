"""Windows events as ``Get-WinEvent | ConvertTo-Json`` writes them: values by position, names nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.outcomes import read_outcome
from graphcorr.sources.positions import name_values, names_in_message
from graphcorr.sources.windows import to_integer, to_text, with_process

if TYPE_CHECKING:
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row

_DATE: Final = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TYPE_NAME: Final = "System."
Misfit = Callable[[dict[str, object]], str | None]


class PowershellShape:
    """``{"Id":…, "ProviderName":…, "LogName":…, "MachineName":…, "Properties":[{"Value":…}], "Message":…}``."""

    name = "powershell"
    keys = frozenset({"Id"})

    def claims(self, row: Row) -> bool:
        if any(row.get(key) is not None for key in ("EventID", "winlog", "Event", "event_id", "_raw", "_path", "@stream")):
            return False
        return row.get("Id") is not None and (row.get("ProviderName") is not None or row.get("LogName") is not None)

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        get = row.get
        event_id = to_integer(get("Id"))
        if event_id is None:
            raise RecordError("Id is not a number")
        provider = to_text(get("ProviderName"))
        channel = to_text(get("LogName"))
        log = context.wanted.windows_log(provider, channel, event_id)
        if log is None:
            return None
        fields = read_fields(provider or "", event_id, get("Properties"), get("Message"), partial(context.wanted.misfit, log))
        user = get("UserId")
        user = to_text(user.get("Value") if isinstance(user, dict) else user)
        if user is not None:
            fields.setdefault("UserID", user)
        with_process(fields, get("ProcessId"), context.wanted.asked_names(event_id))
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=fields,
            computer=to_text(get("MachineName")),
            channel=channel,
            record_id=to_integer(get("RecordId")),
            created=read_time(get("TimeCreated")),
            outcome=read_outcome(get("Keywords"), get("KeywordsDisplayNames")),
        )


def read_fields(provider: str, event_id: int, properties: object, message: object, misfit: Misfit) -> dict[str, object]:
    """By name from a Sysmon message, else by position; ``RecordError`` where neither gives names.

    A message is rendered by the manifest of the machine that exported it. Where that is another one than the record's, its names
    belong to other values, and ``misfit`` says so.
    """
    rendered = names_in_message(provider, message) if isinstance(message, str) else None
    if rendered is not None:
        wrong = misfit(rendered)
        if wrong is None:
            return rendered
        try:
            named = name_properties(provider, event_id, properties)
        except RecordError:
            named = None
        if named is None or misfit(named) is not None:
            raise RecordError(wrong)
        return named
    return name_properties(provider, event_id, properties)


def name_properties(provider: str, event_id: int, properties: object) -> dict[str, object]:
    """By position; ``RecordError`` where that gives no names."""
    if not isinstance(properties, list):
        raise RecordError("the event has no Properties")
    values = [read_value(item) for item in properties]
    if values and all(isinstance(value, str) and value.startswith(_TYPE_NAME) for value in values):
        raise RecordError("the values are cut off: ConvertTo-Json needs -Depth 3 or more")
    named = name_values(provider, event_id, values)
    if named is None:
        raise RecordError(f"no names known for the {len(values)} values of event {event_id} of {provider or 'an unnamed provider'}")
    return named


def read_value(item: object) -> object:
    """``{"Value": …}`` opened, also that of an account id, which is an object with a ``Value`` itself."""
    while isinstance(item, dict) and "Value" in item:
        item = item["Value"]
    return item


def read_time(value: object) -> str | None:
    """RFC 3339 text; ``/Date(…)/`` counts milliseconds UTC, PowerShell 7 writes text with its offset."""
    if isinstance(value, dict):  # with a DisplayHint, PowerShell 5 wraps a date
        value = value.get("value", value.get("DateTime"))
    text = to_text(value)
    match = _DATE.fullmatch(text) if text is not None else None
    if match is None:
        return text
    try:
        moment = _EPOCH + timedelta(milliseconds=int(match[1]))
    except OverflowError:
        raise RecordError("TimeCreated is out of range") from None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


SHAPE = PowershellShape()
