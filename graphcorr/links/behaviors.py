"""What records show of what somebody is after: discovery, archives, deletion, tools that were fetched … each put together by who did
it where, in which way and with which file. Most of it is daily work; on a path of an intruder it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import INTEGER, TEXT, TIME, Mapped, Table
from graphcorr.links.names import base_name_of, folded
from graphcorr.model.kinds import Kind
from graphcorr.syntax.behavior_rules import ARCHIVED, KEPT_TIME, OUTLOOK, PARAMETER, SCRIPT_MARKS, TIMES
from graphcorr.syntax.behaviors import PROGRAMS, shown_by, shown_by_script
from graphcorr.syntax.paths import has_drive, path_key
from graphcorr.syntax.programs import RUNNABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMES: Final = ", ".join(f"'{name}', '{name}.exe'" for name in sorted(PROGRAMS))
_SHELLS: Final = "'cmd.exe', 'powershell.exe', 'pwsh.exe', 'cmd', 'powershell', 'pwsh'"
_IN_SHELL: Final = (
    r"\b(ver|del|erase|rd|rmdir|dir|copy|type|gp|gci|gc|ls|cp|cpi|iwr|irm|wget|curl)\b|[-/]e|get-|win32_|osversion|archive|zipfile|time"
    r"|download|upload|invoke-|bitstransfer|gopher|select-string|copy-item"
)
"""What a line of a shell has at least that shows anything: the rest need not become rows of Python."""
_PROGRAM: Final = base_name_of("image")
_ORIGINAL: Final = "lower(original_file_name)"
_STARTS: Final = f"""
    SELECT id, host, image, time, command_line, original_file_name, current_directory, pid,
        nullif(concat_ws('\\', account_domain, account), '') AS account
    FROM ProcessStart WHERE host IS NOT NULL AND ({_PROGRAM} IN ({_NAMES}) OR {_ORIGINAL} IN ({_NAMES}))
        AND ({_PROGRAM} NOT IN ({_SHELLS}) OR regexp_matches(lower(command_line), '{_IN_SHELL}'))
