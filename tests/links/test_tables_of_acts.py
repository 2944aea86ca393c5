"""Tables of what may have been asked for from another machine, with a few rows and no hunt: what each keeps and leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.links.trying import T, at, ids, tried

if TYPE_CHECKING:
    from tests.links.trying import Rows

CMD = r"C:\Windows\System32\cmd.exe"
SERVICES = r"C:\Windows\System32\services.exe"
WMI = r"C:\Windows\System32\wbem\WmiPrvSE.exe"
EDGE = 0.001


def start(id_: str, seconds: float, image: str = CMD, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "image": image, "command_line": image, "pid": 7, **at(seconds), **more}


def registration(seconds: float = 10, **more: object) -> dict[str, Any]:
    row = {"id": "r", "kind": "ServiceInstall", "mechanism": "service", **T, "path": r"C:\a\agent.exe -run", "name": "agent", "ids": ["r"]}
    return {**row, **at(seconds), **more}


# --- registrations ---


def install(id_: str, seconds: float, prefer: int, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "path": "C:\\x.exe", "service": id_, "prefer": prefer, **at(seconds), **more}


def test_registrations_are_one_of_two_records() -> None:
    """The one that is preferred names it, and what only the other says is not lost."""
    audit = install("a", 11, 0, session="0x5", account="alice", account_domain="CORP")
    (one,) = tried("registrations", ServiceInstall=[install("b", 10, 1, path="c:\\X.EXE"), audit])
    assert (one["id"], one["name"], one["path"], one["ids"]) == ("a", "a", "C:\\x.exe", ["a", "b"])
    assert (one["session"], one["account"], one["account_domain"], one["by_system"]) == ("0x5", "alice", "CORP", False)


@pytest.mark.parametrize(("apart", "registered"), [(5, 1), (5 + EDGE, 2)])
def test_registrations_apart(apart: float, registered: int) -> None:
    rows = [install("a", 10, 0), install("b", 10 + apart, 1)]
    assert len(tried("registrations", ServiceInstall=rows)) == registered


def test_registrations_of_other_commands_and_hosts_are_others() -> None:
    rows = [install("a", 10, 0), install("b", 10, 0, path=r"C:\y.exe"), install("c", 10, 0, host="u")]
    assert ids(tried("registrations", ServiceInstall=rows)) == ["a", "b", "c"]
    assert tried("registrations", ServiceInstall=[install("d", 10, 0, path=None), install("e", 10, 0, host=None)]) == []


def test_a_registration_of_system_has_no_session() -> None:
    (one,) = tried("registrations", ServiceInstall=[install("a", 10, 0, session="0x3e7")])
    assert (one["session"], one["by_system"]) == (None, True)


def test_registrations_of_tasks_are_told_apart_by_name() -> None:
    """The record that is preferred names it, and the command is that of the one that has it."""
    audit = {
        "id": "a",
        **T,
        "task": r"\Job",
        "change": "registered",
        "path": "cmd.exe /c dir",
        "session": "0x5",
        "remote": True,
        "prefer": 1,
    }
    own = {"id": "b", **T, "task": r"\job", "change": "registered", "prefer": 0}
    (one,) = tried("registrations", TaskChange=[audit | at(10), own | at(11)])
    assert (one["id"], one["mechanism"], one["path"], one["session"], one["remote"], one["ids"]) == (
        *("b", "task", "cmd.exe /c dir", "0x5", True), ["a", "b"],
    )  # fmt: skip
    changes = [
        audit | at(10) | {"id": change, "task": change, "change": change} for change in ("updated", "removed", "enabled", "disabled")
    ]
    assert ids(tried("registrations", TaskChange=changes)) == ["updated"]


@pytest.mark.parametrize(("after", "told"), [(0, True), (-EDGE, False), (30, True), (30 + EDGE, False)])
def test_task_actions_begin_soon(after: float, told: bool) -> None:
    task = registration(50, mechanism="task", name=r"\Job")
    action = {"id": "x", **T, "task": r"\job", **at(50 + after)}
    assert tried("task_actions", registrations=[task], TaskRun=[action]) == [{"registration": "r", "id": "x"}] * told


def test_task_actions_are_the_first_of_that_task() -> None:
    task = registration(50, mechanism="task", name=r"\Job")
    rows = [{"id": id_, **T, "task": r"\Job", **at(seconds)} for id_, seconds in (("y", 52), ("x", 51))]
    assert tried("task_actions", registrations=[task], TaskRun=rows) == [{"registration": "r", "id": "x"}]
    for other in ({"task": r"\Other"}, {"host": "u"}):
        assert tried("task_actions", registrations=[task], TaskRun=[rows[0] | other]) == []
    assert tried("task_actions", registrations=[registration(50, name=r"\Job")], TaskRun=rows) == []


# --- calls ---


def test_shell_calls_are_accepted_by_the_desktops_shell() -> None:
    row = {"id": "a", **T, "vantage": "own", "initiated": False, "image": r"C:\Windows\Explorer.EXE", **at(1)}
    others: list[dict[str, Any]] = [
        {"id": "b", "initiated": True},
        {"id": "c", "image": SERVICES},
        {"id": "d", "vantage": "sensor"},
        {"id": "e", "initiated": None},
    ]
    assert ids(tried("shell_calls", Connection=[row, *(row | other for other in others)])) == ["a"]


def test_manager_calls_are_those_of_a_client() -> None:
    row = {"id": "a", **T, "pipe": "svcctl", "source_address": "10.0.0.5", **at(1)}
    others: list[dict[str, Any]] = [{"id": "b", "pipe": "ntsvcs"}, {"id": "c", "pipe": "srvsvc"}, {"id": "d", "source_address": None}]
    assert ids(tried("manager_calls", PipeOpen=[row, *(row | other for other in others)])) == ["a", "b"]


@pytest.mark.parametrize(("apart", "told"), [(2, True), (2 + EDGE, False), (-1, True), (-1 - EDGE, False)])
def test_manager_starts_at_once(apart: float, told: bool) -> None:
    shell = start("p", 20 + apart, session="0x3e7")
    assert ids(tried("manager_starts", ProcessStart=[shell], manager_calls=[{"id": "c", **T, **at(20)}])) == ["p"] * told


def test_manager_starts_are_shells_of_system_whose_parent_no_record_names() -> None:
    call = {"id": "c", **T, **at(20)}
    others = [{"session": "0x5"}, {"image": r"C:\x.exe"}, {"parent_image": SERVICES}, {"host": "u"}]
    rows = [start(f"p{n}", 20, session="0x3e7", pid=100 + n) | other for n, other in enumerate(others)]
    assert tried("manager_starts", ProcessStart=rows, manager_calls=[call]) == []
    family = [start("p", 20, session="0x3e7", pid=8), start("q", 20.5, session="0x3e7", pid=9, parent_pid=8)]
    assert ids(tried("manager_starts", ProcessStart=family, manager_calls=[call])) == ["p"]


# --- provided ---


def provided(*starts: dict[str, Any], **needs: Rows) -> list[tuple[str, str, str | None]]:
    return [(row["id"], row["mechanism"], row["registration"]) for row in tried("provided", ProcessStart=starts, **needs)]


@pytest.mark.parametrize(
    ("image", "parent", "more", "mechanism"),
    [
        (CMD, WMI, {}, "wmi"),
        (r"C:\Windows\System32\wbem\unsecapp.exe", WMI, {}, None),
        (r"C:\Windows\System32\WerFault.exe", WMI, {}, None),
        (WMI, WMI, {}, None),
        (CMD, SERVICES, {}, None),
        (r"C:\Windows\System32\wsmprovhost.exe", None, {}, "winrm"),
        (CMD, r"C:\Windows\System32\wsmprovhost.exe", {}, "winrm"),
        (CMD, r"C:\Windows\System32\winrshost.exe", {}, "winrm"),
        (r"C:\Windows\System32\conhost.exe", r"C:\Windows\System32\winrshost.exe", {}, None),
        (CMD, r"C:\Windows\System32\mmc.exe", {"parent_command_line": "mmc.exe -Embedding"}, "dcom"),
        (CMD, r"C:\Windows\System32\mmc.exe", {"parent_command_line": "mmc.exe services.msc"}, None),
        (CMD, r"C:\Windows\System32\mmc.exe", {}, None),
        (r"C:\Office\EXCEL.EXE", None, {"command_line": "EXCEL.EXE /automation -Embedding"}, "dcom"),
        (r"C:\Office\EXCEL.EXE", None, {"command_line": "EXCEL.EXE budget.xlsx"}, None),
        (CMD, None, {"command_line": r"cmd.exe /Q /c dir 1> \\127.0.0.1\ADMIN$\__1700000000.12 2>&1"}, "wmi"),
        (CMD, None, {"command_line": r"cmd.exe /Q /c dir 1> \\127.0.0.1\share$\out.txt 2>&1"}, None),
        (None, None, {"command_line": None}, None),
    ],
)
def test_provided_by_the_program_beside_it(image: str | None, parent: str | None, more: dict[str, Any], mechanism: str | None) -> None:
    row = start("p", 1, parent_image=parent) | {"image": image} | more
    assert provided(row) == ([("p", mechanism, None)] if mechanism else [])


@pytest.mark.parametrize(("apart", "told"), [(-2, True), (-2 - EDGE, False), (30, True), (30 + EDGE, False)])
def test_provided_by_what_was_set_up_shortly_before(apart: float, told: bool) -> None:
    row = start("p", 50 + apart, r"C:\a\agent.exe", parent_image=SERVICES)
    assert provided(row, registrations=[registration(50)]) == [("p", "service", "r")] * told


def test_provided_by_what_was_set_up_for_that_program() -> None:
    row = start("p", 12, r"C:\a\agent.exe", parent_image=SERVICES)
    assert provided(row | {"parent_image": None}, registrations=[registration()]) == [("p", "service", "r")]
    for other in ({"image": r"C:\a\other.exe"}, {"host": "u"}, {"parent_image": r"C:\Windows\explorer.exe"}):
        assert provided(row | other, registrations=[registration()]) == []
    shell = start("p", 12, parent_image=SERVICES)
    assert provided(shell, registrations=[registration(path="%COMSPEC% /c dir")]) == [("p", "service", "r")]


def test_provided_by_the_scheduler_for_a_task() -> None:
    svchost = r"C:\Windows\System32\svchost.exe"
    task = registration(mechanism="task")
    row = start("p", 12, r"C:\a\agent.exe", parent_image=svchost, parent_command_line="svchost.exe -k netsvcs -p -s Schedule")
    assert provided(row, registrations=[task]) == [("p", "task", "r")]
    assert provided(row | {"parent_command_line": None}, registrations=[task]) == [("p", "task", "r")]
    assert provided(row | {"parent_command_line": "svchost.exe -k DcomLaunch"}, registrations=[task]) == []
    assert provided(row, registrations=[registration()]) == []


@pytest.mark.parametrize(("apart", "told"), [(15, True), (15 + EDGE, False), (-2, True), (-2 - EDGE, False)])
def test_provided_by_the_desktops_shell_to_which_a_client_is_connected(apart: float, told: bool) -> None:
    row = start("p", 20 + apart, parent_image=r"C:\Windows\explorer.exe")
    call = {"id": "c", **T, **at(20)}
    assert provided(row, shell_calls=[call]) == [("p", "dcom", None)] * told
    assert provided(row, shell_calls=[call | {"host": "u"}]) == []


def test_provided_has_the_service_managers_shells() -> None:
    assert provided(manager_starts=[{"id": "m", **T, "image": CMD, **at(1)}]) == [("m", "service", None)]


# --- runs ---


def provide(id_: str = "p", mechanism: str = "wmi", **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "mechanism": mechanism, **more}


def test_runs_are_one_of_two_records_with_the_session_that_either_names() -> None:
    pair = {"provided": [provide("a")], "record_pairs": [{"other": "a", "main": "s"}]}
    records = [start("a", 1, session="0x5")]
    (one,) = tried("runs", **pair, starts=[start("s", 1, session="0x3e7", account="alice", account_domain="CORP")], start_records=records)
    assert (one["id"], one["mechanism"], one["session"], one["account"], one["program"]) == ("s", "wmi", "0x5", r"CORP\alice", "cmd.exe")
    (own,) = tried("runs", **pair, starts=[start("s", 1, session="0x6")], start_records=records)
    assert own["session"] == "0x6"
    (local,) = tried("runs", provided=[provide("s")], starts=[start("s", 1, session="0x3e7")])
    assert local["session"] is None


@pytest.mark.parametrize(("after", "session"), [(2, "0x5"), (2 + EDGE, None), (-EDGE, None)])
def test_runs_have_the_session_of_their_children(after: float, session: str | None) -> None:
    child = start("c", 10 + after, pid=8, parent_pid=7, session="0x5")
    (one,) = tried("runs", provided=[provide()], starts=[start("p", 10, session="0x3e7")], ProcessStart=[child])
    assert (one["session"], one["child"]) == (session, session and "c")
    (known,) = tried("runs", provided=[provide()], starts=[start("p", 10, session="0x6")], ProcessStart=[child])
    assert (known["session"], known["child"]) == ("0x6", None)


def test_runs_of_a_registration_are_its_first_start() -> None:
    rows = [provide("p", "service", registration="r"), provide("q", "service", registration="r"), provide("q", "wmi")]
    found = tried("runs", provided=rows, starts=[start("p", 1), start("q", 2)])
    assert [(row["id"], row["mechanism"], row["registration"]) for row in found] == [("p", "service", "r")]


def test_runs_told_twice_are_the_services() -> None:
    rows = [provide("p", "wmi"), provide("p", "service", registration="r")]
    (one,) = tried("runs", provided=rows, starts=[start("p", 1)])
    assert (one["mechanism"], one["registration"]) == ("service", "r")


# --- loads ---


@pytest.mark.parametrize(
    ("seconds", "path", "guid", "told"),
    [
        (30, r"C:\Users\x\add.xll", "g", True),
        (30 + EDGE, r"C:\Users\x\add.xll", "g", False),
        (-EDGE, r"C:\Users\x\add.xll", "g", False),
        (5, r"C:\Windows\System32\ole32.dll", "g", False),
        (5, r"C:\Program Files (x86)\Office\a.dll", "g", False),
        (5, r"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18\MpOAV.dll", "g", False),
        (5, r"C:\ProgramData\add.xll", "g", True),
        (5, r"C:\Users\x\add.xll", "h", False),
        (5, r"C:\Users\x\add.xll", None, False),
    ],
)
def test_served_loads_are_soon_and_not_installed(seconds: float, path: str, guid: str | None, told: bool) -> None:
    server = start("p", 10, r"C:\Office\EXCEL.EXE", process_guid="g")
    load = {"id": "m", **T, "path": path, "process_guid": guid, **at(10 + seconds)}
    assert tried("served_loads", ModuleLoad=[load], ProcessStart=[server], provided=[provide()]) == [{"id": "m", "start": "p"}] * told


def test_served_loads_are_of_servers() -> None:
    load = {"id": "m", **T, "path": r"C:\x.dll", "process_guid": "g", **at(11)}
    needs = {"ModuleLoad": [load], "provided": [provide()]}
    assert tried("served_loads", **needs, ProcessStart=[start("p", 10, process_guid="g")]) == []
    assert tried("served_loads", ModuleLoad=[load], ProcessStart=[start("p", 10, r"C:\EXCEL.EXE", process_guid="g")], provided=[]) == []


# --- calls alone ---


def call(id_: str, operation: str, seconds: float = 1, **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "vantage": "sensor", "interface": "svcctl", "operation": operation, "uid": "C", "source_address": "10.0.0.5"}
    return {**row, **at(seconds), **more}


def test_call_acts_are_the_calls_of_a_connection_that_set_something_up() -> None:
    calls = [call("a", "OpenSCManagerW", 1), call("b", "CreateServiceW", 2), call("c", "StartServiceW", 3), call("d", "DeleteService", 4)]
    (one,) = tried("call_acts", Call=calls)
    assert (one["id"], one["mechanism"], one["calls"], one["operations"]) == (
        "b",
        "service",
        ["b", "c", "d"],
        "CreateServiceW DeleteService StartServiceW",
    )
    assert one["time"].second == 3
    (task,) = tried("call_acts", Call=[call("a", "SchRpcRegisterTask", interface="itaskschedulerservice")])
    assert task["mechanism"] == "task"
    assert len(tried("call_acts", Call=[call("a", "CreateServiceW"), call("b", "CreateServiceW", uid="D")])) == 2


@pytest.mark.parametrize("other", [{"operation": "StartServiceW"}, {"vantage": "own"}, {"interface": "srvsvc"}, {"host": None}])
def test_call_acts_are_none_where_nothing_was_set_up(other: dict[str, Any]) -> None:
    assert tried("call_acts", Call=[call("a", "CreateServiceW") | other]) == []


@pytest.mark.parametrize(
    ("interface", "operation", "vantage", "mechanism"),
    [
        ("wsman", "remote session", "own", "winrm"),
        ("iwbemservices", "ExecMethod Win32_Process::Create", "own", "wmi"),
        ("iwbemservices", "ExecQuery", "own", None),
        ("svcctl", "CreateServiceW", "own", None),
        ("wsman", "remote session", "sensor", None),
    ],
)
def test_call_acts_of_a_services_own_log(interface: str, operation: str, vantage: str, mechanism: str | None) -> None:
    found = tried("call_acts", Call=[call("a", operation, interface=interface, vantage=vantage)])
    assert [(row["id"], row["mechanism"], row["calls"]) for row in found] == ([("a", mechanism, ["a"])] if mechanism else [])


def test_call_acts_have_the_account_that_the_service_names() -> None:
    named = call("a", "remote session", interface="wsman", vantage="own", account="alice", account_domain="CORP")
    (one,) = tried("call_acts", Call=[named])
    assert one["account"] == r"CORP\alice"
    (act,) = tried("acts", call_acts=[one])
    assert act["account"] == r"CORP\alice"
    (nobody,) = tried("call_acts", Call=[named | {"account": None, "account_domain": None}])
    assert nobody["account"] is None


# --- acts ---


def run(id_: str = "p", mechanism: str = "wmi", **more: object) -> dict[str, Any]:
    row = {"id": id_, "mechanism": mechanism, **T, "image": CMD, "program": "cmd.exe", "command_line": "cmd.exe /c dir", "account": "A\\b"}
    return {**row, **at(1), **more}


def test_acts_are_runs_with_what_set_them_up() -> None:
    asked = registration(session="0x5", account="alice", account_domain="CORP", remote=True, ids=["r", "s"])
    (one,) = tried("acts", runs=[run("p", "service", registration="r", session="0x3e9")], registrations=[asked])
    assert (one["act"], one["start"], one["registered"], one["name"], one["session"]) == ("p", "p", ["r", "s"], "agent", "0x5")
    assert (one["account"], one["from_afar"], one["line"]) == (r"CORP\alice", True, r"C:\a\agent.exe -run cmd.exe /c dir")
    (alone,) = tried("acts", runs=[run(session="0x6")])
    assert (alone["account"], alone["session"], alone["registered"], alone["bare"]) == ("A\\b", "0x6", None, False)
    shown = [run("p", "service", registration="r", session="0x3e9", child="c")]
    assert [row["child"] for row in tried("acts", runs=shown, registrations=[asked])] == [None]
    assert [row["child"] for row in tried("acts", runs=[run(session="0x6", child="c")])] == ["c"]


def test_acts_have_the_schedulers_record_of_their_run() -> None:
    needs: dict[str, Rows] = {"registrations": [registration(mechanism="task")], "task_actions": [{"registration": "r", "id": "x"}]}
    assert [(row["act"], row["start"], row["action"]) for row in tried("acts", **needs)] == [("r", None, "x")]
    started = tried("acts", **needs, runs=[run("p", "task", registration="r")])
    assert [(row["act"], row["start"], row["action"]) for row in started] == [("p", "p", "x")]


def test_acts_are_registrations_loads_and_calls() -> None:
    (one,) = tried("acts", registrations=[registration(session="0x5", account="alice")])
    assert (one["act"], one["start"], one["registered"], one["session"], one["account"]) == ("r", None, ["r"], "0x5", "alice")
    loads = [{"id": "m", **T, "path": r"C:\add.xll", **at(2)}]
    both = tried("acts", runs=[run(mechanism="dcom", program="excel.exe")], served_loads=[{"id": "m", "start": "p"}], loads=loads)
    assert sorted((row["act"], row["start"], row["load"], row["bare"]) for row in both) == [("m", "p", "m", False), ("p", "p", None, True)]
    wire = {"id": "a", "mechanism": "task", **T, "operations": "SchRpcRegisterTask", "calls": ["a", "b"], **at(1)}
    (called,) = tried("acts", call_acts=[wire])
    assert (called["act"], called["calls"], called["telling"]) == ("a", ["a", "b"], False)


@pytest.mark.parametrize(
    ("line", "telling"),
    [
        ("powershell -enc AAAA", True),
        (r"C:\Windows\System32\cmd.exe /c dir", True),
        ("%COMSPEC% /c dir", True),
        (r"\\10.0.0.5\share\x.exe", True),
        (r"%SystemRoot%\abcdefgh.exe", True),
        (r"C:\WINDOWS\abcdefgh.exe -k", True),
        (r"%SystemRoot%\System32\agent.exe", False),
        (r"C:\Program Files\Agent\agent.exe -run", False),
        (r"C:\cmdtools\x.exe", False),
        (r"\\?\C:\x.exe", False),
        (r"cmd.exe /c echo abc > \\.\pipe\abc", False),
        (r"%COMSPEC% /c echo abc > \\.\pipe\abc", False),
    ],
)
def test_acts_that_tell_something_by_themselves(line: str, telling: bool) -> None:
    (one,) = tried("acts", registrations=[registration(path=line)])
    assert one["telling"] is telling


def test_acts_of_wmi_in_the_folder_of_admin_tell_nothing() -> None:
    (one,) = tried("acts", runs=[run(command_line=r"C:\Windows\notepad.exe")])
    assert one["telling"] is False
