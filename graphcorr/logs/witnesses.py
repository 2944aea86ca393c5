"""Which log types tell of a kind, and what they tell as SQL over the events: nobody below has to know a log by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.base import WindowsEvent
from graphcorr.logs.catalog import as_list, log_types
from graphcorr.logs.columns import EVENT_COLUMNS
from graphcorr.logs.testimony import Vantage
from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from graphcorr.logs.base import LogType
    from graphcorr.logs.testimony import Strength, Testimony

_RESOLVED: Final = ("host", "earliest", "latest", "file", "member")
"""What the view ``events`` has besides the columns of an event."""


def logs_of(kind: Kind) -> str:
    """The names of the log types that testify to ``kind``, as a list of SQL."""
    return as_list(log_type.name for log_type in types_of(kind))


def types_of(kind: Kind) -> list[LogType]:
    """The log types that testify to ``kind``."""
    return [log_type for log_type in log_types().values() if kind in log_type.kinds]


def is_sensor(log: str) -> bool:
    """Whether records of the log are a monitor's, which saw two addresses and is on neither machine."""
    return log in log_types() and log_types()[log].vantage is Vantage.SENSOR


def witness(log: str) -> str:
    """Who tells in records of the log: of several logs of one provider, or of one monitor, a second adds nothing to the first."""
    source = log_types()[log].source
    return source.provider if isinstance(source, WindowsEvent) else log.partition("-")[0]


def may_refuse(log: str) -> bool:
    """Whether records of the log tell also of what was refused: then one without an outcome leaves it open."""
    return Kind.ATTEMPT in log_types()[log].kinds


def strengths(log: str, kind: Kind) -> frozenset[Strength]:
    """How surely records of the log tell of ``kind``."""
    return frozenset(claim.strength for name, claim in _claims((kind,), None, (log,)) if name == log)


def told(
    *kinds: Kind, columns: Iterable[str], vantage: Vantage | None = None, source: str = "events", logs: Collection[str] | None = None
) -> str:
    """SQL: ``columns`` of every record in ``source`` that tells of one of ``kinds``, from one vantage or from any.

    A column is the testimony's of that name, else the event's; what a log does not say is NULL. ``host`` is the machine that
    logged it, wherever it happened. What is read alike from several logs is read in one scan. ``logs`` are those that occur:
    no other is asked for. None is every one there is.
    """
    columns = tuple(columns)
    by_log: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for name, claim in _claims(kinds, vantage, logs):
        by_log.setdefault(name, {}).setdefault(tuple(_column(column, claim) for column in columns), []).append(claim.when)
    if not by_log:
        # Of the types that they have where somebody tells of them.
        stated = [claim for _, claim in _claims(kinds, vantage, None)]
        nothing = [next((_column(one, claim) for claim in stated if one in claim.columns), _plain(one)) for one in columns]
        return f"SELECT {_named(columns, nothing)} FROM {source} WHERE FALSE"
    # A scan for each way in which one log tells of it, and not for each log: each holds a part of the events in memory.
    scans: list[dict[str, tuple[tuple[str, ...], list[str]]]] = [{} for _ in range(max(map(len, by_log.values())))]
    for name, ways in by_log.items():
        for scan, way in zip(scans, ways.items(), strict=False):
            scan[name] = way
    return " UNION ALL ".join(_scan(columns, scan, source) for scan in scans)


def _scan(columns: Sequence[str], ways: Mapping[str, tuple[tuple[str, ...], list[str]]], source: str) -> str:
    made: list[str] = []
    for place in range(len(columns)):
        logs: dict[str, list[str]] = {}
        for name, (values, _) in ways.items():
            logs.setdefault(values[place], []).append(name)
        cases = " ".join(f"WHEN log IN {as_list(names)} THEN {value}" for value, names in logs.items())
        made.append(next(iter(logs)) if len(logs) == 1 else f"CASE {cases} END")
    return f"SELECT {_named(columns, made)} FROM {source} WHERE {_where({name: whens for name, (_, whens) in ways.items()})}"


def _named(columns: Sequence[str], made: Sequence[str]) -> str:
    return ", ".join(f"{value} AS {column}" for column, value in zip(columns, made, strict=True))


def _where(logs: dict[str, list[str]]) -> str:
    if all("TRUE" in conditions for conditions in logs.values()):
        return f"log IN {as_list(logs)}"
    each = (f"log = '{name}' AND ({' OR '.join(f'({condition})' for condition in conditions)})" for name, conditions in logs.items())
    # The list of logs stands apart: the engine skips row groups by it.
    return f"log IN {as_list(logs)} AND ({' OR '.join(each)})"


def _claims(kinds: Collection[Kind], vantage: Vantage | None, logs: Collection[str] | None) -> Iterator[tuple[str, Testimony]]:
    for name, log_type in log_types().items():
        if logs is not None and name not in logs:
            continue
        for claim in log_type.testifies:
            if claim.kind in kinds and vantage in (None, claim.vantage or log_type.vantage):
                yield name, claim


def _column(name: str, claim: Testimony) -> str:
    return claim.columns[name] if name in claim.columns else _plain(name)


def _plain(name: str) -> str:
    return name if name in EVENT_COLUMNS or name in _RESOLVED else "NULL"
