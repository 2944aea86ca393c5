r"""Windows paths to keys: one spelling for one file, whatever the log calls it.

A key is folded, absolute and has single backslashes: ``c:\windows\psexesvc.exe``, ``\\server\share\x``,
``\device\harddiskvolume3\windows\x`` (a volume that only the host's own logs can name), ``\\?\volume{…}\x``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from graphcorr.syntax.folding import fold
from graphcorr.syntax.short_names import short_name_matches, short_names

__all__ = [
    "Expanded", "base_name", "default_share_path", "device_path", "directory", "expand", "has_drive", "is_loopback_name", "join_share",
    "path_key", "short_name_matches", "short_names", "split_stream", "unc", "wow64_twins",
]  # fmt: skip

_TRIM: Final = ' \t\r\n\v\f\0"'
_WINDOWS: Final = "C:\\Windows"
_VARIABLES: Final[dict[str, str]] = {
    "systemroot": _WINDOWS,
    "windir": _WINDOWS,
    "comspec": _WINDOWS + "\\System32\\cmd.exe",
    "systemdrive": "C:",
    "homedrive": "C:",
    "programdata": "C:\\ProgramData",
    "allusersprofile": "C:\\ProgramData",
    "public": "C:\\Users\\Public",
    "programfiles": "C:\\Program Files",
    "programw6432": "C:\\Program Files",
    "programfiles(x86)": "C:\\Program Files (x86)",
    "commonprogramfiles": "C:\\Program Files\\Common Files",
    "commonprogramw6432": "C:\\Program Files\\Common Files",
    "commonprogramfiles(x86)": "C:\\Program Files (x86)\\Common Files",
}
"""What a default installation has. ``%TEMP%``, ``%APPDATA%`` and the like depend on the account and stay unknown."""

_PLAIN: Final = re.compile(r'[A-Za-z]:(?:\\[^\\/:*?"<>|\x00-\x1f]*[^\\/:*?"<>|\x00-\x1f. ])+\Z')
_VARIABLE: Final = re.compile(r"%+([A-Za-z][\w()]*)%+|\$(?:env:([A-Za-z]\w*)|\{env:([A-Za-z][\w()]*)\})", re.IGNORECASE)
_NAMESPACE: Final = re.compile(r"(?:\\+\?\?|\\\\+[?.])\\+")
_REDIRECTOR: Final = re.compile(r"(?:\\+Device)?\\+(?:Mup|;?(?:Lanman|WebDav)Redirector)\\+(?:;[^\\]*\\+)*", re.IGNORECASE)
_SYSTEM_ROOT: Final = re.compile(r"\\+SystemRoot(?=\\|\Z)|(?=(?:System32|SysWOW64)\\)", re.IGNORECASE)
_VOLUME: Final = re.compile(r"(\\+Device\\+[^\\]+|\\\\\?\\Volume\{[^\\}]*\})(?:\\+(.*))?\Z", re.IGNORECASE | re.DOTALL)
_UNC: Final = re.compile(r"\\\\+([^\\?.;][^\\]*|\.[^\\]+)\\+([^\\]+)(?:\\+(.*))?\Z", re.DOTALL)
_DRIVE: Final = re.compile(r"([A-Za-z]):(?:\\+(.*))?\Z", re.DOTALL)
_IMPOSSIBLE: Final = re.compile(r'[*?"<>|\x00-\x1f]')
_NOT_A_DISK: Final = frozenset({"ipc$", "pipe", "mailslot"})
_NOT_A_VOLUME: Final = frozenset({"namedpipe", "mailslot", "mup", "afd", "tcp", "udp", "null"})
_LOOPBACK: Final = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|::1|(?:0{0,4}-)*-1\.ipv6-literal\.net)\Z", re.IGNORECASE)
_DRIVE_SHARE: Final = re.compile(r"([A-Za-z])\$\Z")
_WOW64: Final = re.compile(r"([a-z]:\\windows\\)(system32|syswow64|sysnative)(\\.*)\Z", re.DOTALL)
_WOW64_TWINS: Final = {"system32": ("syswow64", "sysnative"), "syswow64": ("system32",), "sysnative": ("system32",)}


class Expanded(NamedTuple):
    """An absolute path as spelled, without prefixes, variables and detours."""

    text: str
    assumed: bool
    r"""A default took the place of knowledge: ``%SystemRoot%`` or ``ADMIN$`` read as ``C:\Windows``."""


@lru_cache(maxsize=32_768)
def path_key(text: str, own_names: frozenset[str] = frozenset()) -> str | None:
    """The key of an absolute path; None for a relative one, a URL, a pipe, a wildcard, an empty text.

    ``own_names`` are lower-case names and addresses of the host itself: its drive shares are local paths. An alternate
    data stream gives the key of its file; :func:`split_stream` tells them apart. Trailing dots and spaces are dropped,
    as Win32 does, also behind ``\\\\?\\``, where NTFS could tell them apart.
    """
    if _PLAIN.match(text):  # nine of ten
        return fold(text)
    expanded = expand(text, own_names)
    return None if expanded is None else fold(expanded.text)


@lru_cache(maxsize=8_192)
def expand(text: str, own_names: frozenset[str] = frozenset()) -> Expanded | None:
    """What :func:`path_key` folds, in the spelling of the log, and whether a default was assumed on the way."""
    canonical, assumed = _strip_prefixes(text)
    if canonical is None:
        return None
    if match := _UNC.match(canonical):
        host, share, rest = match[1], match[2].rstrip(". "), match[3]
        if fold(share) in _NOT_A_DISK or not share or _IMPOSSIBLE.search(host) or _IMPOSSIBLE.search(share) or ":" in share:
            return None
        local = default_share_path(share) if _LOOPBACK.match(host) or fold(host) in own_names else None
        if local is None:
            return _rebuild(f"\\\\{host}\\{share}", rest, assumed)
        # C$ is the drive by definition, ADMIN$ and print$ are where Windows was put by default.
        return _rebuild(local.rstrip("\\"), rest, assumed or not _DRIVE_SHARE.match(share))
    if match := _DRIVE.match(canonical):
        return _rebuild(f"{match[1]}:", match[2], assumed)
    if match := _VOLUME.match(canonical):
        volume = re.sub(r"(?<=.)\\+", r"\\", match[1]) if match[1].startswith("\\\\?") else re.sub(r"\\+", r"\\", match[1])
        if fold(volume.rpartition("\\")[2]) in _NOT_A_VOLUME:
            return None
        return _rebuild(volume, match[2], assumed)
    return None


def _strip_prefixes(text: str) -> tuple[str | None, bool]:
    """The path with backslashes, without namespace prefix, leading variable and redirector; and whether that assumed anything."""
    text = text.strip(_TRIM).partition("\0")[0].rstrip(_TRIM)
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1].strip(_TRIM)
    if len(text) < 2:
        return None, False
    text = text.replace("/", "\\")
    assumed = False
    if match := _VARIABLE.match(text):
        value = _VARIABLES.get((match[1] or match[2] or match[3]).lower())
        if value is None:
            return None, False
        text, assumed = value + text[match.end() :], True
    if match := _NAMESPACE.match(text):
        rest = text[match.end() :]
        head = rest[:12].lower()
        if head.startswith("unc\\"):
            text = "\\\\" + rest[4:].lstrip("\\")
        elif head.startswith("globalroot\\"):
            text = rest[10:]
        elif head.startswith("volume{"):
            text = "\\\\?\\" + rest
        elif rest[1:2] == ":":
            text = rest
        else:
            return None, False  # a pipe, a physical drive, a serial port
    if match := _REDIRECTOR.match(text):
        text = "\\\\" + text[match.end() :]
    elif match := _SYSTEM_ROOT.match(text):
        text, assumed = f"{_WINDOWS}\\{text[match.end() :].lstrip(chr(92))}", True
    return text, assumed


def _rebuild(root: str, rest: str | None, assumed: bool) -> Expanded | None:
    """``root`` and the components of ``rest`` with ``.``, ``..``, empty names, trailing dots and the stream taken out."""
    kept: list[str] = []
    if rest:
        names = rest.split("\\")
        while names and not names[-1].strip(". "):
            if names[-1] == "..":
                break
            names.pop()
        if names:
            names[-1] = names[-1].partition(":")[0]
        for name in names:
            bare = name.rstrip(". ")
            if bare:
                if ":" in bare or _IMPOSSIBLE.search(bare):
                    return None
                kept.append(bare)
            elif name == ".." and kept:
                kept.pop()
    if not kept:
        return Expanded(root + "\\" if root[-1] == ":" else root, assumed)
    return Expanded(root + "\\" + "\\".join(kept), assumed)


def split_stream(text: str) -> tuple[str, str | None]:
    r"""``(path, stream)``: ``C:\x.txt:evil.exe`` is stream ``evil.exe`` of ``C:\x.txt``. ``::$DATA`` is the file itself: None."""
    start = max(text.rfind("\\"), text.rfind("/")) + 1
    # A colon in second place is a drive's, unless a path came before it.
    colon = text.find(":", 2 if start == 0 and text[1:2] == ":" else start)
    if colon == -1:
        return text, None
    stream = text[colon + 1 :]
    name, _, kind = stream.partition(":")
    return text[:colon], (name if kind.upper() == "$DATA" else stream) or None


def unc(text: str) -> tuple[str, str, str] | None:
    r"""``(host, share, rest)`` as spelled, of any spelling of a network path, loopback too; None for other paths."""
    canonical = _strip_prefixes(text)[0]
    match = _UNC.match(canonical) if canonical else None
    return None if match is None else (match[1], match[2], match[3] or "")


def device_path(text: str) -> tuple[str, str] | None:
    r"""``(volume, rest)`` of ``\Device\HarddiskVolume3\Windows\x``: the volume folded, the rest as spelled; None for other paths."""
    if has_drive(text):
        return None
    expanded = expand(text)
    match = _VOLUME.match(expanded.text) if expanded else None
    return None if match is None else (fold(match[1]), match[2] or "")


def is_loopback_name(host: str) -> bool:
    """Whether the host of a UNC path is the machine itself by any name that is the same everywhere."""
    return _LOOPBACK.match(host) is not None


def has_drive(text: str) -> bool:
    r"""Whether the text starts with a drive and a separator, ``C:\`` or ``C:/``."""
    return text[1:2] == ":" and text[2:3] in ("\\", "/") and text[0].isascii() and text[0].isalpha()


def base_name(key: str) -> str:
    """What stands behind the last separator; the whole text when there is none."""
    name = key.rpartition("\\")[2]
    return name.rpartition("/")[2] if "/" in name else name


def directory(key: str) -> str:
    r"""The key of the folder: ``c:\windows`` of ``c:\windows\x``, ``c:\`` of ``c:\x``; empty for a bare name."""
    head = key.rpartition("\\")[0]
    return head + "\\" if head.endswith(":") else head


def wow64_twins(key: str) -> tuple[str, ...]:
    """Other keys that may be the same file, because 32-bit processes see System32 elsewhere; empty for other folders."""
    match = _WOW64.match(key)
    return () if match is None else tuple(match[1] + twin + match[3] for twin in _WOW64_TWINS[match[2]])


def default_share_path(share: str) -> str | None:
    r"""The folder that a standard share has unless someone moved it: ``ADMIN$``, ``X$``, ``print$``; None for all others.

    Takes ``C$`` and ``\\*\C$``. Except for drive shares the result is an assumption, and has to be marked so.
    """
    name = fold(base_name(share.rstrip("\\/")))
    if match := _DRIVE_SHARE.match(name):
        return f"{match[1].upper()}:\\"
    return {"admin$": _WINDOWS, "print$": _WINDOWS + "\\System32\\spool\\drivers"}.get(name)


def join_share(share_local_path: str, relative: str) -> str:
    r"""``\??\C:\`` and ``Windows\x`` to ``C:\Windows\x``, in the spelling of the log."""
    match = _NAMESPACE.match(share_local_path)
    root = (share_local_path[match.end() :] if match else share_local_path).rstrip("\\/")
    rest = relative.strip("\\/")
    if rest:
        return f"{root}\\{rest}"
    return root + "\\" if root.endswith(":") else root
