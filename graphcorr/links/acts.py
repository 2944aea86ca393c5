"""What may have been asked for from another machine: runs, registrations, loads and calls, each with the session it was done in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import FLAG, SMALL, TEXT, TEXTS, TIME, Table
from graphcorr.links.names import base_name_of
from graphcorr.links.provided import MINUTE, SERVERS, SOON
from graphcorr.links.sessions import far

if TYPE_CHECKING:
    from collections.abc import Mapping

_SERVED: Final = 30
"""Seconds after its start within which a server loads what its client asks for."""
_INSTALLED: Final = r"^c:\\(windows|program files|program files \(x86\)|programdata\\microsoft\\windows defender)\\"

_SHELL: Final = "'explorer.exe', 'userinit.exe', 'sihost.exe', 'rdpclip.exe'"
_MAKING: Final = 10
"""Seconds before a registration within which a command on the machine that names it is what made it."""
# A start is one, however many records tell of it: the audit's has the session where Sysmon's is a service's own, or the reverse.
_RUNS: Final = f"""
    WITH known AS (
        SELECT coalesce(r.main, p.id) AS id, p.mechanism, p.registration
        FROM provided p LEFT JOIN record_pairs r ON r.other = p.id GROUP BY ALL),
    -- A program that is a service's as well as WMI's was started by the former.
    told AS (
        SELECT * FROM known QUALIFY row_number() OVER (PARTITION BY id ORDER BY registration IS NULL, mechanism, registration) = 1),
    started AS (
        SELECT s.*, t.mechanism, t.registration, {base_name_of("s.image")} AS program,
            CASE WHEN {far("s.session")} THEN s.session WHEN {far("o.session")} THEN o.session END AS known_session,
            CASE WHEN {far("s.session")} THEN s.account WHEN {far("o.session")} THEN o.account END AS whose
        FROM starts s JOIN told t ON t.id = s.id LEFT JOIN record_pairs r ON r.main = s.id LEFT JOIN start_records o ON o.id = r.other),
    -- The audit of older Windows names the session of who made a process; that of the process itself is its children's.
    children AS (
        SELECT c.host, c.parent_pid AS pid, c.time, min(c.session) AS session, min_by(c.id, (c.session, c.id)) AS id FROM ProcessStart c
        SEMI JOIN started s ON s.host = c.host AND s.pid = c.parent_pid
        WHERE {far("c.session")} GROUP BY c.host, c.parent_pid, c.time)
    SELECT s.id, s.mechanism, s.registration, s.host, s.time, s.earliest, s.latest, s.image, s.program, s.command_line, s.process_guid,
        concat_ws(':', coalesce(s.parent_process_guid, s.parent_pid::VARCHAR)) AS parent,
        coalesce(s.known_session, CASE WHEN c.time <= s.latest + INTERVAL 2 SECOND THEN c.session END) AS session,
        CASE WHEN s.known_session IS NULL AND c.time <= s.latest + INTERVAL 2 SECOND THEN c.id END AS child,
        s.whose, concat_ws('\\', s.account_domain, s.account) AS account, s.terminal_session,
        coalesce({base_name_of("s.parent_image")} IN ({_SHELL}), FALSE) AS by_shell
    FROM started s ASOF LEFT JOIN children c ON c.host = s.host AND c.pid = s.pid AND c.time >= s.earliest
    -- What was set up is started once by who set it up; its next starts are the machine's own.
    QUALIFY s.registration IS NULL OR row_number() OVER (PARTITION BY s.registration ORDER BY s.time, s.id) = 1
"""

# Whoever sits at the machine has a desktop, and their session is that of its shell and of what they start there.
_DESK_SESSIONS: Final = f"""
    SELECT DISTINCT p.host, p.session FROM ProcessStart p
    SEMI JOIN (SELECT host, session FROM runs UNION ALL SELECT host, session FROM registrations) a
        ON a.host = p.host AND a.session = p.session
    WHERE p.terminal_session > 0 OR {base_name_of("p.image")} IN ({_SHELL}) OR {base_name_of("p.parent_image")} IN ({_SHELL})
