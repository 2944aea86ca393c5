"""What a command line refers to: every trap of text between a written file and the command that runs it."""

from __future__ import annotations

import base64
import json
import time
import zipfile
from typing import TYPE_CHECKING

import pytest
from evtx import PyEvtxParser
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.syntax.commands import MAX_LENGTH, How, Role, cut, names, references, refers_to
from graphcorr.syntax.folding import fold
from graphcorr.syntax.paths import base_name, path_key

if TYPE_CHECKING:
    from pathlib import Path


def encode(script: str) -> str:
    return base64.b64encode(script.encode("utf-16-le")).decode()


def found(command_line: str, image: str | None = None, directory: str | None = None) -> list[tuple[str, str]]:
    """Role and path of every reference except the program's own."""
    return [(one.role.value, one.path) for one in references(command_line, image, directory) if one.role is not Role.PROGRAM]


@pytest.mark.parametrize(
    ("command_line", "path", "role"),
    [
        (r"WINWORD.EXE /n C:\home\a.docx", r"C:\home\a.docx", "operand"),
        (r'mmc.exe eventvwr.msc /l:"C:\Users\a\SMB exec.evtx"', r"C:\Users\a\SMB exec.evtx", "operand"),
        (r"unknown.exe C:\p\payload.bin", r"C:\p\payload.bin", "operand"),
        (r"EXCEL.EXE C:\home\macro.xlsm", r"C:\home\macro.xlsm", "argument"),
        (r"python.exe C:\p\payload.dat", r"C:\p\payload.dat", "argument"),
        (r"msbuild.exe C:\p\build.xml", r"C:\p\build.xml", "argument"),
        (r"unknown.exe C:\p\payload", r"C:\p\payload", "operand"),
        (r"unknown.exe C:\p\payload.dll", r"C:\p\payload.dll", "argument"),
        (r"unknown.exe C:\p\run.ps1", r"C:\p\run.ps1", "operand"),
        (r"cmd /c C:\p\notes.txt", r"C:\p\notes.txt", "argument"),
    ],
)
def test_a_document_is_opened_and_code_is_run(command_line: str, path: str, role: str) -> None:
    """A file that is edited over a share is no execution because an editor is started with it."""
    assert (role, path) in found(command_line)


PROGRAMS = "C:\\Program Files\\"
SYSTEM = "C:\\Windows\\System32\\"


