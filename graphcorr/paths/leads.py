"""Where somebody may have gone on from a machine that a path took, and where they may have come from: contacts that are new.

Most of what machines do with each other is their daily life. Led to is a machine where the path's own account, or one that nobody had
seen there before, goes from a machine that was taken for the first time after it was taken. Such a lead is no hop and no execution, it
counts for no score, and nothing is joined to what it leads to: what an account does on a machine where nothing is seen to run is not
known to be the intruder's, and one more step would be a guess on a guess.
"""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from graphcorr.findings.evidence import Records
from graphcorr.findings.judging import say_delay
from graphcorr.findings.observe import spelled_accounts
from graphcorr.links.contacts import DESKTOP_RUN, LOGGED_ON, TICKET
from graphcorr.model.findings import Movement
from graphcorr.model.leads import Direction, Lead, LeadTier
from graphcorr.paths.beside import find_logons
from graphcorr.paths.contacted import CONFIRMS, Confirmation, Contacted, Logs, confirm, read_contacts, read_logs
from graphcorr.paths.hops import hop_tier, machine
from graphcorr.paths.join import CLOCKS, PATIENCE
from graphcorr.paths.taken import Begun, Taken, machines_begun, machines_taken
from graphcorr.paths.visits import Leaving, Visit, gather_leaving, gather_visits
from graphcorr.syntax.accounts import is_service_account, may_be_one
from graphcorr.syntax.times import format_time, read_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphcorr.findings.window import Chosen
    from graphcorr.graph.project import Projection
    from graphcorr.model.findings import Evidence, Finding
    from graphcorr.model.records import Microseconds
    from graphcorr.model.report import HopPath

MOST: Final = 10
"""Leads of one path that are told; it says how many more there are."""
MANY: Final = 4
"""Addresses besides the one in question that log on to a machine in one way, above which it is a server: everybody goes there."""
_SECOND: Final = 1_000_000
HOUR: Final = 3600 * _SECOND
DAY: Final = 24 * HOUR
"""How soon after a machine was taken an account that is not the path's own must go from there, how far back logs must go to call it new,
and how long before a path began somebody who came to its first machine may have begun it."""
_PATIENCE: Final = int(PATIENCE.total_seconds()) * _SECOND


class _Found(NamedTuple):
    """A lead in the making."""

    path: int
    direction: Direction
    visit: Visit
    own: bool
    why: list[str]
    used: int


def add_leads(paths: Sequence[HopPath], findings: Sequence[Finding], projection: Projection, chosen: Chosen) -> list[HopPath]:
    """The paths with their leads, ordered by time; no path is changed otherwise."""
    if not paths:
        return []
    held = {one.id: one for one in findings}
    taken, begun = list(machines_taken(paths, held)), list(machines_begun(paths, held))
    contacts = read_contacts(projection.database, {one.machine for one in taken}, {one.machine for one in begun})
    visits = gather_visits(contacts)
    known = {(machine(one.source), machine(one.target)) for one in findings if hop_tier(one)}
    visits = [one for one in visits if (one.source, one.target) not in known]
    if not visits:
        return list(paths)
    logs = read_logs(projection.database)
    found = [*_onward(taken, visits, contacts, logs), *_inward(begun, taken, visits, logs)]
    by_path: defaultdict[int, list[_Found]] = defaultdict(list)
    for one in found:
        if _in_window(one.visit.first, chosen):
            by_path[one.path].append(one)
    by_path = defaultdict(list, {number: _merged(each) for number, each in by_path.items()})
    told = {number: sorted(each, key=_rank)[:MOST] for number, each in by_path.items()}
    made = _make([one for each in told.values() for one in each], findings, projection, logs)
    leads: defaultdict[int, list[Lead]] = defaultdict(list)
    for one, lead in made:
        leads[one.path].append(lead)
    return [
        msgspec.structs.replace(
            path,
            leads=sorted(leads[number], key=lambda lead: (lead.direction, lead.first, str(lead.target))),
            leads_left=len(by_path[number]) - len(leads[number]),
        )
        for number, path in enumerate(paths)
    ]


def _merged(found: Sequence[_Found]) -> list[_Found]:
    """An attempt beside a logon between the same machines is told with it: of that account, or at that time, whatever account made it."""
    logged = [one for one in found if one.visit.logged]
    attempts = [one for one in found if not one.visit.logged]
    places = find_logons([one.visit for one in attempts], [one.visit for one in logged])
    further: defaultdict[int, list[Contacted]] = defaultdict(list)
    for one, place in zip(attempts, places, strict=True):
        if place is not None:
            further[place] += one.visit.ways
    for place, ways in further.items():
        visit = logged[place].visit
        logged[place] = logged[place]._replace(visit=visit._replace(ways=(*visit.ways, *ways)))
    return logged + [one for one, place in zip(attempts, places, strict=True) if place is None]


# -- onward --------------------------------------------------------------------------------------------------------