"""
# Who sets something up from the machine itself names it in a command there, before it is there.
_MADE_HERE: Final = f"""
    WITH due AS (
        SELECT id, host, time, latest, lower(name) AS name, unnest([{MINUTE} - 1, {MINUTE}]) AS minute FROM registrations
        WHERE length(name) > 3)
    SELECT DISTINCT r.id FROM due r
    JOIN (
        SELECT host, time, latest, {MINUTE} AS minute, lower(command_line) AS line, {base_name_of("parent_image")} AS parent
        FROM ProcessStart) p
        ON p.host = r.host AND p.minute = r.minute AND contains(p.line, r.name)
    WHERE p.parent <> 'services.exe' AND p.latest <= r.latest AND p.time >= r.time - INTERVAL {_MAKING} SECOND
"""

_SERVED_LOADS: Final = f"""
    SELECT m.id, p.id AS start FROM ModuleLoad m
    JOIN (SELECT s.id, s.host, s.process_guid, s.time FROM ProcessStart s SEMI JOIN provided USING (id)
        WHERE s.process_guid IS NOT NULL AND {base_name_of("s.image")} IN {SERVERS}) p
        ON p.host = m.host AND p.process_guid = m.process_guid AND m.time >= p.time AND m.time <= p.time + INTERVAL {_SERVED} SECOND
    WHERE NOT regexp_matches(lower(m.path), '{_INSTALLED}')
"""

# What a command has to have to be told of although nobody is known to have asked for it.
SHELLS: Final = "cmd|powershell|pwsh|mshta|rundll32|regsvr32|regasm|regsvcs|wscript|cscript|msbuild|installutil|certutil|bitsadmin|cmstp|hh"
_TELLING: Final = rf"(^|[\\/\s\"''%])({SHELLS})(\.exe)?([\s\"'',]|$)|%comspec%|(^|[\s\"''=])\\\\[^\\?.]"
_IN_ADMIN: Final = r"^\"?(%systemroot%|%windir%|\\systemroot|[a-z]:\\windows)\\[^\\\s]+\.exe"
"""A service's program that lies in the very folder that ``ADMIN$`` shares: nothing of Windows' own is a service there."""
_KNOWN: Final = "('psexesvc', 'remcomsvc', 'remcom', 'winexesvc', 'csexecsvc', 'paexec')"
"""Services of programs that run others from afar. What else lies there is named after its program where somebody installed it, and
not where a tool made both names up."""

_OWN_PIPE: Final = r"\becho \S+ ?> ?\\\\\.\\pipe\\"
"""Who is on the machine already has a service speak into a pipe of theirs, to become SYSTEM."""

# What calls alone tell. Those of one connection belong together; to ask what there is, is no act.
_CREATED: Final = "^(CreateService|ChangeServiceConfig|SchRpcRegisterTask|NetrJobAdd)"
_STARTED: Final = "^(StartService|SchRpcRun|NetrJobAdd)"
_CALL_ACTS: Final = f"""
    SELECT min_by(id, (NOT regexp_matches(operation, '{_CREATED}'), time, id)) AS id,
        CASE interface WHEN 'svcctl' THEN 'service' ELSE 'task' END AS mechanism, host,
        coalesce(min(CASE WHEN regexp_matches(operation, '{_STARTED}') THEN time END), min(time)) AS time,
        min(earliest) AS earliest, max(latest) AS latest, list(id ORDER BY time, id) AS calls,
        string_agg(DISTINCT operation, ' ' ORDER BY operation) AS operations, NULL::VARCHAR AS account
    FROM Call WHERE vantage = 'sensor' AND interface IN ('svcctl', 'atsvc', 'itaskschedulerservice') AND host IS NOT NULL
        AND regexp_matches(operation, '{_CREATED}|{_STARTED}|^DeleteService|^SchRpcDelete')
    GROUP BY coalesce(uid, id), interface, host, source_address
    HAVING bool_or(regexp_matches(operation, '{_CREATED}'))
    -- The machine's own log of the service says that a session was served, or a program asked for.
    UNION ALL SELECT id, CASE interface WHEN 'wsman' THEN 'winrm' ELSE 'wmi' END, host, time, earliest, latest, [id], operation,
        nullif(concat_ws('\\', account_domain, account), '')
    FROM Call WHERE vantage = 'own' AND host IS NOT NULL
        AND (interface = 'wsman' OR (interface = 'iwbemservices' AND regexp_matches(lower(operation), 'win32_process[^a-z]+create')))