@pytest.mark.parametrize(
    ("image", "arguments", "path"),
    [
        (PROGRAMS + r"Notepad++\notepad++.exe", r"C:\p\a.ps1", r"C:\p\a.ps1"),
        (PROGRAMS + r"Windows Defender\MpCmdRun.exe", r"-Scan -ScanType 3 -File C:\p\a.exe", r"C:\p\a.exe"),
        (PROGRAMS + r"7-Zip\7zG.exe", r"a -tzip b.zip C:\p\a.dll", r"C:\p\a.dll"),
        (PROGRAMS + r"Git\cmd\git.exe", r"add C:\p\a.py", r"C:\p\a.py"),
        (r"D:\Program Files (x86)\Backup\agent.exe", r"--file C:\p\a", r"C:\p\a"),
        (r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\csc.exe", r"/out:C:\p\a.dll C:\p\a.cs", r"C:\p\a.cs"),
        (SYSTEM + "netsh.exe", r"advfirewall firewall add rule name=x action=allow program=C:\p\a.exe", r"C:\p\a.exe"),
        (SYSTEM + "msiexec.exe", r"/l*v C:\p\a.log /i C:\p\a.msi", r"C:\p\a.log"),
        (SYSTEM + "rundll32.exe", r"shimgvw.dll,ImageView_Fullscreen C:\p\a.jpg", r"C:\p\a.jpg"),
        (SYSTEM + "rundll32.exe", r"C:\Windows\System32\comsvcs.dll, MiniDump 624 C:\p\l.dmp full", r"C:\p\l.dmp"),
        (SYSTEM + "cscript.exe", r"//nologo C:\p\a.vbs C:\p\list.txt", r"C:\p\list.txt"),
        (SYSTEM + r"WindowsPowerShell\v1.0\powershell.exe", r"-File C:\p\a.ps1 C:\p\list.csv", r"C:\p\list.csv"),
        (SYSTEM + r"WindowsPowerShell\v1.0\powershell.exe", r"Get-AuthenticodeSignature C:\p\a.exe", r"C:\p\a.exe"),
        (SYSTEM + r"WindowsPowerShell\v1.0\powershell.exe", r"(Get-Item C:\p\a.exe).VersionInfo", r"C:\p\a.exe"),
        (SYSTEM + r"WindowsPowerShell\v1.0\powershell.exe", r"if (Test-Path C:\p\a.exe) { exit }", r"C:\p\a.exe"),
        (SYSTEM + r"WindowsPowerShell\v1.0\powershell.exe", r"Add-MpPreference -ExclusionPath C:\p\a.exe", r"C:\p\a.exe"),
        (SYSTEM + r"wbem\WMIC.exe", r"datafile where name=C:\p\a.exe get version", r"C:\p\a.exe"),
        (SYSTEM + r"WindowsPowerShell\v1.0\powershell.exe", r"ls C:\p | ? { $_.FullName -eq 'C:\p\a.exe' }", r"C:\p\a.exe"),
        (SYSTEM + r"WindowsPowerShell\v1.0\powershell.exe", r"[System.IO.File]::Exists('C:\p\a.exe')", r"C:\p\a.exe"),
    ],
)
def test_what_is_read_shown_or_written_is_not_run(image: str, arguments: str, path: str) -> None:
    """What an installed program starts has a process of its own; that it was named to an editor or a scanner says nothing."""
    assert [one.role.value for one in references(f'"{image}" {arguments}', image) if one.path == path] == ["operand"]


@pytest.mark.parametrize(
    ("image", "arguments", "path"),
    [
        (r"C:\Users\Public\notepad++.exe", r"C:\p\a.dll", r"C:\p\a.dll"),
        (r"C:\Windows\Temp\tool.exe", r"C:\p\a.dll", r"C:\p\a.dll"),
        (r"C:\Windows\tool.exe", r"C:\p\a.dll", r"C:\p\a.dll"),
        (SYSTEM + "netsh.exe", r"add helper C:\p\a.dll", r"C:\p\a.dll"),
        (SYSTEM + "dnscmd.exe", r"/config /serverlevelplugindll C:\p\a.dll", r"C:\p\a.dll"),
        (SYSTEM + "mmc.exe", r"C:\p\a.msc", r"C:\p\a.msc"),
        (SYSTEM + r"wbem\WMIC.exe", r"os get /format:C:\p\a.xsl", r"C:\p\a.xsl"),
        (SYSTEM + "regsvr32.exe", r"/s C:\p\a.png C:\p\b.png", r"C:\p\b.png"),
        (SYSTEM + "rundll32.exe", r"url.dll,OpenURL file://C:\p\a.exe", r"C:\p\a.exe"),
        (SYSTEM + "cscript.exe", r"pubprn.vbs localhost script:C:\p\a.sct", r"C:\p\a.sct"),
        (SYSTEM + "wscript.exe", r"//B //E:vbscript C:\p\a.txt", r"C:\p\a.txt"),
        (r"C:\Python\python.exe", r"-O C:\p\a.txt", r"C:\p\a.txt"),
        (SYSTEM + "diskshadow.exe", r"/s C:\p\a.txt", r"C:\p\a.txt"),
        (SYSTEM + "cmd.exe", r"/c cmd < C:\p\a.txt", r"C:\p\a.txt"),
        (SYSTEM + "cmd.exe", r"/c type C:\p\a.txt | powershell -", r"C:\p\a.txt"),
        (PROGRAMS + r"Microsoft Office\root\Office16\EXCEL.EXE", r"C:\p\a.xlsm", r"C:\p\a.xlsm"),
        (SYSTEM + r"WindowsPowerShell\v1.0\powershell.exe", r"Add-Type -Path C:\p\a.dll", r"C:\p\a.dll"),
        (
            SYSTEM + r"WindowsPowerShell\v1.0\powershell.exe",
            r"[Reflection.Assembly]::Load([IO.File]::ReadAllBytes('C:\p\a.dll'))",
            r"C:\p\a.dll",
        ),
    ],
)
def test_what_is_loaded_or_started_is_run(image: str, arguments: str, path: str) -> None:
    assert [one.role.value for one in references(f'"{image}" {arguments}', image) if one.path == path] == ["argument"]


@pytest.mark.parametrize(
    ("command_line", "expected"),
    [
        # the shell: working directory, redirection, several commands
        (
            r"cmd.exe /Q /c hello.exe 1> \\127.0.0.1\ADMIN$\__168.45 2>&1",
            [("redirect", r"\\127.0.0.1\ADMIN$\__168.45"), ("argument", r"W:\hello.exe")],
        ),
        (
            r"cmd /c a.exe >out.txt 2>>C:\err.txt <in.txt",
            [("redirect", r"W:\out.txt"), ("redirect", r"C:\err.txt"), ("operand", r"W:\in.txt"), ("argument", r"W:\a.exe")],
        ),
        (r"cmd /c C:\a.exe&C:\b.exe&&(C:\c.exe)||C:\d.exe|C:\e.exe", [("argument", rf"C:\{x}.exe") for x in "abcde"]),
        (r"cmd /c C:\a^.e^xe ^> C:\b.dll", [("argument", r"C:\a.exe"), ("argument", r"C:\b.dll")]),
        (r'cmd.exe /c ""C:\a b\x.exe" -y"', [("argument", r"C:\a b\x.exe")]),
        (r'cmd /c "C:\Program Files (x86)\a\x.exe" -y', [("argument", r"C:\Program Files (x86)\a\x.exe")]),
        (r"cmd /c cd /d C:\Temp && evil.exe", [("argument", r"C:\Temp\evil.exe")]),
        (r"cmd /c cd \ & evil.exe", [("argument", r"W:\evil.exe")]),
        (r"cmd /c if exist C:\a.exe C:\a.exe", [("operand", r"C:\a.exe"), ("argument", r"C:\a.exe")]),
        (r"cmd /V:ON/C C:\a.exe", [("argument", r"C:\a.exe")]),
        (r"%COMSPEC% /C start /b /min C:\a.exe -x", [("argument", r"C:\a.exe")]),
        # named, but not run
        (r"cmd /c copy C:\a.exe \\h\c$\b.exe", [("operand", r"C:\a.exe"), ("operand", r"\\h\c$\b.exe")]),
        (r"cmd /c del C:\a.exe", [("operand", r"C:\a.exe")]),
        (r"certutil -decode C:\a.txt C:\b.exe", [("operand", r"C:\a.txt"), ("operand", r"C:\b.exe")]),
        (r"reg save HKLM\SAM C:\sam.hiv", [("operand", r"C:\sam.hiv")]),
        # loaders
        (r"rundll32 c:\p\x.dll,entry", [("argument", r"c:\p\x.dll")]),
        (r"rundll32 c:\p\x,#1", [("argument", r"c:\p\x")]),
        (r'rundll32.exe "c:\p q\x",#1', [("argument", r"c:\p q\x")]),
        (r"rundll32 payload,Start", [("argument", r"W:\payload")]),
        (r'rundll32 javascript:"\..\mshtml,RunHTMLApplication"', []),
        (r"regsvr32 /s /u /i:http://a/b.sct scrobj.dll", [("argument", r"W:\scrobj.dll")]),
        (r"msbuild x.xml", [("argument", r"W:\x.xml")]),
        (r"msbuild C:\My Dir\x.xml", [("argument", r"C:\My"), ("argument", r"C:\My Dir\x.xml"), ("argument", r"W:\Dir\x.xml")]),
        (r"wscript //nologo //B \\h\s\x.vbs", [("argument", r"\\h\s\x.vbs")]),
        (
            r"x.exe /opt:C:\a.dll -p=C:\b.dll --config=rel\c.ini",
            [("argument", r"C:\a.dll"), ("argument", r"C:\b.dll"), ("operand", r"W:\rel\c.ini")],
        ),
        (
            r"x.exe %windir%\a.dll %TEMP%\b.dll 10.0.0.1 HKLM\Software\x http://h/c.exe",
            [("argument", r"%windir%\a.dll"), ("argument", r"%TEMP%\b.dll")],
        ),
        (r"mshta file:///C:/a/b.hta", [("argument", r"C:\a\b.hta")]),
        # PowerShell
        (r"powershell -ep bypass -File x.ps1", [("argument", r"W:\x.ps1")]),
        (r"pwsh ./x.ps1 -y", [("argument", r"W:\x.ps1")]),
        (
            "powershell -noP -sta -w 1 -enc " + encode(r"& 'C:\a b\x.ps1'; Remove-Item C:\y.exe"),
            [("argument", r"C:\a b\x.ps1"), ("operand", r"C:\y.exe")],
        ),
        ("powershell -e " + encode("powershell -enc " + encode(r"C:\deep.exe")), [("argument", r"C:\deep.exe")]),
        (r'powershell -c "gc C:\x.ps1 | iex"', [("argument", r"C:\x.ps1")]),
        (r'powershell -c "Invoke-Command -ComputerName h -ScriptBlock { C:\x.exe }"', [("remote", r"C:\x.exe")]),
        # launchers
        (r'schtasks /create /tn x /tr "C:\x.exe -z" /sc once', [("argument", r"C:\x.exe")]),
        (r'schtasks /create /s h1 /tr "C:\x.exe" /sc once', [("remote", r"C:\x.exe")]),
        (r'schtasks /create /s localhost /tr "C:\x.exe" /sc once', [("argument", r"C:\x.exe")]),
        (r'sc create n binPath= "\"C:\a b\x.exe\" -k" start= auto', [("argument", r"C:\a b\x.exe")]),
        (r"sc \\h config n binPath=C:\y.exe", [("remote", r"C:\y.exe")]),
        (
            r'wmic /node:h process call create "cmd /c C:\x.bat > C:\o"',
            [("remote", r"C:\o"), ("remote", r"W:\cmd"), ("remote", r"C:\x.bat")],
        ),
        (r'wmic process call create "C:\x.bat"', [("argument", r"C:\x.bat")]),
        (r"psexec \\host -u a -p b -s C:\x.exe C:\arg.txt", [("remote", r"C:\x.exe"), ("remote", r"C:\arg.txt")]),
        (r"psexec64.exe -accepteula -i 1 -s C:\x.exe", [("argument", r"C:\x.exe")]),
        (r"psexec \\127.0.0.1 C:\x.exe", [("argument", r"C:\x.exe")]),
    ],
)
def test_references(command_line: str, expected: list[tuple[str, str]]) -> None:
    assert found(command_line, directory="W:\\") == expected


def test_smbexec_names_its_batch_file_and_its_output_in_their_roles() -> None:
    line = (
        r"%COMSPEC% /Q /c echo dir ^> \\127.0.0.1\C$\__output 2^>^&1 > %TEMP%\execute.bat"
        r" & %COMSPEC% /Q /c %TEMP%\execute.bat & del %TEMP%\execute.bat"
    )
    assert found(line) == [
        ("redirect", r"%TEMP%\execute.bat"),
        ("operand", r"\\127.0.0.1\C$\__output"),
        ("argument", "%COMSPEC%"),
        ("argument", r"%TEMP%\execute.bat"),
        ("operand", r"%TEMP%\execute.bat"),
    ]


def test_an_unquoted_program_with_blanks_has_several_readings() -> None:
    readings = references(r"C:\Program Files\a b.exe -x")
    assert [(one.path, one.how, one.certain) for one in readings] == [
        (r"C:\Program", How.PREFIX, False),
        (r"C:\Program Files\a", How.PREFIX, False),
        (r"C:\Program Files\a b.exe", How.PREFIX, False),
    ]


def test_the_image_decides_between_the_readings() -> None:
    readings = references(r"C:\Program Files\a b.exe -x", r"C:\Program Files\a b.exe")
    assert [one.path for one in readings if one.certain] == [r"C:\Program Files\a b.exe"]


def test_a_bare_program_is_the_image_that_was_found() -> None:
    (program,) = references("hello.exe  ", r"C:\hello.exe", "D:\\")
    assert (program.path, program.role, program.certain) == (r"C:\hello.exe", Role.PROGRAM, True)


def test_a_bare_name_is_uncertain_because_of_the_search_path() -> None:
    (program,) = references("hello.exe", None, "D:\\")
    assert (program.path, program.how, program.certain) == (r"D:\hello.exe", How.RELATIVE, False)


def test_a_command_line_without_its_program() -> None:
    assert references(" /setautostart /background", r"C:\x\OneDrive.exe") == ()
    assert names(" /setautostart /background", r"C:\x\OneDrive.exe") == ["onedrive.exe"]


def test_the_image_tells_what_a_false_first_word_hides() -> None:
    assert found(r"svchost /c C:\x.exe", r"C:\Windows\System32\cmd.exe") == [("argument", r"C:\x.exe")]


def test_encoded_references_say_so() -> None:
    assert [one.how for one in references("powershell -enc " + encode(r"C:\x.exe"))] == [How.RELATIVE, How.ENCODED]


def test_names_are_sorted_and_folded_and_hold_every_reading() -> None:
    assert names(r"C:\Program Files\A b.EXE %COMSPEC%") == ["%comspec%", "a", "a b.exe", "cmd.exe", "program"]


def test_long_command_lines_are_cut_and_marked() -> None:
    line = r"x.exe C:\a.dll " + "y " * MAX_LENGTH + r"C:\b.dll"
    assert [one.path for one in references(line)] == ["x.exe", r"C:\a.dll"]
    assert cut(line).truncated
    assert not cut("x.exe").truncated


def test_too_many_candidates_are_marked() -> None:
    assert cut("x.exe " + " ".join(f"C:\\{number}.dll" for number in range(400))).truncated


def test_nesting_is_bounded() -> None:
    assert cut("cmd /c " * 50 + r"C:\x.exe").truncated


@pytest.mark.parametrize(
    "line",
    [
        '"' * 32_000,
        "a " * 16_000,
        "C:\\a " * 6_400,
        '\\"' * 16_000,
        'cmd /c "' * 4_000,
        "cmd /c " + "a>b " * 8_000,
        "powershell -c " + "+" * 32_000,
        "powershell -c " + "'a" * 16_000,
        "cmd /c " + "if " * 10_000,
        "cmd /c " + "(" * 32_000,
        "powershell -enc " + "QQBB" * 8_000,
    ],
)
def test_hostile_text_takes_linear_time(line: str) -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        names(text)
        return time.process_time() - start

    # Quadratic time would be seconds here.
    assert seconds(line) < 1.0


@pytest.mark.parametrize(
    ("reference", "written", "how"),
    [
        (r"c:\a\x.exe", r"c:\a\x.exe", "exact"),
        (r"c:\a\x", r"c:\a\x.exe", "extension"),
        (r"c:\a\x", r"c:\a\x.dll", "extension"),
        (r"c:\a\x", r"c:\a\x.txt", None),
        (r"c:\a\x.exe", r"c:\a\x", None),
        (r"c:\a\x.exe", r"c:\b\x.exe", None),
        (r"c:\windows\system32\x.dll", r"c:\windows\syswow64\x.dll", "wow64"),
        (r"c:\windows\sysnative\x.dll", r"c:\windows\system32\x.dll", "wow64"),
        (r"c:\windows\system32\x", r"c:\windows\syswow64\x.dll", "wow64"),
        (r"c:\windows\syswow64\x.dll", r"c:\windows\system32\x.dll", None),  # SysWOW64 is never redirected
        (r"c:\users\pedro~1.gus\x.dll", r"c:\users\pedro.gustavo\x.dll", "short_name"),
        (r"c:\users\pedro~1.gus\x", r"c:\users\pedro.gustavo\x.dll", "short_name"),
        (r"c:\windows\cmd.exe", r"c:\windows\system32\cmd.exe", None),
    ],
)
def test_refers_to(reference: str, written: str, how: str | None) -> None:
    assert refers_to(reference, written) == how


WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "cmd", "/c", "cmd.exe /c", "powershell", "-enc", "-c", "rundll32", "C:\\a b\\x", "C:\\x.dll,#1", '"', "\\", "&", "|", ">",
                "1>", "(", ")", "^", "%windir%\\x", "%", "start", "sc", "binPath=", "wmic", "process", "call", "create", "/node:h",
                "psexec", "\\\\h", "x.exe.", "a:b", "cd", "if", "exist", "for", "do", "@", "-", "/", "=", ",", "'", "file:///C:/x.hta",
                "..\\y.exe", "schtasks", "/tr", encode("C:\\z.exe"),
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=10,
)  # fmt: skip