def _onward(taken: Sequence[Taken], visits: Sequence[Visit], contacts: Sequence[Contacted], logs: Logs) -> Iterator[_Found]:
    by_machine: defaultdict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        by_machine[one.machine].append(one)
    from_there: defaultdict[str, list[Contacted]] = defaultdict(list)
    for contact in contacts:
        from_there[contact.source].append(contact)
    leaving = {source: gather_leaving(each) for source, each in from_there.items() if source in by_machine}
    for visit in visits:
        possible = [
            one
            for one in by_machine.get(visit.source, ())
            if one.at - CLOCKS <= visit.since and visit.first <= one.at + _PATIENCE and visit.target not in one.behind
        ]
        if not possible:
            continue
        # What took the machine last before it, and of those what has the account.
        own, _, one = max(
            ((any(_is_own(visit.account, each) for each in one.accounts), one.at, one) for one in possible), key=itemgetter(0, 1)
        )
        if why := _why_onward(one, visit, leaving[visit.source], logs):
            yield _Found(one.path, Direction.ONWARD, visit, own, [*why, *_say_open(visit, one.at - CLOCKS)], _used(visit, logs))


def _why_onward(taken: Taken, visit: Visit, leaving: Leaving, logs: Logs) -> list[str]:
    """Why a visit is a lead, in sentences; none where it is none."""
    before, after, reach = taken.at - CLOCKS, visit.first - taken.at, _reach(visit, logs)
    goes_back = reach is not None and reach <= taken.at - DAY
    if any(_is_own(visit.account, each) for each in taken.accounts):
        return [f"{visit.account} is an account of the path", _say_new(visit, reach, taken.at), *_say_used(visit, logs)]
    if visit.account is None or _is_machine_itself(visit.account):
        # Who it was is not known: only what nobody had done there before, and soon.
        if visit.account is not None and not taken.as_system:
            return []
        if leaving.targets[visit.target] < before or after > (DAY if goes_back and visit.account is None else HOUR):
            return []
        who = "which account it was is not known" if visit.account is None else "the path ran as the machine itself, and so did this"
        return [who, _say_new(visit, reach, taken.at)]
    others = leaving.others(before)
    if not others or not goes_back or after > DAY or _used(visit, logs) > MANY or leaving.has_left(visit.account, before):
        return []
    were = "another account was" if others == 1 else f"{others} other accounts were"
    return [f"{visit.account} was never seen to leave {visit.source} before, where {were}", _say_new(visit, reach, taken.at)]


# -- inward --------------------------------------------------------------------------------------------------------


def _inward(begun: Sequence[Begun], taken: Sequence[Taken], visits: Sequence[Visit], logs: Logs) -> Iterator[_Found]:
    """Who came to the first machine of a path as its account, and had not come long before; to a server everybody comes."""
    reached = {one.machine for one in taken}
    told: set[tuple[str, str, str | None, bool]] = set()
    to_there: defaultdict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        to_there[visit.target].append(visit)
    for one in sorted(begun, key=lambda each: (each.at, each.path)):
        # How one comes to a machine that was taken is told by the path that took it.
        for visit in to_there[one.machine] if one.machine not in reached else ():
            key = (visit.source, visit.target, visit.account, bool(visit.logged))
            if key in told or not any(_is_own(visit.account, each) for each in one.accounts):
                continue
            if one.at - DAY <= visit.since and visit.first <= one.at + CLOCKS and (used := _used(visit, logs)) <= MANY:
                told.add(key)
                why = [f"{visit.account} is the account of the path's first hop", _say_new(visit, _reach(visit, logs), visit.first)]
                why += _say_open(visit, one.at - DAY)
                yield _Found(one.path, Direction.INWARD, visit, own=True, why=why, used=used)


# -- what is said --------------------------------------------------------------------------------------------------


def _is_own(account: str | None, of_path: str) -> bool:
    return account is not None and may_be_one(account, of_path)


def _is_machine_itself(account: str) -> bool:
    realm, _, name = account.rpartition("\\")
    return is_service_account(realm or None, name)


def _reach(visit: Visit, logs: Logs) -> Microseconds | None:
    """Since when the log goes that tells of it."""
    ways = {one.way for one in visit.ways}
    if visit.logged:
        span = logs.spans.get((visit.target, "logons"))
    elif ways == {TICKET}:
        span = logs.spans.get((None, "tickets"))
    else:
        span = logs.spans.get((visit.source, "commands" if all(way.startswith("command ") for way in ways) else "tries"))
    return span.first if span else None


def _say_new(visit: Visit, reach: Microseconds | None, since: Microseconds) -> str:
    log = f"log of logons to {visit.target}" if visit.logged else f"log of what was tried from {visit.source}"
    if {one.way for one in visit.ways} == {TICKET}:
        log = "domain controllers' log of tickets"
    if reach is None or reach >= since - _SECOND:
        return f"whether it is new is not known: the {log} goes back no further"
    return f"the first time in the {log}, which goes back {_long(since - reach)} more"


