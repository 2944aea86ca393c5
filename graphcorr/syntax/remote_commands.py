r"""Command lines that name another machine to do something there: ``wmic /node:WS2``, ``schtasks /s WS2``, ``psexec \\WS2``."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from graphcorr.syntax.paths import base_name, path_key

_NAME: Final = r"[^\s\"',;:\\/@()$%|<>]+"
_UNC: Final = rf"(?:^|[\s\"'=,])\\\\(?P<unc>{_NAME})"


def _option(*names: str) -> str:
    return rf"(?:^|\s)(?:{'|'.join(names)})\s*[:=\s]\s*[\"']?(?:\\\\)?(?P<option>{_NAME})"


_OF_PROGRAM: Final[dict[str, tuple[str, str]]] = {
    "wmic": ("wmi", _option(r"/node")),
    "schtasks": ("task", _option(r"[/-]s")),
    "at": ("task", _UNC),
    "sc": ("service", _UNC),
    "psexec": ("service", _UNC),
    "psexec64": ("service", _UNC),
    "paexec": ("service", _UNC),
    "winrs": ("winrm", _option(r"[/-]r(?:emote)?")),
    "net": ("share", _UNC),
    "net1": ("share", _UNC),
    "mstsc": ("rdp", _option(r"/v")),
    "shutdown": ("call", _option(r"[/-]m")),
    "tasklist": ("call", _option(r"/s")),
    "taskkill": ("call", _option(r"/s")),
    "reg": ("call", _UNC),
    "wevtutil": ("call", _option(r"[/-]r(?:emote)?")),
    "qwinsta": ("call", _option(r"/server")),
    "query": ("call", _option(r"/server")),
    "robocopy": ("share", _UNC),
    "xcopy": ("share", _UNC),
}
"""Base name of the program, without ``.exe`` → what it does there, and where its command line names the machine."""
_SHELLS: Final = frozenset({"powershell", "pwsh"})
_REMOTE_VERBS: Final = r"invoke-command|enter-pssession|new-pssession|icm|etsn|nsn"
_NAMED_IN_SHELL: Final = (
    ("winrm", re.compile(rf"(?:{_REMOTE_VERBS})\b[^|;]*?{_option('-c(?:omputername|n)?')}", re.IGNORECASE)),
    ("winrm", re.compile(rf"(?:enter-pssession|etsn)\s+[\"']?(?P<option>(?!-){_NAME})", re.IGNORECASE)),
    (
        "wmi",
        re.compile(
            rf"(?:invoke-wmimethod|get-wmiobject|gwmi|iwmi|new-cimsession|invoke-cimmethod)\b[^|;]*?{_option('-c(?:omputername|n)?')}",
            re.IGNORECASE,
        ),
    ),
)
PROGRAMS: Final = frozenset(_OF_PROGRAM) | _SHELLS
"""Programs whose command lines may name another machine."""
_COMPILED: Final = {name: (way, re.compile(pattern, re.IGNORECASE)) for name, (way, pattern) in _OF_PROGRAM.items()}
_NOBODY: Final = frozenset({".", "?", "*"})


class Named(NamedTuple):
    """Another machine as a command line spells it, and what was to be done there."""

    way: str
    """service, task, wmi, winrm, rdp, share or call."""
    machine: str


def named_machine(image: str | None, command_line: str | None) -> Named | None:
    """The first other machine that a program's command line names; None for none.

    Blind spot: lists of machines, and those that a variable or a file names.
    """
    if not command_line:
        return None
    program = base_name(path_key(image or "") or (image or "").lower()).removesuffix(".exe")
    patterns = _NAMED_IN_SHELL if program in _SHELLS else [_COMPILED[program]] if program in _COMPILED else []
    for way, pattern in patterns:
        if found := pattern.search(command_line):
            machine = next((text for text in found.groupdict().values() if text), "")
            if machine and machine not in _NOBODY:
                return Named(way, machine)
    return None
