"""Scheduled tasks: their definitions, who asked from where, and what they started."""

from __future__ import annotations

import html

import pytest

from graphcorr.logs.catalog import log_types
from graphcorr.logs.fields import misfit_of
from graphcorr.logs.tasks import task_command
from graphcorr.model.kinds import Kind
from tests.facts.test_relation import told
from tests.logs.records import read_own

EXEC = "<Exec><Command>{}</Command><Arguments>{}</Arguments></Exec>"
TASK = r"\Updates\Nightly"
SUBJECT: dict[str, object] = {
    "SubjectUserSid": "S-1-5-21-1-2-3-1104",
    "SubjectUserName": "alice",
    "SubjectDomainName": "CORP",
    "SubjectLogonId": "0x7a",
    "TaskName": TASK,
}
ACTOR = {"user": "alice", "user_domain": "CORP", "user_sid": "S-1-5-21-1-2-3-1104", "logon_id": "0x7a", "task": TASK}


def definition(actions: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">'
        f'<RegistrationInfo/><Actions Context="Author"><!-- {EXEC} -->{actions}</Actions></Task>'
    )


@pytest.mark.parametrize(("actions", "command"), [
    (EXEC.format("cmd.exe", r"/c a &gt; C:\b.txt"), r"cmd.exe /c a > C:\b.txt"),
    (EXEC.format(r"C:\Program Files\a.exe", "-q"), r'"C:\Program Files\a.exe" -q'),
    (EXEC.format(r'"C:\Program Files\a.exe"', "-q"), r'"C:\Program Files\a.exe" -q'),
    (EXEC.format(r"C:\Program Files\a.exe", ""), r"C:\Program Files\a.exe"),
    ("<Exec><Command> a.exe </Command></Exec>", "a.exe"),
    ("<SendEmail/><Exec/>" + EXEC.format("second.exe", "") + EXEC.format("third.exe", ""), "second.exe"),
    ("<ComHandler><ClassId>{A6BA00FE-0000-0000-0000-00000000BEEF}</ClassId></ComHandler>", "{A6BA00FE-0000-0000-0000-00000000BEEF}"),
    ("<ComHandler><ClassId>{A6BA00FE-0000-0000-0000-00000000BEEF}</ClassId></ComHandler>" + EXEC.format("a.exe", ""), "a.exe"),
    (EXEC.format("a\x01.exe", ""), "a�.exe"),
    ("", None),
])  # fmt: skip
def test_a_definition_says_what_a_task_runs(actions: str, command: str | None) -> None:
    read, text = task_command("TaskContent"), definition(actions)
    assert read({"TaskContent": text}) == command
    assert read({"TaskContent": html.escape(text, quote=False)}) == command


@pytest.mark.parametrize("content", [
    *("", "-", None, definition(EXEC.format("a.exe", ""))[:-9], "<Task><Actions><Exec><Command>a.exe</Exec></Actions></Task>"),
])  # fmt: skip
def test_what_cannot_be_read_is_no_command_and_the_record_counts(content: object) -> None:
    assert read_own("security-4698", {**SUBJECT, "TaskContent": content}) == ACTOR


@pytest.mark.parametrize("entity", ['SYSTEM "file:///etc/hostname"', '"grown"'])
def test_nothing_is_read_from_elsewhere_and_nothing_grows(entity: str) -> None:
    text = f"<!DOCTYPE t [<!ENTITY x {entity}>]><Task><Actions><Exec><Command>&x;</Command></Exec></Actions></Task>"
    assert task_command("TaskContent")({"TaskContent": text}) == "&x;"


@pytest.mark.parametrize(("log", "field", "change"), [
    ("security-4698", "TaskContent", "registered"),
    ("security-4699", "TaskContent", "removed"),
    ("security-4700", "TaskContent", "enabled"),
    ("security-4701", "TaskContent", "disabled"),
    ("security-4702", "TaskContentNew", "updated"),
])  # fmt: skip
def test_the_audit_says_who_changed_what(log: str, field: str, change: str) -> None:
    fields = {**SUBJECT, field: definition(EXEC.format("a.exe", "-x")), "ClientProcessId": "0", "RpcCallClientLocality": "0"}
    assert read_own(log, fields) == {**ACTOR, "path": "a.exe -x", "client_pid": 0, "client_locality": 0}
    [fact] = told(Kind.TASK_CHANGE, {"id": "e", "log": log, "host": "t.corp", "task": TASK, "user": "alice", "logon_id": "0x7a"})
    assert (fact["change"], fact["account"], fact["session"], fact["remote"], fact["prefer"]) == (change, "alice", "0x7a", None, 0)