"""

_ACTS: Final = f"""
    WITH ran AS (
        SELECT r.*, g.ids AS registered, g.name, g.path AS registered_path, g.session AS asked, g.remote AS from_afar, g.change,
            CASE g.mechanism WHEN 'subscription' THEN g.time END AS set_up_at,
            concat_ws('\\', g.account_domain, g.account) AS asker
        FROM runs r LEFT JOIN registrations g ON g.id = r.registration),
    loaded AS (SELECT l.id AS load, m.path, r.* FROM served_loads l JOIN ran r ON r.id = l.start JOIN loads m ON m.id = l.id),
    acts AS (
        SELECT id AS act, mechanism, host, time, earliest, latest, id AS start, NULL AS load, registered, name,
            CASE WHEN registered IS NULL THEN session ELSE coalesce(asked, session) END AS session,
            CASE WHEN registered IS NULL OR asked IS NULL THEN whose ELSE asker END AS whose, parent,
            CASE WHEN registered IS NULL OR asked IS NULL THEN child END AS child,
            -- A service runs as whom it was set up for, whoever had it started.
            coalesce(nullif(asker, ''), CASE WHEN registered IS NULL AND mechanism <> 'service' THEN nullif(account, '') END) AS account,
            concat_ws(' ', registered_path, coalesce(command_line, image)) AS line, from_afar, NULL::VARCHAR[] AS calls, t.action,
            (mechanism = 'dcom' AND program IN {SERVERS}) OR coalesce(change = 'bound', FALSE) AS bare, set_up_at AS set_up,
            by_shell OR terminal_session > 0 AS desk
        FROM ran LEFT JOIN (SELECT id AS action, registration FROM task_actions) t USING (registration)
        UNION ALL BY NAME
        SELECT load AS act, mechanism, host, time, earliest, latest, id AS start, load, NULL AS registered, session, whose, parent, child,
            nullif(account, '') AS account, path AS line, FALSE AS bare, by_shell OR terminal_session > 0 AS desk FROM loaded
        UNION ALL BY NAME
        SELECT id AS act, mechanism, host, time, earliest, latest, NULL AS start, NULL AS load, ids AS registered, name,
            session, account AS whose, nullif(concat_ws('\\', account_domain, account), '') AS account, path AS line,
            remote AS from_afar,
            coalesce(change = 'bound', FALSE) AS bare, t.action
        FROM registrations g LEFT JOIN (SELECT id AS action, registration FROM task_actions) t ON t.registration = g.id
        WHERE id NOT IN (SELECT registration FROM runs WHERE registration IS NOT NULL)
        UNION ALL BY NAME
        SELECT id AS act, mechanism, host, time, earliest, latest, calls, account, operations AS line, FALSE AS bare FROM call_acts),
    seated AS (
        SELECT *, EXISTS (SELECT 1 FROM desk_sessions d WHERE d.host = acts.host AND d.session = acts.session) AS in_desk_session FROM acts)
    SELECT act, mechanism, host, time, earliest, latest, start, load, action, registered, calls, name, session, child, whose, parent,
        account, line, from_afar, bare, set_up, mechanism <> 'dcom' AND (
            (mechanism = 'wmi' AND coalesce(desk, FALSE)) OR in_desk_session
            OR coalesce(list_has_any(registered, (SELECT list(id) FROM made_here)), FALSE)) AS here,
        mechanism = 'dcom' AND (coalesce(desk, FALSE) OR in_desk_session) AS desk,
        NOT coalesce(regexp_matches(lower(line), '{_OWN_PIPE}'), FALSE) AND
        coalesce(regexp_matches(lower(line), '{_TELLING}') OR (mechanism = 'service' AND regexp_matches(lower(line), '{_IN_ADMIN}')
            AND (lower(name) IN {_KNOWN} OR NOT contains(lower(line), lower(name)))), FALSE) AS telling
    FROM seated
