"""Pages of a generation's findings: filtered, sorted and cut in SQLite, so that no list is ever whole in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.case.findings import opened
from graphcorr.model.findings import Confidence

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

_RANKS: Final = " ".join(f"WHEN '{each.value}' THEN {rank}" for rank, each in enumerate(Confidence))
SORTS: Final = {
    "report": ("number",),
    "time": ("time", "id"),
    "level": ("level", "time", "id"),
    "confidence": (f"CASE confidence {_RANKS} END", "time", "id"),
    "source": ("ifnull(source_host, ifnull(source_address, ''))", "time", "id"),
    "target": ("ifnull(target_host, ifnull(target_address, ''))", "time", "id"),
    "account": ("ifnull(account, '')", "time", "id"),
    "file": ("ifnull(file, '')", "time", "id"),
    "title": ("title", "time", "id"),
}
"""What a list can be sorted by, each with an order among equals; ``report`` is the order of the report."""

_WIDTHS: Final = (1, 5, 15, 60, 300, 900, 3600, 21_600, 86_400, 604_800)

Key = tuple[int | str, ...]
"""Where a row stands in its order: the values of the sort's expressions."""


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL over the columns of ``findings``, and the values for its question marks."""

    sql: str
    values: Sequence[object] = field(default=())


class Row(NamedTuple):
    key: Key
    id: str
    body: bytes
    """The finding as JSON."""


def read_page(
    path: Path, conditions: Sequence[Condition], *, sort: str, descending: bool, after: Key | None, limit: int
) -> tuple[int, list[Row]]:
    """How many findings fulfill all conditions, and at most ``limit`` of them that stand behind ``after``."""
    expressions = SORTS[sort]
    where, values = _all_of(conditions)
    with opened(path) as database:
        _prepare(database)
        [(total,)] = database.execute(f"SELECT count(*) FROM findings WHERE {where}", values)
        if after is not None:
            where += f" AND ({', '.join(expressions)}) {'<' if descending else '>'} ({', '.join('?' * len(after))})"
            values += after
        order = ", ".join(f"{each} {'DESC' if descending else 'ASC'}" for each in expressions)
        columns = ", ".join(expressions)
        # Of the whole list only what is sorted by is looked at, of the page the bodies.
        found = database.execute(f"SELECT {columns}, id, number FROM findings WHERE {where} ORDER BY {order} LIMIT ?", [*values, limit])
        return int(total), [Row(tuple(key), id_, _body(database, number)) for *key, id_, number in found.fetchall()]


def _all_of(conditions: Sequence[Condition]) -> tuple[str, list[object]]:
    """SQL that holds where all of them do, and the values for its question marks."""
    return " AND ".join(f"({each.sql})" for each in conditions) or "1", [value for each in conditions for value in each.values]


_WORDS: Final = ("id", "title", "account", "file", "source_host", "source_address", "target_host", "target_address")


def _prepare(database: sqlite3.Connection) -> None:
    """What conditions may use beside the columns."""
    database.create_function("fold", 1, _fold, deterministic=True)
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'searched'").fetchall():
        # A generation of before there was that table: what the columns say, without the command lines.
        words = " || char(10) || ".join(f"ifnull(fold({each}), '')" for each in _WORDS)
        database.execute(f"CREATE TEMP VIEW searched AS SELECT number, {words} AS text FROM findings")


def _body(database: sqlite3.Connection, number: int) -> bytes:
    [(body,)] = database.execute("SELECT body FROM findings WHERE number = ?", [number])
    return bytes(body)


def _fold(text: str | None) -> str | None:
    return text.casefold() if text is not None else None


class Bin(NamedTuple):
    """Findings of one level in one span of time."""

    number: int
    level: int
    findings: int


def count_by_time(path: Path, conditions: Sequence[Condition], most: int) -> tuple[str | None, int, list[Bin]]:
    """Second of the first finding, seconds of a bin, and what is in the bins, at most ``most`` of them, by the time of a finding."""
    where, values = _all_of(conditions)
    with opened(path) as database:
        _prepare(database)
        second = "CAST(strftime('%s', time) AS INTEGER)"
        ends = f"SELECT min({second}), max({second}) FROM findings WHERE {where}"
        [(first, last)] = database.execute(ends, values)
        if first is None:
            return None, 1, []
        width = next((each for each in _WIDTHS if (last - first) // each < most), -(-(last - first + 1) // most))
        start = first - first % width
        rows = database.execute(
            f"SELECT ({second} - ?) / ?, level, count(*) FROM findings WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2", [start, width, *values]
        )
        [(begin,)] = database.execute("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ?, 'unixepoch')", (start,))
        return begin, width, [Bin(*row) for row in rows]


def count_matching(path: Path, conditions: Sequence[Condition]) -> int:
    """How many findings fulfill all conditions."""
    where, values = _all_of(conditions)
    with opened(path) as database:
        _prepare(database)
        [(total,)] = database.execute(f"SELECT count(*) FROM findings WHERE {where}", values)
        return int(total)


def matching_ids(path: Path, condition: Condition | None, ids: Sequence[str]) -> list[str]:
    """Those of these ids whose findings are there, and fulfill a condition where one is given."""
    where = f"({condition.sql})" if condition is not None else "1"
    values = condition.values if condition is not None else ()
    with opened(path) as database:
        _prepare(database)
        of_these = "id IN (SELECT value FROM json_each(?))"
        rows = database.execute(f"SELECT id FROM findings WHERE {of_these} AND {where}", [json.dumps(list(ids)), *values])
        return [id_ for (id_,) in rows]


def accounts_of(path: Path, ids: Sequence[str]) -> dict[str, str]:
    """By id the account of those of these findings that have one."""
    query = "SELECT id, account FROM findings WHERE account IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
    with opened(path) as database:
        return dict(database.execute(query, [json.dumps(list(ids))]).fetchall())


class Ends(NamedTuple):
    """How many findings have a host as their target, and how many as their source."""

    incoming: int
    outgoing: int


def count_findings(path: Path) -> int:
    with opened(path) as database:
        [(total,)] = database.execute("SELECT count(*) FROM findings")
        return int(total)


def count_ends(path: Path) -> dict[str, Ends]:
    """Findings of each host that is named in one."""
    query = """
        SELECT host, sum(incoming), sum(outgoing) FROM (
            SELECT target_host AS host, 1 AS incoming, 0 AS outgoing FROM findings
            UNION ALL SELECT source_host, 0, 1 FROM findings)
        WHERE host IS NOT NULL GROUP BY host"""
    with opened(path) as database:
        return {host: Ends(int(incoming), int(outgoing)) for host, incoming, outgoing in database.execute(query)}
