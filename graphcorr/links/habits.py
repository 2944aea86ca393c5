"""What was done on each machine before and after a moment that a person names, day by day: what first-seen baselines are made of.

Four things are counted: a program with connections, a client that writes files over SMB, an account that logs on, and a type of file
that comes into a share. All of them is "something, on a host". History is what the logs of *that* kind tell of *that* host, not what
the case covers: where connections were never logged with their programs, no program was "never seen".

Days are those of 24 hours before and after the moment, so that the first one has no other length than the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import FLAG, INTEGER, TEXT, TEXTS, TIME, Table
from graphcorr.links.names import account_key

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS: Final = 2
"""Days with records of its kind that a host's history has at least: with one, nothing can be told of how often something new comes."""
EXAMPLES: Final = 3
"""First records after the moment that are kept of each thing."""
RECORDS: Final = "habit_records"
"""The view of every record with the thing that it is of."""
HABITS: Final = "habits"
HISTORIES: Final = "histories"
_NOBODY: Final = r"^(system|local service|network service|anonymous logon|(dwm|umfd)-\d+)$"
"""Accounts of Windows itself, which log on wherever it runs."""

# The same program on two machines, of two users or of two versions is one: no drive or volume, no user's folder, no number of a version.
_PROGRAM: Final = r"""regexp_replace(regexp_replace(regexp_replace(lower({0}), '^(\\\\\?\\)?([a-z]:|\\device\\harddiskvolume\d+)', ''),
    '^\\users\\[^\\]+\\', '\\users\\*\\'), '\d+(\.\d+)+(-\d+)?', '*', 'g')"""
_OWNED: Final = "o.address = {0} AND w.time >= o.since AND w.time < o.until"
_TYPE: Final = r"coalesce(nullif(regexp_extract(lower(name), '\.([^.\\ ]{1,16})$', 1), ''), '-')"

_DONE: Final = f"""
    SELECT id, 'Connection' AS kind, 'program' AS thing, host, {_PROGRAM.format("image")} AS what, image AS spelled,
        NULL::VARCHAR AS source, NULL::VARCHAR AS account, time
    FROM "Connection" WHERE vantage = 'own' AND host IS NOT NULL AND image IS NOT NULL AND NOT starts_with(image, '<')
        AND NOT (starts_with(coalesce(target_address, ''), '127.') OR coalesce(target_address, '') = '::1')
    UNION ALL
    SELECT id, 'Logon', 'account', host, {account_key("account", "account_domain")}, concat_ws('\\', account_domain, account),
        NULL, lower(concat_ws('\\', account_domain, account)), time
    FROM Logon WHERE vantage = 'own' AND host IS NOT NULL AND account IS NOT NULL AND coalesce(logon_type, 3) NOT IN (0, 9)
        AND NOT ends_with(account, '$') AND NOT regexp_matches(lower(account), '{_NOBODY}')
    UNION ALL
    SELECT w.id, 'Write', 'client', w.host, coalesce(o.host, w.source), NULL, w.source, NULL, w.time
    FROM writes w LEFT JOIN owners o ON {_OWNED.format("w.source")}
    WHERE w.source IS NOT NULL AND NOT w.loopback AND coalesce(o.host, w.source) <> w.host
    UNION ALL
    SELECT id, 'Write', 'file type', host, lower(share) || '|' || {_TYPE}, share || '|' || {_TYPE}, NULL, NULL, time
    FROM writes WHERE share IS NOT NULL AND NOT loopback
"""

_PAST: Final = "time <= until AS past"
_DAY: Final = "abs(epoch_us(until) - epoch_us(time)) // 86400000000 AS day"