"""

_TASK_ACTIONS: Final = f"""
    SELECT g.id AS registration, min_by(t.id, (t.time, t.id)) AS id FROM registrations g
    JOIN TaskRun t ON t.host = g.host AND lower(t.task) = lower(g.name) AND t.latest >= g.earliest
        AND t.earliest <= g.latest + INTERVAL {SOON} SECOND
    WHERE g.mechanism = 'task' GROUP BY g.id
"""

_RUN_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("id", "mechanism", "registration", "host"), TEXT),
    **dict.fromkeys(("time", "earliest", "latest"), TIME),
    **dict.fromkeys(("image", "program", "command_line", "process_guid", "parent", "session", "whose", "account"), TEXT),
    "child": TEXT,  # the record of a child from which alone the session is known
    "terminal_session": SMALL,
    "by_shell": FLAG,  # a desktop's shell started it
}
_ACT_COLUMNS: Final[Mapping[str, str]] = {
    "act": TEXT,  # the record that stands for it
    "mechanism": TEXT,
    "host": TEXT,
    **dict.fromkeys(("time", "earliest", "latest"), TIME),
    "start": TEXT,
    "load": TEXT,
    "action": TEXT,  # the scheduler's own record that an action of the task began
    "registered": TEXTS,
    "calls": TEXTS,  # of what a monitor alone saw
    "name": TEXT,  # of the service, the task or the consumer
    "session": TEXT,  # of who asked, as far as a record says
    "child": TEXT,  # the record of a child of the process from which alone the session is known
    "whose": TEXT,  # the account that the record of the session has beside it
    "parent": TEXT,  # the process that started it
    "account": TEXT,
    "line": TEXT,
    "from_afar": FLAG,  # a record says whether a client of another machine asked
    "here": FLAG,  # somebody at the machine itself had it done
    "desk": FLAG,  # a server of DCOM did it on the desktop of whoever sits there, as that account, whoever called it
    "bare": FLAG,  # a server was activated, or a subscription is served, which its own machine does as well
    "set_up": TIME,  # when what runs whenever its event comes was asked for
    "telling": FLAG,  # what it runs is what attackers run, and administrators
}

TABLES: Final = (
    Table(
        "served_loads",
        "what activated servers loaded that is not installed, with the start of the server",
        {"id": TEXT, "start": TEXT},
        ("ModuleLoad", "ProcessStart", "provided"),
        _SERVED_LOADS,
        empty_without=("provided", "ModuleLoad"),
    ),
    Table(
        "runs",
        "starts that were made for somebody, each once, with the session",
        _RUN_COLUMNS,
        ("provided", "starts", "record_pairs", "start_records", "ProcessStart"),
        _RUNS,
        empty_without=("provided",),
    ),
    Table(
        "call_acts",
        "services and tasks that were set up by calls on the wire, sessions and programs that the service itself tells of",
        {
            **dict.fromkeys(("id", "mechanism", "host", "operations", "account"), TEXT),
            **dict.fromkeys(("time", "earliest", "latest"), TIME),
            "calls": TEXTS,
        },
        ("Call",),
        _CALL_ACTS,
        empty_without=("Call",),
    ),
    Table(
        "desk_sessions",
        "sessions with a desktop, of those that acts were done in",
        {"host": TEXT, "session": TEXT},
        ("ProcessStart", "runs", "registrations"),
        _DESK_SESSIONS,
        empty_without=("ProcessStart",),
    ),
    Table(
        "made_here",
        "services and tasks that a command on the machine itself names just before",
        {"id": TEXT},
        ("ProcessStart", "registrations"),
        _MADE_HERE,
        empty_without=("ProcessStart", "registrations"),
    ),
    Table(
        "task_actions",
        "tasks that were set up, with the scheduler's record that an action of it began soon",
        {"registration": TEXT, "id": TEXT},
        ("registrations", "TaskRun"),
        _TASK_ACTIONS,
        empty_without=("registrations", "TaskRun"),
    ),
    Table(
        "acts",
        "what somebody may have asked for from another machine",
        _ACT_COLUMNS,
        ("runs", "registrations", "served_loads", "loads", "call_acts", "task_actions", "desk_sessions", "made_here"),
        _ACTS,
    ),
)
