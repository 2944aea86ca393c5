"""For whom a request was: the account that came from elsewhere, and not the one that the machine did it as."""

from __future__ import annotations

import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.findings.judging import NO_ACCOUNT
from graphcorr.model.findings import Finding, Movement
from graphcorr.outputs.wording import step_words
from tests.findings.logs import CLIENT, TARGET, Logs, only
from tests.findings.test_requests import ANOTHER, CMD, LOCAL, SERVICES, SESSION, connected, doubts

SHELL = r"C:\Windows\explorer.exe"


def on_desktop(*users: str, logon_type: int | None = None, since: str | None = None) -> Finding:
    """A client of the desktop's shell has it start a program as who sits there, and logged on over the network as ``users``."""
    logs = Logs()
    if logon_type is not None:
        logs.security_4624("09:00:00", user="bob", logon_type=logon_type, source=since)
    for user in users:
        logs.security_4624("10:00:00", user=user)
        logs.records[-1].fields["TargetLogonId"] = "0x99"
    fields = {"Image": CMD, "CommandLine": f"{CMD} /c dir", "ProcessId": "4242", "LogonId": SESSION, "ParentImage": SHELL}
    logs.add("sysmon-1", "10:00:02", fields | {"User": r"CORP\bob", "TerminalSessionId": "1"}, computer=TARGET)
    return only(connected(logs, 49913, SHELL, time="10:00:01").hunt())


@pytest.mark.parametrize(("logon_type", "since"), [(None, None), (2, "127.0.0.1"), (10, ANOTHER)])
def test_who_sits_at_the_desktop_did_not_ask_for_what_a_client_of_its_shell_had_started(logon_type: int | None, since: str | None) -> None:
    """Neither the account of the process nor where its session was opened from is the caller's."""
    found = on_desktop("alice", logon_type=logon_type, since=since)
    assert found.source is not None
    assert (found.pattern, found.movement, found.source.address) == ("remote-dcom-run", Movement.REMOTE, CLIENT)
    assert found.account == r"CORP\alice"
    assert doubts(found) == [Doubt.ASKED_BY_PROGRAM]
    assert rf"CORP\alice is the only account that logged on over the network from {CLIENT} near it, 2.0 s before it" in found.why
    assert r"it ran as CORP\bob, on whose desktop it was called, which says nothing of who asked for it" in found.limits
    assert [(step.role.value, step.account) for step in found.steps] == [
        ("connected", r"CORP\alice"),
        ("connected", None),
        ("ran", r"CORP\bob"),
    ]


def test_of_several_that_came_from_there_none_is_the_account() -> None:
    found = on_desktop("alice", "carol")
    assert found.account is None
    named = r"CORP\alice, CORP\carol"
    assert f"account not certain: more than one logged on over the network from {CLIENT} near it: {named}" in found.limits
    assert NO_ACCOUNT not in found.limits


def test_where_no_logon_tells_who_came_the_account_is_not_known() -> None:
    found = on_desktop()
    assert found.account is None
    assert NO_ACCOUNT in found.limits
    assert r"it ran as CORP\bob, on whose desktop it was called, which says nothing of who asked for it" in found.limits


def test_who_comes_over_the_network_to_their_own_desktop_is_told_once() -> None:
    found = on_desktop("bob")
    assert found.account == r"CORP\bob"
    assert [limit.partition(":")[0] for limit in found.limits] == ["name of the source unknown"]


def task(logs: Logs, log: str, time: str, name: str, **fields: str) -> Logs:
    subject = {"SubjectUserName": "alice", "SubjectDomainName": "CORP", "SubjectLogonId": SESSION}
    content = "<Task><Actions><Exec><Command>agent.exe</Command><Arguments>-run</Arguments></Exec></Actions></Task>"
    audit = subject | {name: content}
    return logs.add(log, time, {"TaskName": r"\job"} | (audit if name else {}) | fields, computer=TARGET)


@pytest.mark.parametrize(
    ("log", "content", "title"),
    [
        ("security-4698", "TaskContent", "Scheduled task set up from another machine"),
        ("security-4702", "TaskContentNew", "Scheduled task changed from another machine"),
    ],
)
def test_a_task_is_told_by_the_record_that_says_who_asked_for_what(log: str, content: str, title: str) -> None:
    """The scheduler's own, which comes first, has the account that it runs as."""
    logs = task(Logs().security_4624("10:00:00"), "taskscheduler-140", "10:00:00.9", "", UserName="S-1-5-18")
    found = only(task(logs, log, "10:00:01", content).hunt())
    step = found.steps[-1]
    assert (found.title, found.account) == (title, r"CORP\alice")
    assert (step.role.value, step.account, step.object, step.command) == ("registered", r"CORP\alice", r"\job", "agent.exe -run")
    assert step.time[11:21] == "10:00:00.9"
    assert step_words(step, found) == rf"\job is registered on {TARGET} as CORP\alice, to run agent.exe -run"


def test_system_is_not_who_came_from_another_machine() -> None:
    """An audit names the service manager's own session where it asked itself, as it does for a client of the service's display."""
    fields = {"SubjectUserName": "SYSTEM", "SubjectDomainName": "NT AUTHORITY", "SubjectLogonId": LOCAL, "ServiceName": "svc"}
    path = {"ServiceFileName": "%COMSPEC% /c dir", "ServiceStartType": "3"}
    found = only(connected(Logs(), 49670, SERVICES).add("security-4697", "10:00:01", fields | path, computer=TARGET).hunt())
    assert (found.movement, found.account) == (Movement.REMOTE, None)
    assert NO_ACCOUNT in found.limits
