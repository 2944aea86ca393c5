"""The kinds of things that happen: what a log type testifies to, a pattern needs and coverage counts."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a log type lets one see: the event kinds that a pattern may ``need`` and that coverage counts."""

    WRITE = "Write"
    """Bytes were put into a file over the network."""
    FILE_CREATE = "FileCreate"
    """A file was made or overwritten by a program of the machine itself: no network write."""
    STREAM = "Stream"
    """A named stream was hung on a file; its record has the hash of the file."""
    PROCESS_START = "ProcessStart"
    PROCESS_END = "ProcessEnd"
    MODULE_LOAD = "ModuleLoad"
    SCRIPT = "Script"
    """PowerShell ran text, or an engine of it was started."""
    LOGON = "Logon"
    SERVICE_INSTALL = "ServiceInstall"
    SHARE_ACCESS = "ShareAccess"
    SHARE_CHANGE = "ShareChange"
    """A share was made or changed on the machine: nobody has opened it thereby."""
    PIPE_OPEN = "PipeOpen"
    ATTEMPT = "Attempt"
    """Access was asked for and refused: it is no write, no source, and no proof that what is granted is logged."""
    CONNECTION = "Connection"
    REMOVAL = "Removal"
    BLOCK = "Block"
    """A guard of the machine stopped the writing or the wiping of a file."""
    TRANSFER = "Transfer"
    """Content that a monitor saw on the wire."""
    CALL = "Call"
    """A remote procedure was called."""
    NAME = "Name"
    """A statement that binds a name to an address (DHCP, DNS, NTLM, Kerberos)."""
    LOG_CLEARED = "LogCleared"
    AUDIT_CHANGED = "AuditChanged"
