"""Packet captures: what is told of them, that nothing else is, and what is said where a capture does not show it."""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any, Final

import psutil
import pytest
import zstandard

from graphcorr.logs.catalog import wanted
from graphcorr.sources import capture_frames, captures, tshark
from graphcorr.sources.inputs import discover
from graphcorr.sources.reading import read
from tests.dissector import need_tshark
from tests.sources.packets import (
    DENIED,
    ERROR,
    RELATED,
    SCHEDULER,
    SERVER,
    SET,
    Capture,
    ask,
    bind,
    close,
    closed,
    connect,
    connected,
    copy_in,
    create,
    created,
    dispose,
    fault,
    file_id,
    rename,
    reply,
    run_service,
    smb2,
    write,
    written,
)
from tests.sources.reads import Pass, ignore, read_bytes, read_path

WANTED: Final = wanted()
_ONE: Final = file_id(7)


@pytest.fixture(autouse=True)
def _tshark() -> None:
    need_tshark()


def told(folder: Path, capture: Capture | bytes, kind: str | None = None) -> list[dict[str, Any]]:
    """The rows of one kind, or of all; ends and connection left out."""
    result = read_bytes(folder, capture if isinstance(capture, bytes) else capture.pcap(), "x.pcap", WANTED)
    assert (result.format, result.skips) == ("capture", [])
    left_out = ("uid", "client", "client_port", "server", "server_port", "access_mask")
    rows = [{name: value for name, value in one.fields.items() if name not in left_out} for one in result.records]
    return [row for row in rows if kind in (None, row["row"])]


def acts(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["action"], row.get("name") or row.get("pipe") or row.get("share")) for row in rows if row["row"] == "smb"]


def opened(name: str = r"tools\up.exe", *, mask: int = 0x0012_0196, options: int = 0) -> Capture:
    capture = Capture().open()
    capture.ask(smb2(3, connect(r"\\srv9\C$"), 3, tree=0)).reply(smb2(3, connected(), 3, answer=True))
    return capture.ask(smb2(5, create(name, mask, options), 4)).reply(smb2(5, created(_ONE), 4, answer=True))


def shut(capture: Capture) -> Capture:
    return capture.ask(smb2(6, close(_ONE), 9)).reply(smb2(6, closed(), 9, answer=True))


def test_a_copy_and_a_service(tmp_path: Path) -> None:
    rows = told(tmp_path, run_service(copy_in(Capture().open()), r"C:\tools\up.exe"))
    assert acts(rows) == [
        ("connect", r"\\srv9\C$"),
        ("open", r"tools\up.exe"),
        ("write", r"tools\up.exe"),
        ("connect", r"\\srv9\IPC$"),
        ("open", "svcctl"),
    ]
    assert [row["size"] for row in rows if row.get("action") == "write"] == [100]
    # The time is that of the first bytes, and not that of the close, after which it is told.
    assert [row["ts"] for row in rows if row.get("action") == "write"] == ["1600000000.007000000"]
    calls = [(row["operation"], row["service"], row["path"], row["code"]) for row in rows if row["row"] == "dce_rpc"]
    assert calls == [
        ("CreateServiceWOW64W", "Upd", r"C:\tools\up.exe", 0),
        ("StartServiceW", "Upd", r"C:\tools\up.exe", 0),
    ]
    assert [row["row"] for row in rows if row["row"] not in ("smb", "dce_rpc")] == ["connection"]


def test_the_ends_are_those_of_who_asks(tmp_path: Path) -> None:
    capture = copy_in(Capture())  # without the beginning of the connection
    result = read_bytes(tmp_path, capture.pcap(), "x.pcap", WANTED)
    ends = {(one.fields["client"], one.fields["client_port"], one.fields["server"], one.fields["server_port"]) for one in result.records}
    assert ends == {("10.1.2.3", 50_001, "10.1.2.9", 445)}


def test_reading_is_no_writing(tmp_path: Path) -> None:
    capture = opened(mask=0x0012_0089)
    capture.ask(smb2(8, struct.pack("<HBBIQ", 49, 80, 0, 100, 0) + _ONE + bytes(17), 5))
    capture.reply(smb2(8, struct.pack("<HBBIII", 17, 80, 0, 100, 0, 0) + bytes(100), 5, answer=True))
    assert acts(told(tmp_path, shut(capture))) == [("connect", r"\\srv9\C$"), ("open", r"tools\up.exe")]


def test_what_was_opened_for_writing_and_not_written(tmp_path: Path) -> None:
    assert acts(told(tmp_path, shut(opened()))) == [("connect", r"\\srv9\C$"), ("open", r"tools\up.exe")]