def _say_open(visit: Visit, before: Microseconds) -> list[str]:
    """What was done there before that may have been this, or come to it."""
    said: list[str] = []
    if visit.tried is not None and visit.tried < before:
        said.append(f"it had tried to reach {visit.target} before, from {format_time(visit.tried)} on")
    earlier = sorted({str(one.account) for one in visit.like if one.first < before})
    if earlier:
        verb = "was" if len(earlier) == 1 else "were"
        said.append(f"{' and '.join(earlier)} {verb} there before: whether that is the same account is not known")
    return said


def _long(span: Microseconds) -> str:
    return f"{span / DAY:.1f} days" if span >= 2 * DAY else say_delay(span)


def _used(visit: Visit, logs: Logs) -> int:
    """Other addresses that log on to the target in the ways of the visit: of the way that most use."""
    return max((logs.users.get((visit.target, one.way), 1) - 1 for one in visit.logged), default=0)


def _say_used(visit: Visit, logs: Logs) -> list[str]:
    used = _used(visit, logs)
    if used <= MANY:
        return []
    return [f"{used:,} other addresses log on to {visit.target} so, too: it may be no more than what every session does there"]


def _rank(one: _Found) -> tuple[bool, bool, bool, Microseconds, str, str]:
    visit = one.visit
    return not one.own, one.used > MANY, not visit.logged, visit.first, visit.source, visit.target


def _in_window(time: Microseconds, chosen: Chosen) -> bool:
    return (chosen.since is None or time >= chosen.since) and (chosen.until is None or time <= chosen.until)


# -- leads ---------------------------------------------------------------------------------------------------------


def _make(told: Sequence[_Found], findings: Sequence[Finding], projection: Projection, logs: Logs) -> Iterator[tuple[_Found, Lead]]:
    ids = {id_ for one in told for contact in one.visit.ways for id_ in contact.examples}
    records = Records(projection.database, ids)
    tries: list[dict[str, Any]] = [
        {"number": number, "source": one.visit.source, "target": one.visit.target, "time": records.row(id_)["time"]}
        for number, one in enumerate(told)
        if not one.visit.logged
        for contact in one.visit.ways
        for id_ in contact.examples
    ]
    confirmed = confirm(projection.database, tries)
    confirming = Records(projection.database, {one.id for one in confirmed.values() if one.id})
    spelled, unknown = spelled_accounts(projection), _unknown_by_target(findings)
    for number, one in enumerate(told):
        visit, identity = one.visit, projection.identity
        tier = LeadTier.LOGON if visit.logged else LeadTier.ATTEMPT
        counted = [each for each in visit.logged if each.way != DESKTOP_RUN] or visit.logged or list(visit.ways)
        first, last = visit.first, max(each.last for each in counted)
        evidence = [records.evidence("logon" if each.way in LOGGED_ON else "attempt", id_) for each in visit.ways for id_ in each.examples]
        sure, why = None, list(one.why)
        if tier is LeadTier.ATTEMPT:
            also = confirmed.get(number, Confirmation(None, unknown=False))
            sure = _is_confirmed(also, visit, logs)
            if also.id is not None:
                evidence.append(confirming.evidence("confirmation", also.id))
            why.append(_say_confirmed(visit, sure, unknown=also.unknown))
        yield (
            one,
            Lead(
                direction=one.direction,
                tier=tier,
                source=identity.machine(visit.source, first),
                target=identity.machine(visit.target, first),
                account=spelled.get(visit.account, visit.account) if visit.account else None,
                ways=sorted({each.way for each in visit.ways}, key=lambda way: (way not in LOGGED_ON, way)),
                count=sum(each.times for each in counted),
                first=format_time(first),
                last=format_time(last),
                confirmed=sure,
                found=[each.id for each in unknown.get(visit.target, ()) if 0 <= read_moment(each.time) + CLOCKS - first <= DAY][:MOST],
                why=why,
                evidence=sorted(evidence, key=_place),
            ),
        )


def _is_confirmed(found: Confirmation, visit: Visit, logs: Logs) -> bool | None:
    if found.id is not None:
        return True
    span = logs.spans.get((visit.target, "logons"))
    around = CONFIRMS * _SECOND
    covered = span is not None and span.first <= visit.first - around and max(one.last for one in visit.ways) + around <= span.last
    return False if covered and not found.unknown else None


def _say_confirmed(visit: Visit, sure: bool | None, *, unknown: bool) -> str:
    if sure:
        return f"{visit.target} or a monitor of the network tells of it, too"
    if unknown:
        return f"somebody came to {visit.target} then from an address that no machine is known to have had"
    if sure is None:
        return f"whether it came to anything is not known: no log tells what reached {visit.target} then"
    return f"the log of {visit.target} has no logon from {visit.source} at that time"


def _unknown_by_target(findings: Sequence[Finding]) -> Mapping[str, list[Finding]]:
    by_target: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.movement is Movement.UNKNOWN_SOURCE:
            by_target[str(machine(one.target))].append(one)
    return by_target


def _place(evidence: Evidence) -> tuple[str, str, str, int]:
    return evidence.time, evidence.file, evidence.member or "", evidence.record
