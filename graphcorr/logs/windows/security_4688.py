"""Security 4688: a process was created.

Source: Microsoft, Windows security auditing, event 4688(S) "A new process has been created".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.groups import SUBJECT, TARGET
from graphcorr.logs.readers import command, integer, names, program
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-4688",
    title="A new process has been created",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4688),
    testifies=(
        Testimony(
            Kind.PROCESS_START,
            columns={
                # The target is the new process's own account and session, and empty where they are its creator's.
                "account": "coalesce(target_user, user)",
                "account_domain": "CASE WHEN target_user IS NULL THEN user_domain ELSE target_user_domain END",
                "session": "coalesce(target_logon_id, logon_id)",
            },
            # In whole milliseconds at best, and without the working directory.
            prefer=1,
        ),
    ),
    essential=("image", "command_line"),
    columns={
        **SUBJECT,
        **TARGET,
        "image": program("NewProcessName"),
        # ProcessId is the creator here, and ExecutionProcessID the kernel: neither is the new process.
        "pid": integer("NewProcessId", zero=False),
        "parent_pid": integer("ProcessId", zero=False),
        "parent_image": program("ParentProcessName"),
        "command_line": command("CommandLine"),
        "names": names("CommandLine", "NewProcessName"),
    },
    says=Saying("process started: {command_line or image}[, parent {parent_image}]"),
    provides="Program, creator and account of every process; the command line where the policy logs it.",
    absent=(
        "a command line before Windows 8.1 or without the audit option",
        "the parent's path before Windows 10",
        "the working directory",
        "hashes",
    ),
)