@given(
    WORDS,
    st.sampled_from([" ", ""]),
    st.sampled_from([None, "C:\\a b\\x.exe", "cmd.exe", ""]),
    st.sampled_from([None, "C:\\w\\", "\\\\h\\s", ""]),
)
def test_names_hold_every_reference(words: list[str], glue: str, image: str | None, directory: str | None) -> None:
    line = glue.join(words)
    known = set(names(line, image))
    for one in references(line, image, directory):
        assert fold(base_name(one.path)) in known
        key = path_key(one.path)
        if key is not None and not one.path.endswith(".."):
            assert base_name(key) in known


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(names(text, text), list)
    references("cmd /c " + text, None, text)
    references("powershell -c " + text)


def test_the_written_file_of_a_real_wmiexec(shared: Path) -> None:
    """Records 28 and 29: cmd.exe runs hello.exe from C:\\, and sends the output over the loopback share."""
    file = shared / "datasets/sans-blue-team+DeepBlueCLI/evtx/metasploit-sysmon.evtx"
    records = [json.loads(record["data"])["Event"]["EventData"] for record in PyEvtxParser(str(file)).records_json() if record]
    shell = records[27]
    assert [
        (one.role.value, path_key(one.path)) for one in references(shell["CommandLine"], shell["Image"], shell["CurrentDirectory"])
    ] == [
        ("program", r"c:\windows\system32\cmd.exe"),
        ("redirect", r"c:\windows\__1681926425.452115"),
        ("argument", r"c:\hello.exe"),
    ]
    assert names(shell["CommandLine"], shell["Image"]) == ["__1681926425.452115", "cmd.exe", "hello.exe"]
    program = records[28]
    assert [path_key(one.path) for one in references(program["CommandLine"], program["Image"], program["CurrentDirectory"])] == [
        r"c:\hello.exe"
    ]


def test_the_written_file_of_a_real_msbuild(shared: Path) -> None:
    file = shared / "datasets/OTRF+Security-Datasets/datasets/atomic/windows/lateral_movement/host/empire_msbuild_dcerpc_wmi_smb.zip"
    with zipfile.ZipFile(file) as archive, archive.open(archive.namelist()[0]) as lines:
        records = {number: json.loads(line) for number, line in enumerate(lines, 1) if number in (1208, 1263)}
    named = [
        [(one.role.value, path_key(one.path)) for one in references(record["CommandLine"], record["Image"], record["CurrentDirectory"])]
        for record in records.values()
    ]
    builder = r"c:\windows\microsoft.net\framework64\v4.0.30319\msbuild.exe"
    assert named == [
        [("program", r"c:\windows\system32\cmd.exe"), ("argument", builder), ("argument", r"c:\windows\tasks\pshell.xml")],
        [("program", builder), ("argument", r"c:\windows\tasks\pshell.xml")],
    ]
