"""One key for one file, whatever the log calls it, and no key for what is no file."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphcorr.syntax.folding import fold
from graphcorr.syntax.paths import (
    Expanded,
    base_name,
    default_share_path,
    device_path,
    directory,
    expand,
    has_drive,
    join_share,
    path_key,
    short_name_matches,
    short_names,
    split_stream,
    unc,
    wow64_twins,
)

PIECES = st.lists(
    st.sampled_from(
        [
            "C:", "\\", "\\\\", "/", "?", "??", ".", "..", "...", " ", '"', "'", "\0", "%windir%", "%", "$env:public", "UNC",
            "GLOBALROOT", "Device", "Mup", ";x", "HarddiskVolume1", "Volume{a}", "127.0.0.1", "localhost", "ADMIN$", "C$", "share",
            "IPC$", "SystemRoot", "System32", "a", "b c", "x.exe", ":s", "::$DATA", "ß", "İ", "ſ", "\u212a", "Σ", "\ud800", "~1", "*", "\t",
        ]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (r"C:\Windows\PSEXESVC.exe", r"c:\windows\psexesvc.exe"),
        (r"C:\\Windows\\System32\\GruntHTTP2.exe", r"c:\windows\system32\grunthttp2.exe"),
        (r'"C:\Program Files\a.exe"', r"c:\program files\a.exe"),
        (r"'C:\a b\x.ps1'", r"c:\a b\x.ps1"),
        ("C:\\x.exe\0\0", r"c:\x.exe"),
        ("C:\\x.exe\0rest", r"c:\x.exe"),
        (r"\??\C:\Windows\x.exe", r"c:\windows\x.exe"),
        (r"\\?\C:\Windows\x.exe", r"c:\windows\x.exe"),
        (r"\\.\C:\Windows\x.exe", r"c:\windows\x.exe"),
        (r"\\?\UNC\host\share\x", r"\\host\share\x"),
        (r"%SystemRoot%\x.exe", r"c:\windows\x.exe"),
        (r"%windir%\x.exe", r"c:\windows\x.exe"),
        (r"%%COMSPEC%%", r"c:\windows\system32\cmd.exe"),
        (r"%ProgramData%\x", r"c:\programdata\x"),
        (r"%ProgramFiles(x86)%\x", r"c:\program files (x86)\x"),
        (r"%SystemDrive%\x", r"c:\x"),
        (r"%PUBLIC%\x", r"c:\users\public\x"),
        (r"$env:windir\x", r"c:\windows\x"),
        (r"%TEMP%\x", None),
        (r"\SystemRoot\System32\smss.exe", r"c:\windows\system32\smss.exe"),
        (r"system32\drivers\x.sys", r"c:\windows\system32\drivers\x.sys"),
        (r"\Device\HarddiskVolume3\Windows\X.exe", r"\device\harddiskvolume3\windows\x.exe"),
        (r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\x", r"\device\harddiskvolumeshadowcopy1\x"),
        (r"\\?\Volume{AB-1}\x", r"\\?\volume{ab-1}\x"),
        (r"\Device\Mup\Host\Share\x", r"\\host\share\x"),
        (r"\Device\Mup\;LanmanRedirector\;Z:0000000000012abc\host\share\x", r"\\host\share\x"),
        (r"\\;LanmanRedirector\;X:00\host\share\x", r"\\host\share\x"),
        (r"\Device\NamedPipe\x", None),
        (r"C:\a\.\b\..\c", r"c:\a\c"),
        (r"C:\..\..\x", r"c:\x"),
        (r"\\host\share\..\..\x", r"\\host\share\x"),
        ("C:\\a. \\b.exe. ", r"c:\a\b.exe"),
        (r"C:\Windows" + "\\", r"c:\windows"),
        ("C:\\", "c:\\"),
        ("C:", "c:\\"),
        ("C:/Windows/x", r"c:\windows\x"),
        (r"C:\x.txt:evil.exe", r"c:\x.txt"),
        (r"C:\x.exe::$DATA", r"c:\x.exe"),
        (r"C:\a:b\c", None),
        (r"\\127.0.0.1\C$\x", r"c:\x"),
        (r"\\127.0.0.1\ADMIN$\__1681926425.452115", r"c:\windows\__1681926425.452115"),
        (r"\\localhost\print$\x", r"c:\windows\system32\spool\drivers\x"),
        (r"\\::1\d$\x", r"d:\x"),
        (r"\\127.0.0.1\public\x", r"\\127.0.0.1\public\x"),
        (r"\\host\pipe\x", None),
        (r"\\host\IPC$\svcctl", None),
        (r"\\.\pipe\x", None),
        (r"\\.\PhysicalDrive0", None),
        ("C:\\Straße\\Σας", "c:\\straße\\σασ"),
        (r"C:\*.exe", None),
        ("http://host/x.exe", None),
        ("file.exe", None),
        (r"a\b", None),
        (r"\Windows\x", None),
        ("c:relative", None),
        ("//nologo", None),
        (r"\\host", None),
        ("", None),
        ("-", None),
    ],
)
def test_path_key(text: str, key: str | None) -> None:
    assert path_key(text) == key


def test_own_names_make_drive_shares_local() -> None:
    own = frozenset({"ws5", "ws5.theshire.local", "172.18.39.5"})
    assert path_key(r"\\WS5.theshire.local\C$\x", own) == r"c:\x"
    assert path_key(r"\\172.18.39.5\ADMIN$\x", own) == r"c:\windows\x"
    assert path_key(r"\\WS6\C$\x", own) == r"\\ws6\c$\x"
    assert path_key(r"\\WS5\data\x", own) == r"\\ws5\data\x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"C:\Windows\X", Expanded(r"C:\Windows\X", assumed=False)),
        (r"%SystemRoot%\X", Expanded(r"C:\Windows\X", assumed=True)),
        (r"\\127.0.0.1\C$\X", Expanded(r"C:\X", assumed=False)),
        (r"\\127.0.0.1\ADMIN$\X", Expanded(r"C:\Windows\X", assumed=True)),
        (r"system32\X", Expanded(r"C:\Windows\system32\X", assumed=True)),
        (r"X", None),
    ],
)
def test_defaults_that_were_assumed_are_marked(text: str, expected: Expanded | None) -> None:
    assert expand(text) == expected


@given(PIECES)
@example('C:\\a"\\b')
@example("\\\\C:\\C: \\")
@example("\\\\a\\b \\")
def test_a_key_is_its_own_key(text: str) -> None:
    key = path_key(text)
    if key is not None:
        assert path_key(key) == key
        assert key == fold(key)
        split_stream(key), directory(key), unc(key), device_path(key), wow64_twins(key), short_names(base_name(key))


@given(st.text())
def test_nothing_raises(text: str) -> None:
    path_key(text)
    unc(text), device_path(text), split_stream(text), default_share_path(text), join_share(text, text)
    short_name_matches(text, text[::-1]), short_names(text), has_drive(text), base_name(text)


def test_folding_merges_no_two_files() -> None:
    assert fold("MASSE") != fold("MAßE")
    assert fold("\u212a") != fold("k")  # Kelvin sign
    assert fold("\u0131") != fold("I")  # dotless i
    assert fold("ÄÖÜÉ") == fold("äöüé")
    assert fold("A\u0308U\u0308\u0419") == fold("äü\u0438\u0306") == "äüй"
    assert fold("J\u030c") == fold("ǰ")
    assert fold("\u30ab\u3099") == fold("ガ")
    assert fold("\u1112\u1161\u11ab") == fold("한")
    assert fold("\u212b") != fold("å")  # Ångström sign
    assert fold("Σ") == fold("σ") == fold("ς")
    assert len(fold("İ")) == 1
    assert fold("\U00010400") == "\U00010400"  # beyond the upcase table


@given(st.text())
def test_folding_is_final_and_keeps_the_length(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"C:\x.txt:evil.exe", (r"C:\x.txt", "evil.exe")),
        (r"C:\x.txt:evil.exe:$DATA", (r"C:\x.txt", "evil.exe")),
        (r"C:\x.txt::$DATA", (r"C:\x.txt", None)),
        (r"C:\x.txt", (r"C:\x.txt", None)),
        ("x.exe:Zone.Identifier", ("x.exe", "Zone.Identifier")),
        ("C:x", ("C:x", None)),
    ],
)
def test_split_stream(text: str, expected: tuple[str, str | None]) -> None:
    assert split_stream(text) == expected


def test_unc_keeps_the_spelling_and_knows_loopback_as_network() -> None:
    assert unc(r"\\127.0.0.1\ADMIN$\Temp\X") == ("127.0.0.1", "ADMIN$", r"Temp\X")
    assert unc(r"\Device\Mup\HOST\Share") == ("HOST", "Share", "")
    assert unc(r"\\*\C$") == ("*", "C$", "")
    assert unc(r"C:\x") is None


def test_device_path() -> None:
    assert device_path(r"\Device\HarddiskVolume3\Windows\X") == (r"\device\harddiskvolume3", r"Windows\X")
    assert device_path(r"\\?\Volume{AB}\X") == (r"\\?\volume{ab}", "X")
    assert device_path(r"C:\x") is None
    assert device_path(r"\Device\NamedPipe\x") is None


def test_parts_of_a_key() -> None:
    assert base_name(r"c:\windows\x.exe") == "x.exe"
    assert base_name("x.exe") == "x.exe"
    assert directory(r"c:\windows\x.exe") == r"c:\windows"
    assert directory(r"c:\x.exe") == "c:\\"
    assert directory("x.exe") == ""
    assert has_drive("C:/x")
    assert not has_drive(r"\\h\s")


def test_wow64_twins() -> None:
    assert wow64_twins(r"c:\windows\system32\x.dll") == (r"c:\windows\syswow64\x.dll", r"c:\windows\sysnative\x.dll")
    assert wow64_twins(r"c:\windows\sysnative\x.dll") == (r"c:\windows\system32\x.dll",)
    assert wow64_twins(r"c:\temp\system32\x.dll") == ()


def test_short_names() -> None:
    assert short_names("documents and settings") == ("docume~1", "docume~2", "docume~3", "docume~4")
    assert short_names("pedro.gustavo") == ("pedro~1.gus", "pedro~2.gus", "pedro~3.gus", "pedro~4.gus")
    assert short_names("psexesvc.exe") == ()


@pytest.mark.parametrize(
    ("a", "b", "matches"),
    [
        (r"c:\docume~1\x", r"c:\documents and settings\x", True),
        (r"c:\users\pedro~1.gus\appdata", r"c:\users\pedro.gustavo\appdata", True),
        (r"c:\progra~2\x", r"c:\program files (x86)\x", True),
        (r"c:\pr0a1b~1", r"c:\program files", True),  # the checksum form
        (r"c:\docume~1\x", r"c:\downloads and settings\x", False),
        (r"c:\pedro~1.gut", r"c:\pedro.gustavo", False),
        (r"c:\docume~1\x\y", r"c:\documents and settings\x", False),
        (r"c:\cmd~1.exe", r"c:\cmd.exe", False),  # cmd.exe is short already
        (r"c:\a\x", r"c:\a\x", True),
    ],
)
def test_short_name_matches(a: str, b: str, matches: bool) -> None:
    assert short_name_matches(a, b) is matches
    assert short_name_matches(b, a) is matches


@pytest.mark.parametrize(
    ("share", "path"),
    [
        ("ADMIN$", r"C:\Windows"),
        (r"\\*\ADMIN$", r"C:\Windows"),
        (r"\\host\d$", "D:\\"),
        ("C$", "C:\\"),
        ("print$", r"C:\Windows\System32\spool\drivers"),
        ("IPC$", None),
        ("public", None),
    ],
)
def test_default_share_path(share: str, path: str | None) -> None:
    assert default_share_path(share) == path


@pytest.mark.parametrize(
    ("share_path", "relative", "path"),
    [
        ("\\??\\C:\\", r"Windows\x.exe", r"C:\Windows\x.exe"),
        (r"\??\C:\Windows", r"\Temp\x", r"C:\Windows\Temp\x"),
        ("\\??\\C:\\", "\\", "C:\\"),
        (r"\\host\share", "x", r"\\host\share\x"),
    ],
)
def test_join_share(share_path: str, relative: str, path: str) -> None:
    assert join_share(share_path, relative) == path
