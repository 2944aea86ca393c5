"""Where the events of a case say what indicators ask for, as SQL: each query gives id, time, kind of observable and value."""

from __future__ import annotations

from typing import Final

from graphcorr.logs.witnesses import logs_of
from graphcorr.model.kinds import Kind

HIVES: Final = {
    "hklm": "hkey_local_machine",
    "hkcu": "hkey_current_user",
    "hkcr": "hkey_classes_root",
    "hku": "hkey_users",
    "hkcc": "hkey_current_config",
}

_ADDRESS: Final = "SELECT id, time, 'address' AS observable, {0} AS value FROM events WHERE {0} IS NOT NULL"
_ENDPOINT: Final = """
    SELECT id, time, 'endpoint', CASE WHEN contains({0}_address, ':') THEN '[' || {0}_address || ']' ELSE {0}_address END || ':' || {0}_port
    FROM events WHERE {0}_address IS NOT NULL AND {0}_port IS NOT NULL
"""
_PORT: Final = "SELECT id, time, '{0}_port', CAST({0}_port AS VARCHAR) FROM events WHERE {0}_port IS NOT NULL"
_BASE_NAME: Final = (
    "SELECT id, time, 'file_name', lower(regexp_extract({0}, '[^\\\\/:]*$')) FROM events WHERE {0} IS NOT NULL AND NOT ends_with({0}, '\\')"
)
_SHARE_FOLDER: Final = r"""
    (CASE WHEN share_path IS NOT NULL THEN rtrim(regexp_replace(share_path, '^\\[?][?]\\', ''), '\')
        WHEN regexp_matches(share, '(?i)\\[a-z]\$$') THEN regexp_extract(share, '([A-Za-z])\$$', 1) || ':'
        WHEN regexp_matches(share, '(?i)\\admin\$$') THEN 'c:\windows' END || '\' || ltrim(relative_path, '\'))
"""
"""The whole path of what was opened in a share, where its folder is stated or usual."""


def _keyed(path: str) -> str:
    r"""A path in the spelling of keys: drive shares as drives, ``\SystemRoot`` and its variables as the usual folder."""
    key = rf"lower(replace({path}, '/', '\'))"
    for prefix, instead in (
        (r"^(?:\\[?][?]|\\\\[?.])\\", ""),
        (r"^\\\\[^\\]+\\([a-z])\$(\\|$)", r"\1:\2"),
        (r"^(?:\\\\[^\\]+\\admin\$|\\systemroot|%systemroot%|%windir%)(\\|$)", r"c:\\windows\1"),
    ):
        key = f"regexp_replace({key}, '{prefix}', '{instead}')"
    return key


_WHOLE_PATHS: Final = " UNION ALL ".join(
    f"SELECT id, time, {_keyed(path)} AS one FROM events WHERE {path} IS NOT NULL"
    for path in ("path", "previous_path", "image", _SHARE_FOLDER)
)
_PATH: Final = f"SELECT id, time, 'path', one FROM ({_WHOLE_PATHS})"
_FOLDER: Final = rf"SELECT id, time, 'folder', regexp_extract(one, '^(.*)\\[^\\]*$', 1) FROM ({_WHOLE_PATHS})"
_PATH_END: Final = rf"""
    SELECT id, time, 'path_end', unnest(list_transform(range(2, len(parts)), lambda first: array_to_string(parts[first:], '\')))
    FROM (SELECT id, time, string_split(one, '\') AS parts FROM ({_WHOLE_PATHS}))
"""
"""Every end of a path that has a folder in it; a bare name is told by itself."""
_ACCOUNT: Final = r"SELECT id, time, 'account', lower(unnest([{0}, {0}_domain || '\' || {0}])) FROM events WHERE {0} IS NOT NULL"
_SERVICE: Final = (
    f"SELECT id, time, 'service', lower(service) FROM events WHERE log IN {logs_of(Kind.SERVICE_INSTALL)} AND service IS NOT NULL"
)
_HASH: Final = """
    SELECT id, time, lower(split_part(one, '=', 1)), lower(split_part(one, '=', 2))
    FROM (SELECT id, time, unnest(string_split(hashes, ',')) AS one FROM events WHERE hashes IS NOT NULL)
"""
_DOMAIN: Final = "SELECT id, time, 'domain', rtrim(lower({0}), '.') FROM events WHERE {0} IS NOT NULL"
_ANSWERS: Final = """
    SELECT id, time, CASE WHEN regexp_matches(one, '^[0-9a-fA-F:.]*$') AND regexp_matches(one, '[0-9:]') THEN 'address' ELSE 'domain' END,
        rtrim(lower(one), '.')
    FROM (SELECT id, time, unnest(answers) AS one FROM events WHERE answers IS NOT NULL)
"""
_COMMAND: Final = "SELECT id, time, 'command_line', lower(trim(command_line)) FROM events WHERE command_line IS NOT NULL"

_TEXTS: Final = ("command_line", "parent_command_line", f"CASE WHEN log IN {logs_of(Kind.SERVICE_INSTALL)} THEN path END")
"""Where events carry URLs and registry keys: command lines, and what a service runs."""

