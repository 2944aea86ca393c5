"""The kinds of things that happen: what a log type testifies to, a pattern needs and coverage counts."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a log type lets one see: the event kinds that a pattern may ``need`` and that coverage counts."""

    WRITE = "Write"
    PROCESS_START = "ProcessStart"
    PROCESS_END = "ProcessEnd"
    MODULE_LOAD = "ModuleLoad"
    LOGON = "Logon"
    SERVICE_INSTALL = "ServiceInstall"
    SHARE_ACCESS = "ShareAccess"
    PIPE_OPEN = "PipeOpen"
    CONNECTION = "Connection"
    REMOVAL = "Removal"
    TRANSFER = "Transfer"
    CALL = "Call"
    NAME = "Name"
    """A statement that binds a name to an address (DHCP, DNS, NTLM, Kerberos)."""
    LOG_CLEARED = "LogCleared"
    AUDIT_CHANGED = "AuditChanged"
