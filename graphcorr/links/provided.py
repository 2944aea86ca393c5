"""Programs that something of the machine started for somebody else: WMI, WinRM, DCOM, the service manager, the task scheduler.

The first three are told by the program beside them alone. What the other two start is told by what was set up shortly before:
both start programs all day long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import TEXT, TIME, Table
from graphcorr.links.names import base_name_of
from graphcorr.syntax.providers import DCOM_SERVERS, FOR_A_CLIENT, SCHEDULER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BEFORE: Final = 15
AFTER: Final = 2
"""Seconds before and after an act within which a client counts as connected for it."""
SOON: Final = 30
"""Seconds within which a service or a task is started by whoever set it up."""
_AT_ONCE: Final = 2
"""Seconds between opening the service manager and a shell of SYSTEM, of which no record says what started it."""
_EARLY: Final = 2
"""Seconds that the record of a service may come after that of its program: each log has its own way to the disk."""

_OUTPUT: Final = r"1> \\\\127\.0\.0\.1\\[a-z]+\$\\(temp\\)?__[0-9.]+ 2>&1"
"""Impacket's wmiexec has the output of each command written there, and fetches it: where no record names the parent, WMI ran it."""


def _listed(names: Iterable[str]) -> str:
    listed = ", ".join(f"'{name}'" for name in sorted(names))
    return f"({listed})"


_HELPERS: Final = _listed({"wmiprvse.exe", "werfault.exe", "unsecapp.exe", "wmiadap.exe", "mofcomp.exe", "conhost.exe"})
"""What WMI starts on its own, and what stands beside any console program."""
SERVERS: Final = _listed(DCOM_SERVERS)


def _for_a_client(line: str) -> str:
    said = " OR ".join(f"contains({line}, '{word}')" for word in FOR_A_CLIENT)
    return f"coalesce({said}, FALSE)"


_PROVIDER: Final = f"""CASE
    WHEN parent = 'wmiprvse.exe' AND program NOT IN {_HELPERS} THEN 'wmi'
    WHEN program = 'wsmprovhost.exe' THEN 'winrm'
    WHEN parent IN ('wsmprovhost.exe', 'winrshost.exe') AND program <> 'conhost.exe' THEN 'winrm'
    WHEN parent IN {SERVERS} AND program <> 'conhost.exe' AND {_for_a_client("parent_line")} THEN 'dcom'
    WHEN program IN {SERVERS} AND {_for_a_client("line")} THEN 'dcom'
    WHEN parent IS NULL AND program = 'cmd.exe' AND regexp_matches(line, '{_OUTPUT}') THEN 'wmi' END"""
_STARTERS: Final = f"""CASE parent WHEN 'services.exe' THEN 'service' WHEN 'taskeng.exe' THEN 'task' WHEN 'taskhostw.exe' THEN 'task'
    WHEN '{SCHEDULER[0]}' THEN CASE WHEN parent_line IS NULL OR contains(parent_line, '{SCHEDULER[1]}') THEN 'task' END END"""
MINUTE: Final = "epoch_us(time) // 60_000_000"
"""SQL: equal minutes make a join on times one on equality."""

