"""The log records behind a statement: where each stands, when it happened, and what it says in one line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphcorr.engine.database import pages, roomy
from graphcorr.graph.tables import find_nodes
from graphcorr.logs.catalog import log_types
from graphcorr.model.findings import Evidence
from graphcorr.model.records import FAILURE
from graphcorr.resolve.ends import OWN_END
from graphcorr.resolve.events import logs_here
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from graphcorr.engine.database import Database

SHOWN: Final = 20
"""Records of one role that a finding shows; it says how many there are."""

_TEXT: Final = 160
_PAGE: Final = 5_000
"""Rows of records that are Python objects at one time: each has a value for every column."""

_PLACE: Final = (
    "id",
    "log",
    "host",
    "file",
    "member",
    "record",
    "channel",
    "record_id",
    "epoch_us(time) AS time",
    "original_time",
    "outcome",
    "success",
)
_WEIGHED: Final = (
    *("epoch_us(earliest) AS earliest", "epoch_us(latest) AS latest", "time_field", "epoch_us(logged_time) AS logged_time"),
    *("image", "command_line", "parent_image", "parent_command_line", "path", "share", "relative_path", "access_mask"),
    *("service", "task", "pipe", "endpoint", "text", "host_name", "target_object", "target_image", "query", "subscription", "wql"),
    *("uri", "http_host", "fuid", "alert", "reason", "analyzer"),
    *("object_name", "privileges", "target_logon_id"),
    *("source_address", "source_host", "target_address", "target_port", "target_host", "initiated", "action"),
    *("hashes", "original_file_name", "signer", "signed", "size"),
    *("user", "user_domain", "target_user", "target_user_domain", "logon_type"),
    f"{OWN_END} AS own_end",
)
"""What a judge weighs besides what is shown."""


class Records:
    """Event rows by id, loaded once for all findings."""

    def __init__(self, database: Database, ids: Iterable[str]) -> None:
        wanted = sorted(set(ids))
        self._rows: dict[str, Mapping[str, Any]] = {}
        if wanted:
            database.register("wanted_ids", pa.table({"id": pa.array(wanted, pa.string())}))
            rows = (
                database.sql(f"SELECT {_columns(logs_here(database), _WEIGHED)} FROM events SEMI JOIN wanted_ids USING (id)")
                .to_arrow_table()
                .to_pylist()
            )
            database.unregister("wanted_ids")
            self._rows = {row["id"]: row for row in rows}
        self._nodes = find_nodes(database, wanted) if wanted else {}

    def has(self, id_: str) -> bool:
        return id_ in self._rows

    def row(self, id_: str) -> Mapping[str, Any]:
        return self._rows[id_]

    def evidence(self, role: str, id_: str) -> Evidence:
        return _state(role, self._rows[id_], self._nodes)

    def in_order(self, ids: Iterable[str]) -> list[str]:
        """The ids by the time of their records."""
        return sorted(set(ids), key=lambda one: (self._rows[one]["time"], one))

    def node(self, id_: str) -> tuple[str, str]:
        """Label and id of the graph's node that stands for a record: two records of one process have one. Its own id, where none does."""
        return self._nodes.get(id_, ("", id_))


def each_evidence(
    database: Database, role: Callable[[Mapping[str, Any]], str], sought: str
) -> Iterator[tuple[Mapping[str, Any], Evidence]]:
    """The evidence of each row of the table ``sought`` (``id`` of an event, and columns that come back with it), in no order.

    ``role`` tells from such a row what its record is called.

    For so many records that their rows are never to be held together.
    """
    wanted = f"SELECT * FROM {sought} JOIN (SELECT {_columns(logs_here(database))} FROM events) USING (id)"
    with roomy(database):
        found = pages(database, wanted, _PAGE)
    for page in found:
        rows = page.to_pylist()
        nodes = find_nodes(database, (row["id"] for row in rows))
        for row in rows:
            yield row, _state(role(row), row, nodes)


def _state(role: str, row: Mapping[str, Any], nodes: Mapping[str, tuple[str, str]]) -> Evidence:
    kind, event = nodes.get(row["id"], (None, None))
    return Evidence(
        role=role,
        file=sys.intern(row["file"]),
        member=_shared(row["member"]),
        record=row["record"],
        host=_shared(row["host"]),
        channel=_shared(row["channel"]),
        record_id=row["record_id"],
        time=format_time(row["time"]),
        original_time=row["original_time"],
        summary=summarize(row),
        kind=kind,
        event=event,
    )


def _columns(logs: Collection[str], others: Iterable[str] = ()) -> str:
    """Where a record stands, what the sayings of these log types ask for, and ``others``."""
    said = (log_type.says.columns for name, log_type in log_types().items() if name in logs)
    return ", ".join([*_PLACE, *sorted(set(others).union(*said) - set(_PLACE))])


def _shared(text: str | None) -> str | None:
    """One object for a text that many statements hold."""
    return None if text is None else sys.intern(text)


def summarize(row: Mapping[str, Any]) -> str:
    """One line that says what the record says, in the log's own terms."""
    log = row["log"]
    log_type = log_types().get(log)
    text = log if log_type is None else log_type.says.say(row)
    if row.get("outcome") == FAILURE:
        text = f"refused: {text}"
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"
