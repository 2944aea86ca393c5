"""What is done on a machine after a moment and was not, or hardly, before it: each with the history that it rests on, in words.

How unusual it is, is no weight: it is told how many of what was seen since are new, and how many would be by the history itself. That is
the share of what was seen on one day only, times what was seen since (I. J. Good, The population frequencies of species, Biometrika 1953;
counted is each thing once a day, as what is done all day long says no more than what is done once). A machine whose history is too short
is not judged, and nothing on it is called uncommon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import INTEGER, TEXT, TEXTS, TIME, Table
from graphcorr.links.habits import EXAMPLES, HABIT_COLUMNS, HABITS, HISTORIES
from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

MANY: Final = 20
"""New things of one machine, or machines on which one thing is new, that are then told by their number alone: a roll-out is one thing."""
WEEK: Final = 7
"""Done no more often than once in so many days of a history that is at least as long is rare."""
NOVELTIES: Final = "novelties"
KNOWN_HABITS: Final = "known_habits"
COUNTS: Final = "habit_counts"
NOVEL: Final = "novel_habits"
"""What each new thing is, with the novelty that it is of."""


_OF_NOVEL: Final[Mapping[str, str]] = {
    **dict.fromkeys(("pair", "kind", "thing", "seen", "host", "source", "account", "way"), TEXT),
    **dict.fromkeys(("days", "of_days"), INTEGER),
    "count": INTEGER,
    "first": TIME,
    "last": TIME,
    "examples": TEXTS,
}

# Of a machine with enough history, which is what ``of_days`` counts.
_KNOWN: Final = f"""
    SELECT h.*, v.days AS of_days,
        count(*) FILTER (h.days > 0) OVER (PARTITION BY thing, what) - CASE WHEN h.days > 0 THEN 1 ELSE 0 END AS elsewhere,
        CASE WHEN h.count = 0 THEN NULL WHEN h.days = 0 THEN 'first'
            WHEN v.days >= {WEEK} AND h.days * {WEEK} <= v.days THEN 'rare' END AS seen
    FROM {HABITS} h JOIN {HISTORIES} v USING (thing, host) WHERE v.enough
"""
_WAYS: Final = """CASE k.thing WHEN 'program' THEN 'connections of ' || spelled WHEN 'account' THEN 'logon' WHEN 'client' THEN
    'files written over SMB' ELSE CASE split_part(spelled, '|', 2) WHEN '-' THEN 'files without a type'
        ELSE '.' || split_part(spelled, '|', 2) || ' files' END || ' written to ' || split_part(spelled, '|', 1) END"""
_MANY_WAYS: Final = """CASE thing WHEN 'program' THEN 'connections of ' || count(*) || ' programs'
    WHEN 'account' THEN 'logons of ' || count(*) || ' accounts'
    WHEN 'client' THEN 'files written over SMB' ELSE 'files of ' || count(*) || ' types and shares' END"""
_ELSEWHERE: Final = """CASE WHEN hosts = 1 THEN '' WHEN elsewhere = 0 THEN ', nor on any other of the ' || hosts || ' with a history'
    ELSE ', but on ' || elsewhere || ' other of the ' || hosts || ' with a history' END"""
_AMONG: Final = """CASE seen WHEN 'first' THEN '; ' || new || ' of the ' || since || ' seen since are new, '
    || printf('%.1f', once * since / days_before::DOUBLE) || ' expected'
    ELSE '; ' || rare || ' of the ' || since || ' seen since are so rare' END"""

_COUNTED: Final = ("once", "days_before", "since", "new", "rare")
_COUNTS: Final = f"""
    WITH counts AS (
        SELECT thing, count(*) FILTER (days = 1) AS once, sum(days)::BIGINT AS days_before, count(*) FILTER (count > 0) AS since,
            count(*) FILTER (seen = 'first') AS new, count(*) FILTER (seen = 'rare') AS rare
        FROM {KNOWN_HABITS} GROUP BY thing)
    SELECT thing, count(*) AS hosts, max(days) AS longest,
        {", ".join(f"coalesce(any_value({name}), 0) AS {name}" for name in _COUNTED)}
    FROM {HISTORIES} LEFT JOIN counts USING (thing) WHERE enough GROUP BY thing
