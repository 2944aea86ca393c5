"""Findings beside what was usual before: who is seen here on most days is a doubt, who was never seen is said.

A doubt is about whether a finding is what it looks like, and something that is done here every day may be just that. That something is
new takes no doubt back: it does not make a record say more than it says.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import pyarrow as pa

from graphcorr.engine.database import table_of
from graphcorr.findings.confidence import Doubt, lessen
from graphcorr.links.habits import HISTORIES
from graphcorr.links.habits import RECORDS as HABIT_RECORDS
from graphcorr.links.names import whole_account_key
from graphcorr.links.novelties import COUNTS, KNOWN_HABITS
from graphcorr.model.findings import Movement
from graphcorr.model.report import Baseline, History, ShortHistory
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.engine.database import Database
    from graphcorr.model.findings import Finding
    from graphcorr.model.records import Microseconds

USUAL_DAYS: Final = 3
"""Days on which something was seen before that is called usual: twice may be the same thing that goes on."""
_COMING: Final = frozenset({Movement.REMOTE, Movement.UNKNOWN_SOURCE})
"""What a machine's own people do there is not usual because they are there every day."""
_NAMED: Final = ("client", "account", "file type")
"""What a finding's own records name of who did it and what came; its programs are what it is about."""


_OF_ACCOUNT: Final = whole_account_key("w.c")


class _Habit(NamedTuple):
    """What one record of a finding is of, and on how many days of the history that was seen."""

    thing: str
    name: str
    days: int
    of_days: int

    @property
    def is_usual(self) -> bool:
        return self.days >= USUAL_DAYS and self.days * 2 > self.of_days

    def say(self) -> str:
        match self.thing:
            case "client":
                what = f"{self.name} wrote files here"
            case "account":
                what = f"{self.name} logged on here"
            case _:
                share, _, type_ = self.name.partition("|")
                what = f"{'files without a type' if type_ == '-' else f'.{type_} files'} came into {share}"
        return f"{what} on {self.days} of {self.of_days} days before" if self.days else f"{what} in none of the {self.of_days} days before"


def weigh(findings: list[Finding], database: Database) -> list[Finding]:
    """The findings with what the history says of who did it and what came; as they are where nobody said where it ends."""
    until = _until(database)
    if until is None:
        return findings
    end = format_time(until)
    habits = _load([one for one in findings if one.time > end and one.movement in _COMING], database)
    return [_weighed(one, habits[one.id]) if one.id in habits else one for one in findings]


def _weighed(finding: Finding, habits: list[_Habit]) -> Finding:
    new = [one.say() for one in habits if not one.days]
    if new:
        return msgspec.structs.replace(finding, why=[*finding.why, f"new here: {'; '.join(new)}"])
    # That an account is there every day does not make usual what it did this time.
    if len({one.thing for one in habits}) == 1 or not all(one.is_usual for one in habits):
        return finding
    told = f"{Doubt.USUAL.sentence}: {'; '.join(one.say() for one in habits)}"
    return msgspec.structs.replace(finding, confidence=lessen(finding.confidence, Doubt.USUAL), why=[*finding.why, told])


def _load(findings: Sequence[Finding], database: Database) -> dict[str, list[_Habit]]:
    """Finding to what its records and its account are of, where their machine has a history."""
    records = [(one.id, held.event) for one in findings for held in one.evidence]
    accounts = [(one.id, one.target.host or one.target.address, one.account) for one in findings]
    database.register("weighed_records", table_of(records, a=pa.string(), b=pa.string()))
    database.register("weighed_accounts", table_of(accounts, a=pa.string(), b=pa.string(), c=pa.string()))
    found = database.execute(
        f"SELECT w.a, k.thing, coalesce(k.spelled, k.what), k.days, k.of_days FROM weighed_records w JOIN {HABIT_RECORDS} r ON r.id = w.b "
        f"JOIN {KNOWN_HABITS} k USING (pair) WHERE k.thing IN {_NAMED} UNION "
        f"SELECT w.a, k.thing, coalesce(k.spelled, w.c), k.days, k.of_days FROM weighed_accounts w JOIN {KNOWN_HABITS} k "
        f"ON k.thing = 'account' AND k.host = w.b AND k.what = {_OF_ACCOUNT} ORDER BY ALL"
    ).fetchall()
    for name in ("weighed_records", "weighed_accounts"):
        database.unregister(name)
    habits: defaultdict[str, list[_Habit]] = defaultdict(list)
    for finding, *told in found:
        habits[finding].append(_Habit(*told))
    return habits


def summarize(database: Database) -> Baseline | None:
    """What was compared, of which machines, and of which not; None where nobody said until when all was usual."""
    until = _until(database)
    if until is None:
        return None
    short: defaultdict[str, list[ShortHistory]] = defaultdict(list)
    for thing, host, days in database.execute(f"SELECT thing, host, days FROM {HISTORIES} WHERE NOT enough ORDER BY ALL").fetchall():
        short[thing].append(ShortHistory(host, days))
    counted: dict[str, tuple[Any, ...]] = {
        row[0]: row[1:]
        for row in database.execute(f"SELECT thing, hosts, longest, once, days_before, since, new, rare FROM {COUNTS}").fetchall()
    }
    histories = []
    for thing in sorted({*short, *counted}):
        hosts, longest, once, before, since, new, rare = counted.get(thing, (0,) * 7)
        expected = round(once * since / before, 1) if before else 0.0
        histories.append(History(thing, hosts, longest, once, before, since, new, rare, expected, short[thing]))
    return Baseline(format_time(until), histories)


def _until(database: Database) -> Microseconds | None:
    found = database.execute("SELECT epoch_us(until) FROM baseline").fetchone()
    return None if found is None else int(found[0])