def test_a_refused_open_is_none(tmp_path: Path) -> None:
    capture = Capture().open()
    capture.ask(smb2(3, connect(r"\\srv9\C$"), 3, tree=0)).reply(smb2(3, connected(), 3, answer=True))
    capture.ask(smb2(5, create("x.exe"), 4)).reply(smb2(5, ERROR, 4, answer=True, status=DENIED))
    assert acts(told(tmp_path, capture)) == [("connect", r"\\srv9\C$")]


def test_a_refused_write_is_none(tmp_path: Path) -> None:
    capture = opened().ask(smb2(9, write(_ONE, b"MZ"), 5)).reply(smb2(9, ERROR, 5, answer=True, status=DENIED))
    assert acts(told(tmp_path, shut(capture))) == [("connect", r"\\srv9\C$"), ("open", r"tools\up.exe")]


def test_a_refused_share_is_none(tmp_path: Path) -> None:
    capture = Capture().open().ask(smb2(3, connect(r"\\srv9\C$"), 3, tree=0)).reply(smb2(3, ERROR, 3, answer=True, status=DENIED))
    assert acts(told(tmp_path, capture)) == []


def test_bytes_into_a_pipe_are_no_file(tmp_path: Path) -> None:
    capture = Capture().open()
    capture.ask(smb2(3, connect(r"\\srv9\IPC$"), 3, tree=0)).reply(smb2(3, connected(2), 3, answer=True))
    capture.ask(smb2(5, create("mypipe"), 4)).reply(smb2(5, created(_ONE), 4, answer=True))
    capture.ask(smb2(9, write(_ONE, b"MZ"), 5)).reply(smb2(9, written(2), 5, answer=True))
    assert acts(told(tmp_path, shut(capture))) == [("connect", r"\\srv9\IPC$"), ("open", "mypipe")]


def test_what_is_open_when_the_capture_ends_is_told(tmp_path: Path) -> None:
    capture = opened().ask(smb2(9, write(_ONE, b"MZ"), 5)).reply(smb2(9, written(2), 5, answer=True))
    assert acts(told(tmp_path, capture))[-1] == ("write", r"tools\up.exe")


def test_several_requests_in_one_message(tmp_path: Path) -> None:
    capture = Capture().open()
    capture.ask(smb2(3, connect(r"\\srv9\C$"), 3, tree=0)).reply(smb2(3, connected(), 3, answer=True))
    capture.ask(
        smb2(5, create("one.exe"), 4), smb2(9, write(RELATED, b"MZ" * 8), 5, related=True), smb2(6, close(RELATED), 6, related=True)
    )
    capture.reply(
        smb2(5, created(_ONE), 4, answer=True),
        smb2(9, written(16), 5, answer=True, related=True),
        smb2(6, closed(16), 6, answer=True, related=True),
    )
    rows = told(tmp_path, capture)
    assert acts(rows) == [("connect", r"\\srv9\C$"), ("open", "one.exe"), ("write", "one.exe")]
    assert rows[-1]["size"] == 16


def test_a_file_renamed(tmp_path: Path) -> None:
    capture = opened("a.tmp").ask(smb2(17, rename(_ONE, "b.exe"), 5)).reply(smb2(17, SET, 5, answer=True))
    rows = told(tmp_path, shut(capture), "smb")
    assert (rows[-1]["action"], rows[-1]["name"], rows[-1]["previous"]) == ("rename", "b.exe", "a.tmp")


def test_a_file_deleted(tmp_path: Path) -> None:
    capture = opened("a.exe").ask(smb2(17, dispose(_ONE), 5)).reply(smb2(17, SET, 5, answer=True))
    assert acts(told(tmp_path, shut(capture)))[-1] == ("delete", "a.exe")
    assert acts(told(tmp_path, shut(opened("a.exe", options=0x1000))))[-1] == ("delete", "a.exe")


@pytest.mark.parametrize(
    ("opnum", "wide", "name"), [(12, True, "CreateServiceW"), (24, False, "CreateServiceA"), (44, False, "CreateServiceWOW64A")]
)
def test_the_ways_to_create_a_service(tmp_path: Path, opnum: int, wide: bool, name: str) -> None:
    rows = told(tmp_path, run_service(Capture().open(), r"C:\tools\up.exe", opnum=opnum, wide=wide), "dce_rpc")
    assert (rows[0]["operation"], rows[0]["service"], rows[0].get("path")) == (name, "Upd", r"C:\tools\up.exe")


def test_a_call_that_the_server_refused_says_so(tmp_path: Path) -> None:
    rows = told(tmp_path, run_service(Capture().open(), r"C:\tools\up.exe", code=5), "dce_rpc")
    assert [row["code"] for row in rows] == [5, 5]