@pytest.mark.parametrize(("pid", "locality", "remote"), [
    (0, 0, True),
    (0, 2, True),
    (0, 1, False),
    (0, 3, None),
    (0, None, None),
    (2356, 0, False),
    (2356, None, False),
    (None, 0, None),
    (None, None, None),
])  # fmt: skip
def test_who_has_no_process_here_is_elsewhere(pid: int | None, locality: int | None, remote: bool | None) -> None:
    [fact] = told(Kind.TASK_CHANGE, {"id": "e", "log": "security-4702", "client_pid": pid, "client_locality": locality})
    assert fact["remote"] is remote


@pytest.mark.parametrize(("log", "field", "change"), [
    ("taskscheduler-106", "UserContext", "registered"),
    ("taskscheduler-140", "UserName", "updated"),
    ("taskscheduler-141", "UserName", "removed"),
    ("taskscheduler-142", "UserName", "disabled"),
])  # fmt: skip
def test_the_scheduler_says_what_changed(log: str, field: str, change: str) -> None:
    assert read_own(log, {"TaskName": TASK, field: r"CORP\alice"}) == {"task": TASK, "user": "alice", "user_domain": "CORP"}
    assert read_own(log, {"TaskName": TASK, field: "S-1-5-18"}) == {"task": TASK, "user_sid": "S-1-5-18"}
    assert read_own(log, {"TaskName": TASK, field: "-"}) == {"task": TASK}
    [fact] = told(Kind.TASK_CHANGE, {"id": "e", "log": log, "host": "t.corp", "task": TASK, "user": "alice"})
    assert (fact["change"], fact["account"], fact["path"], fact["remote"], fact["prefer"]) == (change, "alice", None, None, 1)


def test_a_process_of_a_task_is_in_the_field_or_in_the_message() -> None:
    made: dict[str, object] = {"TaskName": TASK, "Path": r"%windir%\system32\a.exe", "ProcessID": "4711", "Priority": "32"}
    assert read_own("taskscheduler-129", made) == {"task": TASK, "path": r"%windir%\system32\a.exe", "pid": 4711}
    said: dict[str, object] = {
        "TaskName": TASK,
        "Path": "a.exe",
        "Message": f'Task Scheduler launch task "{TASK}" , instance "a.exe"  with process ID 4711.',
    }
    assert read_own("taskscheduler-129", said)["pid"] == 4711
    assert "pid" not in read_own("taskscheduler-129", made | {"ProcessID": "0", "Message": "mit der Prozess-ID 4711 gestartet."})
    [fact] = told(Kind.TASK_RUN, {"id": "e", "log": "taskscheduler-129", "host": "t.corp", "task": TASK, "path": "a.exe", "pid": 4711})
    assert (fact["task"], fact["path"], fact["pid"], fact["prefer"]) == (TASK, "a.exe", 4711, 0)


def test_the_process_of_an_action_is_not_the_engines() -> None:
    begun: dict[str, object] = {"TaskName": TASK, "ActionName": r"C:\a.exe", "TaskInstanceId": "{00000000-1}", "EnginePID": "900"}
    assert read_own("taskscheduler-200", begun) == {"task": TASK, "path": r"C:\a.exe"}
    assert [fact["path"] for fact in told(Kind.TASK_RUN, {"id": "e", "log": "taskscheduler-200", "path": "a.exe"})] == ["a.exe"]


def test_an_action_that_ended_has_run() -> None:
    ended: dict[str, object] = {"TaskName": TASK, "ActionName": r"C:\a.exe", "TaskInstanceId": "{00000000-1}", "ResultCode": "0"}
    assert read_own("taskscheduler-201", ended) == {"task": TASK, "path": r"C:\a.exe"}
    [fact] = told(Kind.TASK_RUN, {"id": "e", "log": "taskscheduler-201", "path": "a.exe"})
    assert (fact["path"], fact["prefer"]) == ("a.exe", 9)


@pytest.mark.parametrize("name", ["CORP", "0x3e7", "S-1-5-18", True])
def test_what_does_not_begin_at_the_root_is_no_task(name: object) -> None:
    assert misfit_of(log_types()["taskscheduler-106"].columns["task"], {"TaskName": name}) is not None
    assert misfit_of(log_types()["taskscheduler-106"].columns["task"], {"TaskName": TASK}) is None
