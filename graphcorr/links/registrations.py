"""What was set up to run: services, tasks and subscriptions of WMI, each once, whatever logs tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import FLAG, TEXT, TEXTS, TIME, Table
from graphcorr.links.sessions import far

if TYPE_CHECKING:
    from collections.abc import Mapping

_APART: Final = 5
"""Seconds between two records of one registration: 7045 is written by the service manager, 4697 by the audit, each in its time."""

# 7045 gives the display name where 4697 gives the service's: the command line is what they share. Of tasks it is the name.
_RECORDS: Final = """
    SELECT id, 'ServiceInstall' AS kind, 'service' AS mechanism, host, time, earliest, latest, prefer, path, service AS name, session,
        account, account_domain, NULL::VARCHAR AS change, NULL::BOOLEAN AS remote, lower(path) AS same
    FROM ServiceInstall WHERE host IS NOT NULL AND path IS NOT NULL
    UNION ALL SELECT id, 'TaskChange', 'task', host, time, earliest, latest, prefer, path, task, session,
        account, account_domain, change, remote, lower(task) FROM TaskChange
    WHERE host IS NOT NULL AND change IN ('registered', 'updated')
    -- WMI says that a consumer is bound whenever it begins to serve it, and not only when it is new.
    UNION ALL SELECT id, 'Subscription', 'subscription', host, time, earliest, latest, prefer, path, name, NULL,
        account, account_domain, CASE WHEN what = 'binding' AND path IS NOT NULL THEN 'bound' ELSE 'registered' END, NULL, lower(name)
    FROM Subscription WHERE host IS NOT NULL AND name IS NOT NULL AND what IN ('consumer', 'binding')
        AND coalesce(action, '') <> 'Deleted'
"""
_REGISTRATIONS: Final = f"""
    WITH records AS ({_RECORDS}),
    apart AS (
        SELECT *, CASE WHEN time > lag(time) OVER (PARTITION BY mechanism, host, same ORDER BY time, id) + INTERVAL {_APART} SECOND
            THEN 1 ELSE 0 END AS fresh FROM records),
    numbered AS (
        SELECT *, sum(fresh) OVER (PARTITION BY mechanism, host, same ORDER BY time, id ROWS UNBOUNDED PRECEDING) AS number FROM apart)
    SELECT min_by(id, (prefer, time, id)) AS id, kind, mechanism, host, min_by(time, (prefer, time, id)) AS time, min(earliest) AS earliest,
        max(latest) AS latest, min_by(path, (path IS NULL, prefer, time, id)) AS path, min_by(name, (prefer, time, id)) AS name,
        max(CASE WHEN {far("session")} THEN session END) AS session, bool_or(session IS NOT NULL AND NOT ({far("session")})) AS by_system,
        min_by(account, (account IS NULL, prefer, id)) AS account, min_by(account_domain, (account IS NULL, prefer, id)) AS account_domain,
        min_by(change, (prefer, time, id)) AS change, bool_or(remote) AS remote, list(id ORDER BY id) AS ids
    FROM numbered GROUP BY kind, mechanism, host, same, number
    -- A consumer without a command or a script runs nothing: it writes into a log, or sends a mail.
    HAVING mechanism <> 'subscription' OR count(path) > 0
"""
_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("id", "kind", "mechanism", "host"), TEXT),
    **dict.fromkeys(("time", "earliest", "latest"), TIME),
    "path": TEXT,  # the command line
    "name": TEXT,
    "session": TEXT,  # of who asked for it, where that is no session of the machine itself
    "by_system": FLAG,
    "account": TEXT,
    "account_domain": TEXT,
    "change": TEXT,
    "remote": FLAG,  # the record says whether a client of another machine asked
    "ids": TEXTS,
}

REGISTRATIONS: Final = Table(
    "registrations",
    "services, tasks and subscriptions that were set up, each once",
    _COLUMNS,
    ("ServiceInstall", "TaskChange", "Subscription"),
    _REGISTRATIONS,
)
TABLES: Final = (REGISTRATIONS,)