# A log that names no client, or no share, does not show that one is new. A monitor sees the network: of every machine that it told of
# before, it would have told of a write.
_HISTORIES: Final = f"""
    WITH naming AS (
        SELECT log, 'client' AS thing FROM writes WHERE source IS NOT NULL GROUP BY log
        UNION ALL SELECT log, 'file type' FROM writes WHERE share IS NOT NULL GROUP BY log),
    monitored AS (
        SELECT DISTINCT thing, {_PAST}, {_DAY} FROM WriteCovered JOIN naming USING (log), baseline WHERE vantage = 'sensor'),
    met AS (
        SELECT host, source_address, time FROM ShareAccess, baseline WHERE vantage = 'sensor' AND time <= until
        UNION ALL SELECT host, source_address, time FROM "Connection", baseline WHERE vantage = 'sensor' AND time <= until),
    on_wire AS (
        SELECT host FROM met WHERE host IS NOT NULL
        UNION SELECT coalesce(o.host, w.source_address) FROM met w LEFT JOIN owners o ON {_OWNED.format("w.source_address")}
        WHERE w.source_address IS NOT NULL),
    covered AS (
        SELECT DISTINCT thing, host, {_PAST}, {_DAY} FROM (
            SELECT 'program' AS thing, host, time FROM "Connection" WHERE vantage = 'own' AND image IS NOT NULL
            UNION ALL SELECT 'account', host, time FROM LogonCovered WHERE vantage = 'own'
            UNION ALL SELECT thing, host, time FROM WriteCovered JOIN naming USING (log) WHERE vantage = 'own'), baseline
        WHERE host IS NOT NULL
        UNION SELECT thing, host, past, day FROM monitored, on_wire)
    SELECT thing, host, count(*) FILTER (past) AS days, count(*) FILTER (past) >= {DAYS} AS enough
    FROM covered GROUP BY thing, host
"""
# Counted by days first: what is done all day long is one row of a day.
_HABITS: Final = f"""
    WITH daily AS (
        SELECT thing, kind, host, what, {_PAST}, {_DAY}, count(*) AS count, min(time) AS first, max(time) AS last,
            min(source) AS source, min(account) AS account, min(spelled) AS spelled,
            min({{'time': time, 'id': id}}, {EXAMPLES}) FILTER (time > until) AS examples
        FROM {RECORDS}, baseline GROUP BY ALL)
    SELECT md5(concat_ws('|', thing, host, what)) AS pair, thing, any_value(kind) AS kind, host, what,
        count(*) FILTER (past) AS days,
        coalesce(sum(count) FILTER (NOT past), 0)::BIGINT AS count,
        min(first) FILTER (NOT past) AS first, max(last) FILTER (NOT past) AS last, min(source) FILTER (NOT past) AS source,
        min(account) FILTER (NOT past) AS account, min(spelled) FILTER (NOT past) AS spelled,
        list_transform(list_sort(flatten(coalesce(list(examples) FILTER (NOT past), []))), one -> one.id)[:{EXAMPLES}] AS examples
    FROM daily GROUP BY thing, host, what
"""
_OF_THING: Final[Mapping[str, str]] = dict.fromkeys(("thing", "kind", "host", "what"), TEXT)
_OF_FIRST: Final[Mapping[str, str]] = dict.fromkeys(("source", "account", "spelled"), TEXT)
HABIT_COLUMNS: Final[Mapping[str, str]] = {
    "pair": TEXT,
    **_OF_THING,
    "days": INTEGER,  # before, with a record of it
    "count": INTEGER,  # records after, and the first of them
    "first": TIME,
    "last": TIME,
    **_OF_FIRST,
    "examples": TEXTS,
}

TABLES: Final = (
    Table(
        RECORDS,
        "what was done on a machine, before and after",
        {"id": TEXT, **_OF_THING, **_OF_FIRST, "time": TIME, "pair": TEXT},
        ("Connection", "Logon", "writes", "owners", "baseline"),
        f"SELECT *, md5(concat_ws('|', thing, host, what)) AS pair FROM ({_DONE})",
        lazy=True,
        empty_without=("baseline",),
    ),
    Table(
        HABITS,
        "on how many days it was done before, and how often after",
        HABIT_COLUMNS,
        (RECORDS, "baseline"),
        _HABITS,
        empty_without=("baseline",),
    ),
    Table(
        HISTORIES,
        "on how many days before logs would have told of it",
        {"thing": TEXT, "host": TEXT, "days": INTEGER, "enough": FLAG},
        ("Connection", "ShareAccess", "WriteCovered", "LogonCovered", "writes", "owners", "baseline"),
        _HISTORIES,
        empty_without=("baseline",),
    ),
)
