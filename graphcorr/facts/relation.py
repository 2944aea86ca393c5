"""Testimonies put together: one relation per kind, as a view in one scan of the events, and what proves that a kind is logged."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.engine.tables import Table
from graphcorr.facts.base import COMMON
from graphcorr.facts.catalog import facts
from graphcorr.logs.catalog import log_types
from graphcorr.logs.columns import EVENT_COLUMNS
from graphcorr.logs.testimony import Vantage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from graphcorr.facts.base import Fact
    from graphcorr.logs.testimony import Testimony
    from graphcorr.model.kinds import Kind

COVERED: Final[Mapping[str, str]] = {name: COMMON[name] for name in ("id", "log", "host", "time", "vantage", "strength", "prefer")}
"""Columns of what proves that a kind is logged."""

_OF_EVENT: Final = ("id", "log", "time", "earliest", "latest", "file", "member", "record")


class _Told(NamedTuple):
    log: str
    vantage: Vantage
    testimony: Testimony


def fact_tables(logs: Collection[str] | None = None) -> Iterator[Table]:
    """The relation of every kind, as views named like the kinds, with what is inferred of them and what covers them.

    ``logs`` are the log types that occur in the case: no other is asked for. None is every one there is.
    """
    for fact in facts().values():
        told = list(_testimonies(fact.kind, logs))
        yield _relation(fact, told)
        yield _coverage(fact, told)
        yield from fact.infers


def _testimonies(kind: Kind, logs: Collection[str] | None) -> Iterator[_Told]:
    for name, log_type in log_types().items():
        if logs is None or name in logs:
            for testimony in log_type.testifies:
                if testimony.kind is kind:
                    yield _Told(name, testimony.vantage or log_type.vantage, testimony)


def _relation(fact: Fact, told: list[_Told]) -> Table:
    columns = {**COMMON, **fact.columns}
    if not told:
        return Table(fact.kind.value, "no log here tells of it", columns, (), _nothing(columns), lazy=True, is_empty=True)
    made = {name: f"e.{name}" for name in _OF_EVENT}
    made |= {"host": _host(told), "client": _client(told)}
    made["vantage"] = _each(told, lambda one: f"'{one.vantage}'")
    made["strength"] = _each(told, lambda one: f"'{one.testimony.strength}'")
    made["prefer"] = _each(told, lambda one: str(one.testimony.prefer))
    for name in fact.columns:
        made[name] = _each(told, partial(_value, name))
    selected = ", ".join(f'CAST({made[name]} AS {type_}) AS "{name}"' for name, type_ in columns.items())
    vantages = {one.vantage for one in told}
    joins, needs = "", ["events"]
    if Vantage.SENSOR in vantages:
        joins += " LEFT JOIN owners o ON o.address = e.target_address AND e.time >= o.since AND e.time < o.until"
        needs.append("owners")
    if Vantage.CLIENT in vantages:
        joins += " LEFT JOIN named_hosts n ON n.name = e.target_host"
        joins += " LEFT JOIN owners s ON s.address = n.address AND e.time >= s.since AND e.time < s.until"
        needs += ["named_hosts", "owners"]
    why = f"told by {', '.join(sorted({one.log for one in told}))}"
    query = f"SELECT {selected} FROM events e{joins} WHERE {_where(told)}"
    return Table(fact.kind.value, why, columns, tuple(dict.fromkeys(needs)), query, lazy=True)


def _value(name: str, one: _Told) -> str:
    return one.testimony.columns.get(name) or (name if name in EVENT_COLUMNS else "NULL")


def _coverage(fact: Fact, told: list[_Told]) -> Table:
    """What proves that the kind is logged on a host, whether or not it happened there."""
    proofs = [one for one in told if one.testimony.covers is not None]
    name, why = f"{fact.kind.value}Covered", f"what proves that {fact.kind.value} is logged"
    if not proofs:
        return Table(name, why, COVERED, (), _nothing(COVERED), lazy=True, is_empty=True)
    branches = [
        f"SELECT id, log, host, time, '{one.vantage}' AS vantage, '{one.testimony.strength}' AS strength, {one.testimony.prefer} AS prefer "
        f"FROM events WHERE log = '{one.log}' AND ({one.testimony.covers})"
        for one in {one.log: one for one in reversed(proofs)}.values()
    ]
    return Table(name, why, COVERED, ("events",), " UNION ALL ".join(branches), lazy=True)


def _host(told: list[_Told]) -> str:
    """Where it happened. A monitor's record has no host of its own, and what a client tells of happened on the server it names."""
    hosts = {
        Vantage.OWN: "e.host",
        Vantage.SENSOR: "coalesce(o.host, e.target_address)",
        Vantage.CLIENT: "CASE WHEN n.loopback THEN e.host ELSE coalesce(n.host, s.host, n.address) END",
    }
    return _each(told, lambda one: hosts[one.vantage])


def _client(told: list[_Told]) -> str:
    return _each(told, lambda one: "e.host" if one.vantage is Vantage.CLIENT else "NULL")


def _where(told: list[_Told]) -> str:
    logs = ", ".join(f"'{log}'" for log in sorted({one.log for one in told}))
    if all(one.testimony.when == "TRUE" for one in told):
        return f"log IN ({logs})"
    # The list of logs stands apart: the engine skips row groups by it.
    return f"log IN ({logs}) AND ({' OR '.join(_condition(one, whole=True) for one in told)})"


def _condition(one: _Told, *, whole: bool) -> str:
    return f"log = '{one.log}'" + (f" AND ({one.testimony.when})" if whole and one.testimony.when != "TRUE" else "")


def _each(told: list[_Told], value: Callable[[_Told], str]) -> str:
    """One value for all, or the value of each by its log, and by its condition where a log tells of the kind in two ways."""
    values = [value(one) for one in told]
    if len(set(values)) == 1:
        return values[0]
    by_log: dict[str, set[str]] = {}
    for one, made in zip(told, values, strict=True):
        by_log.setdefault(one.log, set()).add(made)
    cases = {f"WHEN {_condition(one, whole=len(by_log[one.log]) > 1)} THEN {made}": None for one, made in zip(told, values, strict=True)}
    return f"CASE {' '.join(cases)} END"


def _nothing(columns: Mapping[str, str]) -> str:
    return f"SELECT {', '.join(_nulls(columns.items()))} WHERE FALSE"


def _nulls(columns: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f'NULL::{type_} AS "{name}"' for name, type_ in columns)
