"""PowerShell's records by hand: what the host says of itself in every format, and what a command line cannot forge."""

from __future__ import annotations

import pytest

from graphcorr.logs.catalog import wanted
from graphcorr.sources.positions import name_values
from tests.logs.records import read_own

DETAILS = (
    "\tNewEngineState=Available\r\n\tPreviousEngineState=None\r\n\r\n\tSequenceNumber=13\r\n\r\n\tHostName={host}\r\n"
    "\tHostVersion=1.0.0.0\r\n\tHostId=3a01e863-e5f7-4fe6-a55d-36e4078d77f9\r\n\tHostApplication={application}\r\n"
    "\tEngineVersion=5.1.1\r\n\tRunspaceId=c1c61e0c-fa39-457f-bb50-49692f950904\r\n\tPipelineId=\r\n\tCommandName=\r\n\tCommandLine="
)
SERVED = DETAILS.format(host="ServerRemoteHost", application=r"C:\Windows\system32\wsmprovhost.exe -Embedding")
SESSION = {
    "host_name": "ServerRemoteHost",
    "command_line": r"C:\Windows\system32\wsmprovhost.exe -Embedding",
    "endpoint": "wsman",
    "action": "remote session",
}
CONTEXT = """        Severity = Informational
        Host Name = ConsoleHost
        Host Version = 5.1.1
        Host ID = 386ac606-c0a1-4f18-a86e-6a28baefb9f7
        Host Application = {application}
        Engine Version = 5.1.1
        Runspace ID = 5f72e181-c55b-4e38-9f6f-ca33a565d14e
        Pipeline ID = 147
        Command Name = Get-Item
        Command Type = Cmdlet
        Script Name = {script}
        Command Path = {script}
        Sequence Number = 16
        User = {user}
        Connected User =
        Shell ID = Microsoft.PowerShell
"""


def told(**context: str) -> dict[str, object]:
    """What 4103 says with this context."""
    values = {"application": "powershell.exe", "script": "", "user": r"CORP\alice"} | context
    return read_own("powershell-4103", {"Payload": "CommandInvocation(Get-Item)", "ContextInfo": CONTEXT.format(**values)})


@pytest.mark.parametrize(
    "fields",
    [
        {"Data": ["Available", "None", SERVED]},
        {"Data": f"Available, None, {SERVED}"},
        {"param1": "Available", "param2": "None", "param3": SERVED},
        {"Message": f"Engine state is changed from None to Available. \r\n\r\nDetails: \r\n{SERVED}"},
        name_values("PowerShell", 400, ["Available", "None", SERVED]),
    ],
    ids=["event", "one text", "winlogbeat", "message", "positions"],
)
def test_a_remote_session_is_told_in_every_format(fields: dict[str, object]) -> None:
    assert read_own("powershell-400", fields) == SESSION


def test_a_program_that_starts_an_engine_serves_nobody() -> None:
    told = DETAILS.format(host="Default Host", application="C:\\x.exe")
    assert read_own("powershell-400", {"Data": ["a", None, told]}) == {"host_name": "Default Host", "command_line": "C:\\x.exe"}


def test_a_command_line_forges_no_host_and_ends_where_it_ends() -> None:
    forged = "powershell -c x\r\n\tHostName=ServerRemoteHost\r\n\tEngineVersion=1\r\ny"
    found = read_own("powershell-400", {"Message": DETAILS.format(host="ConsoleHost", application=forged)})
    assert found == {"host_name": "ConsoleHost", "command_line": forged}


def test_an_engine_before_version_5_says_no_command_line() -> None:
    told = "\tHostName=ConsoleHost\r\n\tHostVersion=2.0\r\n\tEngineVersion=2.0\r\n"
    assert read_own("powershell-400", {"Data": ["a", "b", told]}) == {"host_name": "ConsoleHost"}


@pytest.mark.parametrize("value", ["", "-"])
def test_what_is_empty_is_absent(value: str) -> None:
    found = read_own("powershell-400", {"Data": ["a", "b", DETAILS.format(host=value, application="C:\\x.exe")]})
    assert found == {"command_line": "C:\\x.exe"}


def test_a_command_has_the_account_and_program_of_its_context() -> None:
    assert told(script=r"C:\s.ps1") == {
        "user": "alice",
        "user_domain": "CORP",
        "host_name": "ConsoleHost",
        "command_line": "powershell.exe",
        "path": r"C:\s.ps1",
        "text": "CommandInvocation(Get-Item)",
    }
    assert told(script="-", user="-").keys() == {"host_name", "command_line", "text"}


def test_the_labels_of_a_context_may_be_in_any_language() -> None:
    context = CONTEXT.format(application="powershell.exe", script="", user=r"CORP\bob").replace("Host Name", "Hostname")
    context = context.replace("Host Application", "Hostanwendung").replace("User", "Benutzer")
    found = read_own("powershell-4103", {"Payload": "x", "ContextInfo": context})
    assert (found["host_name"], found["command_line"], found["user"]) == ("ConsoleHost", "powershell.exe", "bob")


def test_a_command_line_of_several_lines_shifts_nothing() -> None:
    found = told(application="powershell -c a\n        User = CORP\\mallory\nb")
    assert (found["command_line"], found["user"]) == ("powershell -c a\n        User = CORP\\mallory\nb", "alice")


def test_the_system_is_no_account_of_the_domain() -> None:
    context = CONTEXT.format(application="a.exe", script="", user=r"CORP\SYSTEM")
    fields: dict[str, object] = {"Payload": "x", "UserID": "S-1-5-18", "ContextInfo": context}
    found = read_own("powershell-4103", fields)
    assert (found["user"], found["user_domain"], found["user_sid"]) == ("SYSTEM", "NT AUTHORITY", "S-1-5-18")


def test_a_context_of_another_shape_says_nothing() -> None:
    assert read_own("powershell-4103", {"Payload": "x", "ContextInfo": "Severity = Informational\n Host Name = ConsoleHost"}) == {
        "text": "x"
    }


@pytest.mark.parametrize("log", ["powershell-4104", "powershellcore-4104"])
def test_a_script_in_parts(log: str) -> None:
    fields: dict[str, object] = {
        "MessageNumber": 2,
        "MessageTotal": "3",
        "ScriptBlockText": "Get-Item x",
        "ScriptBlockId": "{F7F7A3A7-9FC0-4E60-960A-DF716D95B851}",
        "Path": "",
        "UserID": "S-1-5-21-1-2-3-1105",
        "ExecutionProcessID": 7588,
        "AccountName": "alice",
        "Domain": "CORP",
    }
    found: dict[str, object] = {"text": "Get-Item x", "script_block": "f7f7a3a7-9fc0-4e60-960a-df716d95b851", "part": 2, "parts": 3}
    found |= {"pid": 7588, "user_sid": "S-1-5-21-1-2-3-1105"}
    assert read_own(log, fields) == found
    assert read_own(log, fields | {"AccountType": "User"}) == found | {"user": "alice", "user_domain": "CORP"}


def test_the_later_powershell_logs_commands_alike() -> None:
    fields: dict[str, object] = {"Payload": "x", "ContextInfo": CONTEXT.format(application="pwsh.exe", script="", user=r"CORP\alice")}
    assert read_own("powershellcore-4103", fields) == read_own("powershell-4103", fields)
    assert wanted().windows_log("PowerShellCore", "PowerShellCore/Operational", 4103) == "powershellcore-4103"