# Base names cost a string each; with them at hand the rest is looked at only where one of a handful stands.
_PROVIDED: Final = f"""
    WITH named AS (
        SELECT id, host, image, time, earliest, latest, {base_name_of("image")} AS program, {base_name_of("parent_image")} AS parent,
            lower(command_line) AS line, lower(parent_command_line) AS parent_line
        FROM ProcessStart WHERE host IS NOT NULL),
    due AS (SELECT *, unnest([{MINUTE} - 1, {MINUTE}, {MINUTE} + 1]) AS minute FROM registrations WHERE mechanism <> 'subscription'),
    started AS (
        SELECT n.id, n.host, n.image, n.time, r.mechanism, r.id AS registration
        FROM (SELECT *, {_STARTERS} AS starter, {MINUTE} AS minute FROM named) n
        JOIN due r ON r.host = n.host AND r.minute = n.minute
            AND n.latest >= r.earliest - INTERVAL {_EARLY} SECOND AND n.earliest <= r.latest + INTERVAL {SOON} SECOND
            AND (n.starter = r.mechanism OR coalesce(n.parent, '') = '')
            AND (contains(lower(r.path), n.program) OR (n.program = 'cmd.exe' AND contains(lower(r.path), '%comspec%'))))
    SELECT id, host, image, time, mechanism, NULL AS registration
    FROM (SELECT *, {_PROVIDER} AS mechanism FROM named) WHERE mechanism IS NOT NULL
    UNION ALL SELECT id, host, image, time, mechanism, registration FROM started
    UNION ALL SELECT n.id, n.host, n.image, n.time, 'dcom', NULL
    FROM named n JOIN shell_calls c ON c.host = n.host AND c.latest >= n.time - INTERVAL {BEFORE} SECOND
        AND c.earliest <= n.time + INTERVAL {AFTER} SECOND
    WHERE n.parent = 'explorer.exe'
    UNION ALL SELECT id, host, image, time, 'service', NULL FROM manager_starts
    -- Whenever its event comes, and not soon: told by the whole command, or by the program that a script names.
    UNION ALL SELECT n.id, n.host, n.image, n.time, 'subscription', r.id
    FROM named n JOIN registrations r ON r.host = n.host AND r.mechanism = 'subscription' AND n.latest >= r.earliest
        AND CASE n.parent WHEN 'wmiprvse.exe' THEN contains(replace(n.line, '"', ''), replace(lower(r.path), '"', ''))
            WHEN 'scrcons.exe' THEN contains(lower(r.path), regexp_replace(n.program, '\\.exe$', '')) END
"""
# Who opens the service manager and has a shell of SYSTEM at once, of which no record names the parent, had it start that. Its
# children are its own.
_MANAGER_STARTS: Final = f"""
    WITH shells AS (
        SELECT p.id, p.host, p.image, p.time, p.pid, p.parent_pid FROM ProcessStart p JOIN manager_calls c ON c.host = p.host
            AND c.latest >= p.time - INTERVAL {_AT_ONCE} SECOND AND c.earliest <= p.time + INTERVAL 1 SECOND
        WHERE p.parent_image IS NULL AND p.session = '0x3e7' AND {base_name_of("p.image")} IN ('cmd.exe', 'powershell.exe'))
    SELECT DISTINCT id, host, image, time FROM shells s
    WHERE NOT EXISTS (SELECT 1 FROM shells o WHERE o.host = s.host AND o.pid = s.parent_pid)
"""
# The desktop's shell starts what its user clicks. Nobody connects to it but who has it start something: ShellWindows.
_SHELL_CALLS: Final = f"""
    SELECT id, host, earliest, latest FROM Connection
    WHERE vantage = 'own' AND initiated = FALSE AND {base_name_of("image")} = 'explorer.exe'
"""
_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("id", "host", "image"), TEXT),
    "time": TIME,
    "mechanism": TEXT,
    "registration": TEXT,
}

TABLES: Final = (
    Table(
        "shell_calls",
        "connections that the desktop's shell accepted",
        {"id": TEXT, "host": TEXT, "earliest": TIME, "latest": TIME},
        ("Connection",),
        _SHELL_CALLS,
        empty_without=("Connection",),
    ),
    Table(
        "manager_calls",
        "clients that opened the service manager over the network",
        {"id": TEXT, "host": TEXT, "earliest": TIME, "latest": TIME},
        ("PipeOpen",),
        "SELECT id, host, earliest, latest FROM PipeOpen WHERE pipe IN ('svcctl', 'ntsvcs') AND source_address IS NOT NULL",
        empty_without=("PipeOpen",),
    ),
    Table(
        "manager_starts",
        "shells of SYSTEM that a client of the service manager had at once",
        {"id": TEXT, "host": TEXT, "image": TEXT, "time": TIME},
        ("ProcessStart", "manager_calls"),
        _MANAGER_STARTS,
        empty_without=("manager_calls",),
    ),
    Table(
        "provided",
        "records of starts that WMI, WinRM, DCOM, the service manager or the task scheduler made for somebody",
        _COLUMNS,
        ("ProcessStart", "registrations", "shell_calls", "manager_starts"),
        _PROVIDED,
        empty_without=("ProcessStart",),
    ),
)