def test_calls_over_tcp_without_a_pipe(tmp_path: Path) -> None:
    capture = Capture(server=(SERVER[0], 49_700)).open()
    for call, opnum in ((2, 1), (3, 12)):
        if call == 2:
            capture.say(bind(SCHEDULER), from_client=True, framed=False)
        capture.say(ask(opnum, bytes(40), call), from_client=True, framed=False)
        capture.say(fault(call) if call == 3 else reply(bytes(8), call), from_client=False, framed=False)
    rows = told(tmp_path, capture, "dce_rpc")
    assert [(row["interface"], row["operation"], row.get("fault")) for row in rows] == [
        ("ITaskSchedulerService", "SchRpcRegisterTask", None),
        ("ITaskSchedulerService", "SchRpcRun", True),
    ]


def blindness(rows: list[dict[str, Any]]) -> list[str]:
    return [row["reason"] for row in rows if row["row"] == "blind_spot"]


def test_encrypted_smb_is_said_once(tmp_path: Path) -> None:
    capture = Capture().open()
    for _ in range(3):
        capture.say(b"\xfdSMB" + bytes(16) + bytes(16) + struct.pack("<IHHQ", 80, 0, 1, 0x77) + bytes(range(80)), from_client=True)
    rows = told(tmp_path, capture)
    assert blindness(rows) == ["encrypted"]
    assert acts(rows) == []


def test_what_could_not_be_followed_stands_with_the_input(tmp_path: Path) -> None:
    """Also where nobody asks for the records that tell of it."""
    capture = Capture().open()
    capture.say(b"\xfdSMB" + bytes(32) + struct.pack("<IHHQ", 80, 0, 1, 0x77) + bytes(range(80)), from_client=True)
    result = read_bytes(tmp_path, capture.pcap(), "x.pcap", WANTED)
    assert (result.status, result.reason) == ("partly", "1 connection could not be followed: encrypted")


def test_lost_segments_are_said_and_nothing_is_made_of_them(tmp_path: Path) -> None:
    capture = opened().lose(500, from_client=True)
    rows = told(tmp_path, shut(capture))
    assert blindness(rows) == ["segments before this one are not in the capture"]
    assert ("write", r"tools\up.exe") not in acts(rows)


def test_nothing_is_said_of_a_capture_that_has_all(tmp_path: Path) -> None:
    assert blindness(told(tmp_path, run_service(copy_in(Capture().open()), r"C:\tools\up.exe"))) == []


def test_cut_packets_are_said(tmp_path: Path) -> None:
    rows = told(tmp_path, copy_in(Capture().open()).pcap(snap=150))
    assert "packets are cut off: the capture kept less than went over the wire" in blindness(rows)


def test_the_same_rows_however_it_is_packed(tmp_path: Path) -> None:
    capture = run_service(copy_in(Capture().open()), r"C:\tools\up.exe")
    content = capture.pcap()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.pcap", content)
    expected = told(tmp_path, content)
    assert len(expected) == 8
    for other in (gzip.compress(content), zstandard.compress(content), packed.getvalue(), capture.pcapng()):
        rows = told(tmp_path, other)
        assert [{**row, "ts": row["ts"][:17]} for row in rows] == [{**row, "ts": row["ts"][:17]} for row in expected]


def test_a_capture_that_breaks_off_says_so_and_gives_what_it_has(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, copy_in(Capture().open()).pcap()[:-20], "x.pcap", WANTED)
    assert result.status == "partly"
    assert "cut short in the middle of a packet" in str(result.reason)
    assert [one.fields["action"] for one in result.records if one.fields["row"] == "smb"] == ["connect", "open", "write"]


def test_a_damaged_capture_says_so(tmp_path: Path) -> None:
    content = bytearray(copy_in(Capture().open()).pcap())
    content[400:420] = b"\xff" * 20
    result = read_bytes(tmp_path, bytes(content), "x.pcap", WANTED)
    assert (result.status, result.reason is not None) == ("partly", True)


def test_without_tshark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = read_bytes(tmp_path, Capture().open().pcap(), "x.pcap", WANTED)
    assert (result.status, result.records) == ("not_understood", [])
    assert str(result.reason).startswith("there is no tshark; packet captures are read by tshark")


def test_a_tshark_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "tshark"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho \"tshark: Some fields aren't valid:\" >&2\nprintf '\\tsmb2.new\\n' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    result = read_bytes(tmp_path, Capture().open().pcap(), "x.pcap", WANTED)
    assert result.status == "not_understood"
    assert str(result.reason).startswith("this tshark does not know smb2.new; ")