_URL_IN_TEXT: Final = r"""
    SELECT id, time, unnest(regexp_extract_all({0}, '(?i)https?://[^\s"''<>|^)]+')) AS one FROM events WHERE contains({0}, '://')
"""
_URL_OF_ORIGIN: Final = rf"""
    SELECT id, time, unnest(regexp_extract_all(replace(replace(CAST(raw AS VARCHAR), '\x5C/', '/'), '&amp;', '&'),
        '(?:HostUrl|ReferrerUrl)=(https?://[^\s"''<>|^)\\]+)', 1)) AS one
    FROM events WHERE log IN {logs_of(Kind.STREAM)} AND contains(CAST(raw AS VARCHAR), 'Url=http')
"""
"""Where a downloaded file is from: the text of its Zone.Identifier, which no column has. A blob as text escapes what is not ASCII."""
_URLS: Final = " UNION ALL ".join([*(_URL_IN_TEXT.format(text) for text in _TEXTS), _URL_OF_ORIGIN])
_URL: Final = rf"""
    SELECT id, time, 'url', regexp_replace(regexp_replace(rtrim(lower(one), '/.,;'),
        '^(http://[^/:?#]+):80(/|[?#]|$)', '\1\2'), '^(https://[^/:?#]+):443(/|[?#]|$)', '\1\2')
    FROM ({_URLS})
"""
"""As :func:`graphcorr.intel.comparisons.normalize_url` spells it."""
_URL_HOST: Final = rf"""
    SELECT id, time, CASE WHEN regexp_matches(host, '^[0-9.]+$|:') THEN 'address' ELSE 'domain' END, host
    FROM (
        SELECT id, time, trim(regexp_extract(lower(one), '^https?://(?:[^/@]*@)?(\[[0-9a-f:.]+\]|[^/:?#]+)', 1), '[].') AS host
        FROM ({_URLS}))
"""

_HIVE: Final = r"(?:HKLM|HKCU|HKCR|HKCC|HKU|HKEY_[A-Z_]+):?\\"
_KEY_IN_TEXT: Final = rf"""
    SELECT id, time, unnest(list_concat(
        regexp_extract_all({{0}}, '(?i)["'']([^"'']*?::)?({_HIVE}[^"'']+)', 2),
        regexp_extract_all({{0}}, '(?i)(?:^|[^"'':\w])({_HIVE}[^"''\s]+)', 1),
        regexp_extract_all({{0}}, '(?i)[\s=]\w+::({_HIVE}[^"''\s]+)', 1))) AS one
    FROM events WHERE contains(upper({{0}}), 'HK')
"""
r"""A key with blanks in it stands in quotes; one without quotes ends at a blank. PowerShell writes ``HKLM:\`` and ``Registry::``."""
_KEYS: Final = " UNION ALL ".join(_KEY_IN_TEXT.format(text) for text in _TEXTS)


def _spelled_out(key: str) -> str:
    """The key with the whole name of its hive."""
    for short, whole in HIVES.items():
        key = rf"regexp_replace({key}, '^{short}\b', '{whole}')"
    return key


_KEY: Final = rf"""
    SELECT id, time, 'registry_key', {_spelled_out("key")}
    FROM (SELECT id, time, rtrim(regexp_replace(lower(one), '^(\w+):', '\1'), '\,;)') AS key FROM ({_KEYS}))
"""

ADDRESSES: Final = (_ADDRESS.format("source_address"), _ADDRESS.format("target_address"), _ANSWERS, _URL_HOST)
IN_RANGES: Final = f"""
    SELECT o.id, o.time, 'address_range', r.value FROM ({" UNION ALL ".join(ADDRESSES)}) o JOIN address_ranges r ON r.address = o.value
    WHERE o.observable = 'address'
"""
"""With the table ``address_ranges`` (address, value): which of the addresses of the events lie in which range that is asked for."""

OBSERVED: Final = {
    "address": ADDRESSES,
    "address_range": (IN_RANGES,),
    "endpoint": (_ENDPOINT.format("source"), _ENDPOINT.format("target")),
    "source_port": (_PORT.format("source"),),
    "target_port": (_PORT.format("target"),),
    "domain": (_DOMAIN.format("query"), _DOMAIN.format("target_host"), _ANSWERS, _URL_HOST),
    "url": (_URL,),
    "md5": (_HASH,),
    "sha1": (_HASH,),
    "sha256": (_HASH,),
    "imphash": (_HASH,),
    "file_name": tuple(_BASE_NAME.format(column) for column in ("path", "relative_path", "previous_path", "image")),
    "path": (_PATH,),
    "path_end": (_PATH_END,),
    "folder": (_FOLDER,),
    "registry_key": (_KEY,),
    "command_line": (_COMMAND,),
    "account": (_ACCOUNT.format("user"), _ACCOUNT.format("target_user")),
    "service": (_SERVICE,),
}
"""Queries by kind of observable; equal ones are run once."""
