"""Findings of patterns that are not about a file version: what their rows say, and no more than that.

A row may name ``source``, ``target`` and ``account`` in columns of those names, as the graph's ids; what it does not
name is taken from its evidence, or left open.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from graphcorr.findings.evidence import SHOWN
from graphcorr.model.findings import Basis, Confidence, Endpoint, Execution, Finding, Movement
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from graphcorr.findings.evidence import Records
    from graphcorr.patterns.load import Pattern
    from graphcorr.resolve.identity import Identity
    from graphcorr.store.base import Row

EXECUTIONS: Final = "executions"
"""The evidence column whose events are the runs that a finding states."""


def make_generic(namespace: uuid.UUID, pattern: Pattern, row: Row, records: Records, identity: Identity) -> Finding:
    """The finding of one row. ``PatternError`` when its evidence holds an id that is no event."""
    header = pattern.header
    columns = {column: evidence_ids(row[column]) for column in header.evidence}
    for column, ids in columns.items():
        if missing := [id_ for id_ in ids if not records.has(id_)]:
            raise pattern.error(f"the column {column!r} holds {missing[0]!r}, which is the id of no event")
    events = sorted((records.row(id_) for ids in columns.values() for id_ in ids), key=lambda event: (event["time"], event["id"]))
    first = events[0]
    target = identity.endpoint(row.get("target"), first["time"]) or identity.endpoint(first["host"], first["time"])
    source = identity.endpoint(row.get("source"), first["time"])
    runs = [event for event in events if event["id"] in set(columns.get(EXECUTIONS, ()))] if header.execution else []
    executions = [Execution(str(header.execution), format_time(run["time"]), run["image"], run["command_line"]) for run in runs]
    limits = [] if source else ["source unknown: the pattern names none"]
    limits += [
        f"evidence shows the first {SHOWN} of {len(ids)} records of {column}" for column, ids in sorted(columns.items()) if len(ids) > SHOWN
    ]
    return Finding(
        id=str(uuid.uuid5(namespace, "|".join([header.id, *(str(row[column]) for column in header.identity)]))),
        pattern=header.id,
        patterns=[header.id],
        title=header.title,
        level=header.level,
        confidence=Confidence.MEDIUM,
        basis=Basis.OBSERVED,
        why=["the records are what the pattern asks for; nothing else was weighed"],
        techniques=sorted(header.attack),
        detection_strategies=sorted(header.detection_strategy),
        software=sorted(header.software),
        source=source,
        target=target or Endpoint(None, None),
        account=str(row["account"]) if row.get("account") else None,
        movement=_movement(source, target),
        execution=executions[0].kind if executions else None,
        execution_time=executions[0].time if executions else None,
        executions=executions,
        file=None,
        write_time=None,
        suppressed=None,
        limits=limits,
        evidence=[one for column, ids in columns.items() for one in records.evidence_of(column.removesuffix("s"), ids)],
    )


def evidence_ids(value: object) -> list[str]:
    """The event ids in an evidence column."""
    return [str(id_) for id_ in value] if isinstance(value, list) else []


def _movement(source: Endpoint | None, target: Endpoint | None) -> Movement:
    if source is None or target is None:
        return Movement.UNKNOWN_SOURCE
    same = source.host == target.host if source.host and target.host else source.address == target.address
    return Movement.LOOPBACK if same else Movement.REMOTE