def test_settings_and_scripts_of_the_user_count_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = copy_in(Capture().open())
    expected = told(tmp_path, content)
    marker = tmp_path / "ran"
    for folder in (tmp_path / ".config" / "wireshark", tmp_path / ".wireshark", tmp_path):
        (folder / "plugins").mkdir(parents=True, exist_ok=True)
        (folder / "disabled_protos").write_text("smb2\nnbss\n", encoding="utf-8")
        (folder / "preferences").write_text("gui.column.format: \nnbss.desegment_nbss_commands: FALSE\n", encoding="utf-8")
        (folder / "plugins" / "x.lua").write_text(f"io.open({str(marker)!r}, 'w'):close()", encoding="utf-8")
    for name in ("HOME", "WIRESHARK_CONFIG_DIR", "WIRESHARK_PLUGIN_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    assert told(tmp_path, content) == expected
    assert not marker.exists()


@pytest.mark.parametrize("name", ["a\tb.exe", "a\nb.exe", "a\x1fb.exe", "a|b,c;d.exe", "日本\u202eexe.txt", "'\"\\.exe"])
def test_hostile_names(tmp_path: Path, name: str) -> None:
    rows = told(tmp_path, copy_in(Capture().open(), name), "smb")
    assert [row["action"] for row in rows] == ["connect", "open", "write"]
    if name.isprintable():
        assert rows[-1]["name"] == name


def test_nothing_is_left_behind_when_the_reader_stops(tmp_path: Path) -> None:
    capture = copy_in(Capture().open())
    for number in range(3000):
        capture.ask(smb2(3, connect(rf"\\srv9\s{number}"), 10 + number, tree=0)).reply(smb2(3, connected(), 10 + number, answer=True))
    path = tmp_path / "x.pcap"
    path.write_bytes(capture.pcap())
    (source,) = discover([str(path)])
    others = psutil.Process().children(recursive=True)
    batches = iter(read(source, WANTED, ignore))
    next(batches)
    children = [child for child in psutil.Process().children(recursive=True) if child not in others]
    assert children
    batches.close()  # type: ignore[attr-defined]
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


def test_what_is_known_of_connections_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_frames, "PENDING", 2)
    capture = Capture().open()
    capture.ask(smb2(3, connect(r"\\srv9\C$"), 3, tree=0)).reply(smb2(3, connected(), 3, answer=True))
    for number in range(5):
        one = file_id(20 + number)
        capture.ask(smb2(5, create(f"{number}.exe"), 100 + number)).reply(smb2(5, created(one), 100 + number, answer=True))
        capture.ask(smb2(9, write(one, b"MZ"), 200 + number)).reply(smb2(9, written(2), 200 + number, answer=True))
    found = [name for action, name in acts(told(tmp_path, capture)) if action == "write"]
    assert sorted(found) == [f"{number}.exe" for number in range(5)]


def test_what_lasts_over_a_new_beginning_of_the_dissector_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It forgets what it knew every so many packets; which file is open, and what a service is, is not its business."""
    capture = run_service(copy_in(Capture().open()), r"C:\tools\up.exe")
    expected = told(tmp_path, capture)
    monkeypatch.setattr(tshark, "RESET", 9)
    monkeypatch.setattr(captures, "RESET", 9)
    result = read_bytes(tmp_path, capture.pcap(), "x.pcap", WANTED)
    assert [one.fields["row"] for one in result.records] == [row["row"] for row in expected]
    assert (result.status, result.count) == ("partly", len(capture.packets))
    assert str(result.reason).startswith("the dissector began anew after each 9 packets")


def test_public_captures(shared: Path) -> None:
    def of(file: str) -> Pass:
        return read_path(shared / "datasets" / "OISF+suricata-verify" / "tests" / file, WANTED)

    psexec = of("smb2-07/20171220_smb_psexec_add_user.pcap")
    (copied,) = (one.fields for one in psexec.records if one.fields.get("action") == "write")
    assert (copied["name"], copied["size"], copied["share"]) == ("PSEXESVC.exe", 145_568, r"\\dc1\ADMIN$")
    assert [one.fields["path"] for one in psexec.records if one.fields.get("operation") == "CreateServiceWOW64W"] == [
        r"%SystemRoot%\PSEXESVC.exe"
    ]
    (job,) = (one.fields for one in of("smb2-04/20171220_smb_at_schedule.pcap").records if one.log == "capture-dce-rpc")
    assert (job["operation"], job["path"], job["code"]) == ("NetrJobAdd", r"c:\mimikatz.exe", 0)
    assert [one for one in of("smb2-05/20171220_smb_mimikatz_copy_to_host.pcap").records if one.fields.get("action") == "write"] == []
