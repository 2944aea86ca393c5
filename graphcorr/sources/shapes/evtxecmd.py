"""Windows events as EvtxECmd (``--json``) writes them, and KAPE with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.json_text import decode_json
from graphcorr.sources.outcomes import read_outcome
from graphcorr.sources.windows import event_fields, to_integer, to_text, with_process, with_user

if TYPE_CHECKING:
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row


class EvtxecmdShape:
    """``{"EventId":…, "Provider":…, "Channel":…, "Computer":…, "TimeCreated":…, "Payload": "{\\"EventData\\":…}"}``.

    ``PayloadData1`` and the other columns of its maps are a person's digest of ``Payload`` and not used.
    """

    name = "evtxecmd"
    keys = frozenset({"EventId"})

    def claims(self, row: Row) -> bool:
        if any(row.get(key) is not None for key in ("EventID", "winlog", "Event", "event_id", "_raw", "_path", "@stream")):
            return False
        return row.get("EventId") is not None and "Payload" in row

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        get = row.get
        event_id = to_integer(get("EventId"))
        if event_id is None:
            raise RecordError("EventId is not a number")
        channel = to_text(get("Channel"))
        log = context.wanted.windows_log(to_text(get("Provider")), channel, event_id)
        if log is None:
            return None
        text = get("Payload")
        payload = decode_json(text.encode("utf-8", "replace")) if isinstance(text, str) and text else text
        fields = with_user(event_fields(payload if isinstance(payload, dict) else {}), get("UserId"))
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=with_process(fields, get("ProcessId"), context.wanted.asked_names(event_id)),
            computer=to_text(get("Computer")),
            channel=channel,
            record_id=to_integer(get("EventRecordId")),
            created=to_text(get("TimeCreated")),
            outcome=read_outcome(get("Keywords")),
        )


SHAPE = EvtxecmdShape()