"""
_NOVEL: Final = f"""
    WITH told AS (
        SELECT k.*, {_WAYS} AS way, hosts, {", ".join(_COUNTED)},
            count(*) OVER (PARTITION BY thing, host, seen) > {MANY} AS many_here,
            count(*) OVER (PARTITION BY thing, what, seen) > {MANY} AS everywhere
        FROM {KNOWN_HABITS} k JOIN {COUNTS} USING (thing) WHERE seen IS NOT NULL)
    SELECT {", ".join(_OF_NOVEL)}, {_ELSEWHERE} AS compared, {_AMONG} AS among,
        CASE WHEN everywhere THEN md5(concat_ws('|', thing, '*', what, seen))
            WHEN many_here THEN md5(concat_ws('|', thing, host, '*', seen)) ELSE pair END AS novelty,
        CASE WHEN everywhere THEN 'host' WHEN many_here THEN 'what' END AS folded
    FROM told
"""
_NOVELTIES: Final = f"""
    SELECT novelty AS id, any_value(kind) AS kind, thing, seen, CASE WHEN folded = 'host' THEN NULL ELSE any_value(host) END AS host,
        CASE WHEN folded = 'what' THEN NULL ELSE min(source) END AS source,
        CASE WHEN folded = 'what' THEN NULL ELSE min(account) END AS account,
        CASE WHEN folded = 'what' THEN {_MANY_WAYS} ELSE min(way) END AS way,
        CASE WHEN folded = 'host' OR (folded = 'what' AND thing = 'client') THEN count(*) END AS machines,
        CASE seen WHEN 'first' THEN 'not seen here in the ' ELSE 'seen here on ' || max(days) || ' of the ' END
            || CASE WHEN min(of_days) < max(of_days) THEN min(of_days) || ' to ' ELSE '' END || max(of_days)
            || ' days before' || CASE WHEN folded IS NULL THEN any_value(compared) ELSE '' END || any_value(among) AS history,
        sum(count)::BIGINT AS count, min(first) AS first, max(last) AS last,
        list_transform(list_sort(flatten(list(list_transform(examples, one -> {{'time': first, 'id': one}})))), one -> one.id)[:{EXAMPLES}]
            AS examples
    FROM {NOVEL} GROUP BY novelty, thing, seen, folded
"""

_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("id", "kind", "thing", "seen", "host", "source", "account", "way"), TEXT),
    "machines": INTEGER,
    "history": TEXT,
    "count": INTEGER,
    "first": TIME,
    "last": TIME,
    "examples": TEXTS,
}

TABLES: Final = (
    Table(
        KNOWN_HABITS,
        "what is done on machines that have a history, and on how many of its days",
        {
            **HABIT_COLUMNS,
            "of_days": INTEGER,  # for which its machine has a history
            "elsewhere": INTEGER,  # other machines with a history on which it was done before
            "seen": TEXT,  # first or rare, of what was done since
        },
        (HABITS, HISTORIES),
        _KNOWN,
        empty_without=(HABITS, HISTORIES),
    ),
    Table(
        COUNTS,
        "how much was looked at, and how much of it is new",
        {"thing": TEXT, **dict.fromkeys(("hosts", "longest", *_COUNTED), INTEGER)},
        (KNOWN_HABITS, HISTORIES),
        _COUNTS,
        empty_without=(HISTORIES,),
    ),
    Table(
        NOVEL,
        "what was never, or hardly, done before",
        {**_OF_NOVEL, **dict.fromkeys(("compared", "among", "novelty"), TEXT), "folded": TEXT},
        (KNOWN_HABITS, COUNTS),
        _NOVEL,
        empty_without=(KNOWN_HABITS, COUNTS),
    ),
    Table(NOVELTIES, "the same, as many as can be read", _COLUMNS, (NOVEL,), _NOVELTIES, empty_without=(NOVEL,)),
)
RESTS_ON: Final = {
    kind: (NOVELTIES, f"SELECT unnest(examples) AS id FROM {NOVELTIES} WHERE kind = '{kind}'") for kind in (Kind.LOGON, Kind.CONNECTION)
}
