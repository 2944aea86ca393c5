"""Captures of SMB 1, of logons by NTLM, and of a service that is given another program: what is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from tests.dissector import need_tshark
from tests.sources.packets import (
    DENIED,
    SVCCTL,
    Capture,
    ask,
    bind,
    connect,
    connected,
    create,
    created,
    done,
    file_id,
    reply,
    smb2,
    start_service,
    transact,
    transacted,
    write,
    written,
)
from tests.sources.packets_old import (
    MORE,
    SERVICE,
    authenticate,
    challenge,
    change_service,
    close1,
    closed1,
    connect1,
    connected1,
    create1,
    created1,
    logged_on,
    logon,
    open_service,
    service_changed,
    service_opened,
    write1,
    written1,
)
from tests.sources.test_captures import acts, shut, told

_ONE: Final = file_id(7)


@pytest.fixture(autouse=True)
def _tshark() -> None:
    need_tshark()


def written_by_smb1(status: int = 0) -> Capture:
    capture = Capture().open()
    capture.ask(connect1(r"\\srv9\C$", 1)).reply(connected1(1))
    capture.ask(create1(r"\tools\up.exe", 2)).reply(created1(0x4001, 2))
    capture.ask(write1(0x4001, b"MZ" + bytes(98), 3)).reply(written1(100, 3, status))
    return capture.ask(close1(0x4001, 4)).reply(closed1(4))


def test_a_file_written_over_smb_1(tmp_path: Path) -> None:
    rows = told(tmp_path, written_by_smb1(), "smb")
    assert acts(rows) == [("connect", r"\\srv9\C$"), ("open", r"\tools\up.exe"), ("write", r"\tools\up.exe")]
    assert (rows[-1]["size"], rows[-1]["share"]) == (100, r"\\srv9\C$")


def test_a_write_that_smb_1_refused_is_none(tmp_path: Path) -> None:
    assert acts(told(tmp_path, written_by_smb1(DENIED), "smb")) == [("connect", r"\\srv9\C$"), ("open", r"\tools\up.exe")]


def logged_on_by_ntlm(user: str, domain: str, host: str, *, status: int = 0) -> Capture:
    capture = Capture().open()
    capture.ask(smb2(1, logon(b"NTLMSSP\0\1\0\0\0\1\2\0\0" + bytes(16)), 1, tree=0))
    capture.reply(smb2(1, logged_on(challenge("SRV9", "srv9.werk.example")), 1, answer=True, status=MORE, tree=0))
    capture.ask(smb2(1, logon(authenticate(user, domain, host)), 2, tree=0))
    return capture.reply(smb2(1, logged_on(), 2, answer=True, status=status, tree=0))


def test_names_by_ntlm(tmp_path: Path) -> None:
    capture = logged_on_by_ntlm("otto", "WERK", "DESK9")
    capture.ask(smb2(3, connect(r"\\srv9\C$"), 3, tree=0)).reply(smb2(3, connected(), 3, answer=True))
    capture.ask(smb2(5, create("up.exe"), 4)).reply(smb2(5, created(_ONE), 4, answer=True))
    capture.ask(smb2(9, write(_ONE, b"MZ"), 5)).reply(smb2(9, written(2), 5, answer=True))
    rows = told(tmp_path, shut(capture))
    (ntlm,) = (row for row in rows if row["row"] == "ntlm")
    names = {"user": "otto", "domain": "WERK", "workstation": "DESK9"}
    assert {name: ntlm[name] for name in (*names, "server_name")} == names | {"server_name": "srv9.werk.example"}
    # What the session does afterwards is told with them.
    (done_,) = (row for row in rows if row.get("action") == "write")
    assert {name: done_[name] for name in names} == names


def test_a_logon_that_states_no_names(tmp_path: Path) -> None:
    assert told(tmp_path, logged_on_by_ntlm("", "", ""), "ntlm") == []


def calls(path: str | None, *, opnum: int = 11, wide: bool = True, changed: int = 0) -> Capture:
    """A service opened, changed and started."""
    capture, pipe = Capture().open(), file_id(8)
    capture.ask(smb2(3, connect(r"\\srv9\IPC$"), 10, tree=0)).reply(smb2(3, connected(2), 10, answer=True, tree=6))
    capture.ask(smb2(5, create("svcctl"), 11, tree=6)).reply(smb2(5, created(pipe), 11, answer=True, tree=6))
    capture.ask(smb2(9, write(pipe, bind(SVCCTL)), 12, tree=6)).reply(smb2(9, written(72), 12, answer=True, tree=6))
    said = (
        (16, open_service("Upd"), service_opened()),
        (opnum, change_service(path, wide=wide), service_changed(changed)),
        (19, start_service(SERVICE), done()),
    )
    for number, (operation, stub, answer) in enumerate(said):
        message, call = 13 + number, 2 + number
        capture.ask(smb2(11, transact(pipe, ask(operation, stub, call)), message, tree=6))
        capture.reply(smb2(11, transacted(pipe, reply(answer, call)), message, answer=True, tree=6))
    return capture


def told_calls(folder: Path, capture: Capture) -> list[tuple[Any, ...]]:
    return [(row["operation"], row.get("service"), row.get("path"), row.get("code")) for row in told(folder, capture, "dce_rpc")]


@pytest.mark.parametrize(("opnum", "wide", "name"), [(11, True, "ChangeServiceConfigW"), (23, False, "ChangeServiceConfigA")])
def test_a_service_that_is_given_another_program_and_started(tmp_path: Path, opnum: int, wide: bool, name: str) -> None:
    assert told_calls(tmp_path, calls(r"C:\tools\up.exe", opnum=opnum, wide=wide)) == [
        ("OpenServiceW", "Upd", None, 0),
        (name, "Upd", r"C:\tools\up.exe", 0),
        ("StartServiceW", "Upd", r"C:\tools\up.exe", 0),
    ]


def test_a_service_whose_program_stays(tmp_path: Path) -> None:
    assert [one[:3] for one in told_calls(tmp_path, calls(None))] == [
        ("OpenServiceW", "Upd", None),
        ("ChangeServiceConfigW", "Upd", None),
        ("StartServiceW", "Upd", None),
    ]


def test_a_change_that_was_refused_says_so(tmp_path: Path) -> None:
    found = told_calls(tmp_path, calls(r"C:\tools\up.exe", changed=5))
    assert [one[3] for one in found] == [0, 5, 0]
    # What was started is what was there before.
    assert found[-1][2] is None
