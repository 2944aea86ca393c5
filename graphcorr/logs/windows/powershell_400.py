"""PowerShell 400: an engine was started. Logged by default.

Source: PowerShell's source, event 400 (EngineLifecycleEvent) in MshLog.cs and EventLogLogProvider.cs, and Logging.resx for its strings.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.powershell import host_application, host_name, remote_session
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="powershell-400",
    title="Engine state is changed to available",
    source=WindowsEvent("powershell", "windows powershell", 400),
    testifies=(
        # That engines are logged does not show that the text they run would be.
        Testimony(Kind.SCRIPT, covers=None),
        # A job in the background has the same host, and a process of its own in place of the service's.
        Testimony(
            Kind.CALL,
            "endpoint IS NOT NULL AND regexp_matches(lower(command_line), 'wsmprovhost|-sshs')",
            {"interface": "endpoint", "operation": "action"},
            covers=None,
        ),
    ),
    essential=("command_line", "host_name"),
    columns={
        "host_name": host_name(),
        "command_line": host_application(),
        # A session of PowerShell remoting, over WinRM or SSH, is served here.
        "endpoint": remote_session("wsman"),
        "action": remote_session("remote session"),
    },
    says=Saying("PowerShell started[ by {host_name}][: {command_line}]"),
    provides=(
        "Which program started a PowerShell engine, with its command line, in every Windows' default log; "
        "`ServerRemoteHost` as its host is a session that a client of another machine has here."
    ),
    absent=(
        "the account",
        "the client's address",
        "the command line before PowerShell 5",
    ),
)
