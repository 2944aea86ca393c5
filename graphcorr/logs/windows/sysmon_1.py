"""Sysmon 1: a process started.

Source: Sysmon's schema (``sysmon -s``), event 1 ProcessCreate.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import command, folder, guid, hashes, integer, logon_id, names, program, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-1",
    title="Process creation",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 1),
    testifies=(Testimony(Kind.PROCESS_START, columns=ACTOR, prefer=0),),
    utc_field="UtcTime",
    essential=("image", "command_line"),
    columns={
        **SYSMON_PROCESS,
        "command_line": command("CommandLine"),
        "current_directory": folder("CurrentDirectory"),
        "original_file_name": text("OriginalFileName"),
        "parent_image": program("ParentImage"),
        "parent_command_line": command("ParentCommandLine"),
        "parent_pid": integer("ParentProcessId", zero=False),
        "parent_process_guid": guid("ParentProcessGuid"),
        "hashes": hashes("Hashes"),
        "logon_id": logon_id("LogonId"),
        "logon_guid": guid("LogonGuid"),
        "terminal_session": integer("TerminalSessionId", below=2**31),
        "names": names("CommandLine", "Image"),
    },
    says=Saying("process started: {command_line or image}[, parent {parent_image}]"),
    provides="Program, command line, working directory, parent, session and hashes of every process.",
    absent=(
        "OriginalFileName before Sysmon 10",
        "ProcessId in some older NXLog exports",
    ),
)