"""
_SCRIPTS: Final = f"""
    SELECT id, host, time, coalesce(text, command_line) AS text, pid, script_block,
        nullif(concat_ws('\\', account_domain, account), '') AS account
    FROM Script WHERE host IS NOT NULL AND regexp_matches(lower(coalesce(text, command_line)), '{SCRIPT_MARKS.replace("'", "''")}')
"""
_WHAT: Final = dict.fromkeys(("technique", "way", "object"), TEXT)
_RECORD: Final[Mapping[str, str]] = {**dict.fromkeys(("id", "host", "account"), TEXT), "time": TIME, "pid": INTEGER, **_WHAT}


def _of_start(row: Mapping[str, Any], identity: object) -> Iterator[dict[str, object]]:  # noqa: ARG001 - the record's own machine
    told = {name: row[name] for name in ("id", "host", "account", "time", "image", "pid")}
    for one in shown_by(row["image"], row["command_line"], row["original_file_name"]):
        yield told | {"technique": one.technique, "way": one.way, "object": _below(row["current_directory"], one.object)}


def _of_script(row: Mapping[str, Any], identity: object) -> Iterator[dict[str, object]]:  # noqa: ARG001 - the record's own machine
    told = {name: row[name] for name in ("id", "host", "account", "time", "pid", "script_block")}
    for one in shown_by_script(row["text"]):
        yield told | {"technique": one.technique, "way": one.way, "object": _below(None, one.object)}


def _below(directory: str | None, path: str | None) -> str | None:
    """The folded path of a file that a command names, below the folder that it ran in where it says no other."""
    if path is None:
        return None
    spelled = path if directory is None or has_drive(path) or path.startswith(("\\", "/")) else f"{directory.rstrip(chr(92))}\\{path}"
    return path_key(spelled) or path.lower()


_ARCHIVES: Final = r"\.(zip|7z|rar|cab|tar|tgz|gz|bz2|xz|arj|ace|lzh|zst)$"
_WRITERS: Final = ", ".join(
    f"'{name}.exe'"
    for name in (
        *("7z", "7za", "7zr", "7zg", "7zfm", "rar", "winrar", "makecab", "tar", "zip", "cmd", "powershell", "pwsh", "cscript"),
        *("wscript", "mshta", "rundll32", "python", "pythonw", "wsmprovhost", "wmiprvse"),
    )
)
"""Archivers, and what runs other people's commands: browsers, installers and Windows itself write archives all day."""
_MADE: Final = f"""
    SELECT id, 'FileCreate' AS kind, host, nullif(concat_ws('\\', account_domain, account), '') AS account, time,
        CASE WHEN {_PROGRAM} IN ('powershell.exe', 'pwsh.exe', 'python.exe', 'pythonw.exe', 'cscript.exe', 'wscript.exe', 'wsmprovhost.exe',
            'mshta.exe') THEN 'T1560.002' ELSE 'T1560.001' END AS technique, '{ARCHIVED}' AS way, {folded("path")} AS object
    FROM FileCreate WHERE host IS NOT NULL AND {_PROGRAM} IN ({_WRITERS}) AND regexp_matches(lower(path), '{_ARCHIVES}')
"""

_RUNNABLE: Final = r"\.(" + "|".join(sorted(one.lstrip(".") for one in RUNNABLE)) + ")$"
_SETTERS: Final = r"\\(program files( \(x86\))?|windows\\(system32|syswow64|winsxs|servicing|installer|softwaredistribution))\\"
_BACK: Final = "INTERVAL 1 DAY"
"""How much older a file is made than it was: extracting and copying keep times of the last minutes as well."""
# Installers and archivers give what they unpack the times that it had; that is the program of an installation, or one in Windows.
_TIMES: Final = f"""
    SELECT id, 'FileTime', host, nullif(concat_ws('\\', account_domain, account), ''), time, 'T1070.006', '{TIMES}', {folded("path")}
    FROM FileTime WHERE host IS NOT NULL AND file_created < previous_created - {_BACK} AND regexp_matches(lower(path), '{_RUNNABLE}')
        AND (image IS NULL OR NOT regexp_matches(lower(image), '{_SETTERS}')
            OR {_PROGRAM} IN ('cmd.exe', 'powershell.exe', 'rundll32.exe', 'regsvr32.exe', 'mshta.exe', 'wscript.exe', 'cscript.exe'))
"""
_OLDEST: Final = "TIMESTAMP '1993-07-27'"
"""The first Windows with programs of this format; Delphi's linker wrote 1992-06-19 into all of them for years."""
_DELPHI: Final = "TIMESTAMP '1992-06-19 22:22:17'"
_COMPILED: Final = f"""
    SELECT x.id, 'Executable', coalesce(t.host, x.host), NULL, x.time, 'T1070.006', '{KEPT_TIME}', NULL
    FROM Executable x LEFT JOIN (SELECT fuid, any_value(host) AS host FROM Transfer WHERE fuid IS NOT NULL GROUP BY fuid) t USING (fuid)
    WHERE coalesce(t.host, x.host) IS NOT NULL AND compiled IS NOT NULL AND epoch(compiled) > 0
        AND (compiled > x.time + {_BACK} OR (compiled < {_OLDEST} AND compiled <> {_DELPHI}))
"""

_HOME_PAGE: Final = r"\\outlook\\webview\\[^\\]+\\url$"
_PAGES: Final = f"""
    SELECT id, 'RegistrySet', host, nullif(concat_ws('\\', account_domain, account), ''), time, 'T1137.004', '{OUTLOOK}',
        lower(target_object)
    FROM RegistrySet WHERE host IS NOT NULL AND regexp_matches(lower(target_object), '{_HOME_PAGE}')
        AND coalesce(details, '') <> ''
"""
_DIGITS: Final = 130
"""Hexadecimal digits of a parameter that are more than any digest or key has that people put into addresses: SHA-512 has 128."""
_PARAMETERS: Final = f"""
    SELECT id, 'HttpRequest', coalesce(o.host, source_address), NULL, h.time, 'T1132.001', '{PARAMETER}', NULL
    FROM HttpRequest h LEFT JOIN owners o ON o.address = h.source_address AND h.time >= o.since AND h.time < o.until
    WHERE h.source_address IS NOT NULL AND regexp_matches(uri, '[?&][^=&]*=([0-9A-Fa-f]{{2}}){{{_DIGITS // 2},}}(&|$)')
"""

_RECORDS: Final = f"""
    WITH made AS ({_MADE}),
    -- The file that a command packs is that command's.
    commands AS (
        SELECT host, object, first(account ORDER BY time, id) AS account, first(technique ORDER BY time, id) AS technique,
            first(way ORDER BY time, id) AS way
        FROM shown_commands WHERE technique = 'T1560.001' AND object IS NOT NULL GROUP BY host, object),
    packed AS (
        SELECT m.id, m.kind, m.host, CASE WHEN c.host IS NULL THEN m.account ELSE c.account END AS account, m.time,
            coalesce(c.technique, m.technique) AS technique, coalesce(c.way, m.way) AS way, m.object
        FROM made m LEFT JOIN commands c ON c.host = m.host AND c.object = m.object)
    SELECT coalesce(s.main, c.id) AS id, 'ProcessStart' AS kind, c.host, lower(c.account) AS account, c.time, technique, way, object,
        c.pid, NULL AS block
    FROM shown_commands c LEFT JOIN same_process s ON s.other = c.id
    -- Two records of one start may name two accounts: whose it is says the one that stands for both.
    WHERE s.main IS NULL OR s.main NOT IN (SELECT id FROM shown_commands)
    UNION ALL SELECT id, 'Script', host, lower(account), time, technique, way, object, pid, script_block FROM shown_scripts
    UNION ALL SELECT id, kind, host, lower(account), time, technique, way, object, NULL, NULL FROM (
        SELECT * FROM packed UNION ALL {_TIMES} UNION ALL {_COMPILED} UNION ALL {_PAGES} UNION ALL {_PARAMETERS})
"""
_KEPT: Final = "('T1560.001', 'T1560.002', 'T1105', 'T1048', 'T1048.002', 'T1567.002', 'T1137.004')"
"""Techniques of which each file, or value, is a thing of its own: what else is seen of it later is about it."""
_EARLY: Final = "INTERVAL 2 SECOND"
"""Between the clocks and the whole seconds of two logs of one machine."""
_COMPILED_WITHIN: Final = "INTERVAL 10 SECOND"
"""What a command line hands to PowerShell is compiled so soon after its start, where no process ids tell that it is the same."""
_LIVES: Final = "INTERVAL 1 HOUR"
_TEN: Final = "epoch_us({0}.time) // 10_000_000"
# What a command line shows, PowerShell tells once more of the same process, after every decoding and in as many parts as it needs.
_NUMBERED: Final = f"""
    WITH records AS ({_RECORDS}),
    scripts AS (SELECT * FROM records WHERE kind = 'Script'),
    commands AS (SELECT * FROM records WHERE kind = 'ProcessStart'),
    due AS (SELECT *, unnest([{_TEN.format("c")}, {_TEN.format("c")} + 1, {_TEN.format("c")} - 1]) AS ten FROM commands c),
    same AS (
        SELECT s.id, s.technique, s.way, s.time, c.id AS start, c.time AS since FROM scripts s JOIN commands c
            ON c.host = s.host AND c.technique = s.technique AND c.way = s.way AND c.pid = s.pid
            AND s.time >= c.time - {_EARLY} AND s.time <= c.time + {_LIVES}
        UNION ALL SELECT s.id, s.technique, s.way, s.time, c.id, c.time FROM scripts s JOIN due c
            ON c.host = s.host AND c.technique = s.technique AND c.way = s.way AND c.ten = {_TEN.format("s")}
            AND s.time >= c.time - {_EARLY} AND s.time <= c.time + {_COMPILED_WITHIN}
        WHERE (s.pid IS NULL OR c.pid IS NULL) AND coalesce(s.account = c.account, TRUE)),
    started AS (
        SELECT id, technique, way, min_by(start, (abs(epoch_us(time) - epoch_us(since)), start)) AS start FROM same GROUP BY ALL)
    SELECT DISTINCT md5(concat_ws('|', host, account, technique, way, CASE WHEN technique IN {_KEPT} THEN coalesce(object, '') END))
        AS behavior, id, kind, host, account, time, technique, way, CASE WHEN technique IN {_KEPT} THEN object END AS object,
        coalesce(s.start, block, id) AS act
    FROM records r LEFT JOIN started s USING (id, technique, way)
"""
_BEHAVIORS: Final = """
    SELECT behavior AS id, host, account, technique, way, object, count(DISTINCT act) AS count, min(time) AS first, max(time) AS last
    FROM behavior_records GROUP BY ALL
"""
_SOURCES: Final = ("shown_commands", "shown_scripts", "same_process", "FileCreate", "FileTime", "Executable", "Transfer", "RegistrySet")

TABLES: Final = (
    Table(
        "shown_commands",
        "starts whose command line shows what somebody is after",
        {**_RECORD, "image": TEXT},
        ("ProcessStart",),
        Mapped(_STARTS, _of_start),
        empty_without=("ProcessStart",),
    ),
    Table(
        "shown_scripts",
        "scripts whose text shows what somebody is after",
        {**_RECORD, "script_block": TEXT},
        ("Script",),
        Mapped(_SCRIPTS, _of_script),
        empty_without=("Script",),
    ),
    Table(
        "behavior_records",
        "records that show what somebody is after, with the behavior that each is of",
        # Records of one act are one execution that several logs tell of.
        {**dict.fromkeys(("behavior", "id", "kind", "host", "account"), TEXT), "time": TIME, **_WHAT, "act": TEXT},
        (*_SOURCES, "HttpRequest", "owners"),
        _NUMBERED,
    ),
    Table(
        "behaviors",
        "what one account did on one machine in one way",
        {**dict.fromkeys(("id", "host", "account", "technique", "way", "object"), TEXT), "count": INTEGER, "first": TIME, "last": TIME},
        ("behavior_records",),
        _BEHAVIORS,
        empty_without=("behavior_records",),
    ),
)
RESTS_ON: Final = {
    kind: ("behavior_records", f"SELECT id FROM behavior_records WHERE kind = '{kind}'")
    for kind in (Kind.SCRIPT, Kind.FILE_CREATE, Kind.FILE_TIME, Kind.EXECUTABLE, Kind.REGISTRY_SET, Kind.HTTP_REQUEST)
}
