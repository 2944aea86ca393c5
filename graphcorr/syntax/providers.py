"""What has programs run for somebody else: the service manager, the task scheduler, WMI, WinRM and DCOM, told by program names."""

from __future__ import annotations

from typing import Final

from graphcorr.syntax.paths import base_name, path_key

PROVIDERS: Final = {
    "services.exe": "service",
    "taskeng.exe": "task",
    "taskhostw.exe": "task",
    "wmiprvse.exe": "wmi",
    "wsmprovhost.exe": "winrm",
    "winrshost.exe": "winrm",
}
"""Programs that start others for somebody else, and nothing on their own."""

DCOM_SERVERS: Final = frozenset(
    {"mmc.exe", "excel.exe", "winword.exe", "powerpnt.exe", "outlook.exe", "visio.exe", "iexplore.exe", "mshta.exe"}
)
"""Programs that do what a client asks for when they were started for one, which their command line says."""
FOR_A_CLIENT: Final = ("-embedding", "/automation")
SCHEDULER: Final = ("svchost.exe", "schedule")
"""The program that the task scheduler is a part of, and what its command line has then."""


def mechanism(parent: str | None, parent_command_line: str | None) -> str | None:
    """What started a process, by its parent; None for anything else than these, a shell or the desktop for one."""
    name, command = _name(parent), (parent_command_line or "").lower()
    if name == SCHEDULER[0] and SCHEDULER[1] in command:
        return "task"
    return PROVIDERS.get(name) or _served(name, command)


def hosting(image: str | None, command_line: str | None) -> str | None:
    """What a process that loaded a library runs for, by its own program.

    A service has its libraries for reasons of its own: that it is a service says nothing about a load.
    """
    name = _name(image)
    provider = PROVIDERS.get(name)
    return provider if provider in {"wmi", "winrm"} else _served(name, (command_line or "").lower())


def _served(name: str, command: str) -> str | None:
    return "dcom" if name in DCOM_SERVERS and any(word in command for word in FOR_A_CLIENT) else None


def _name(path: str | None) -> str:
    return base_name(path_key(path or "") or "")
