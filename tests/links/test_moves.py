"""A written file that a command on the host renames, moves or copies before it runs."""

from __future__ import annotations

import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Confidence
from tests.findings.logs import TARGET, Logs, brief, only

CMD = r"C:\Windows\System32\cmd.exe"
POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
WRITTEN = r"C:\Windows\Temp\a.tmp"


def moved(command: str, image: str = CMD, directory: str | None = None, time: str = "10:00:10") -> Logs:
    logs = Logs().security_5145("10:00:00", r"Temp\a.tmp").sysmon_11("10:00:00.1", WRITTEN)
    return logs.sysmon_1(time, image, command, pid=7, directory=directory)


@pytest.mark.parametrize(
    ("image", "command", "directory", "program"),
    [
        (CMD, rf"cmd /c ren {WRITTEN} b.exe", None, r"C:\Windows\Temp\b.exe"),
        (CMD, r"cmd /c ren a.tmp b.exe", "C:\\Windows\\Temp\\", r"C:\Windows\Temp\b.exe"),
        (CMD, rf"cmd /c move /y {WRITTEN} D:\x\b.exe", None, r"D:\x\b.exe"),
        (CMD, rf"cmd /c move {WRITTEN} D:\x", None, r"D:\x\a.tmp"),
        (CMD, r"cmd /c cd /d C:\Windows\Temp && copy a.tmp ..\b.exe", None, r"C:\Windows\b.exe"),
        (r"C:\Windows\System32\xcopy.exe", rf"xcopy /y {WRITTEN} D:\x\ ", None, r"D:\x\a.tmp"),
        (POWERSHELL, rf"powershell Rename-Item -Path {WRITTEN} -NewName b.exe", None, r"C:\Windows\Temp\b.exe"),
        (POWERSHELL, rf"powershell -c mv '{WRITTEN}' 'D:\x y\b.exe'", None, r"D:\x y\b.exe"),
    ],
)
def test_what_runs_under_the_new_name_is_what_was_written(image: str, command: str, directory: str | None, program: str) -> None:
    finding = only(moved(command, image, directory).sysmon_1("10:00:20", program).hunt())
    assert (finding.file, finding.execution, [run.image for run in finding.executions]) == (WRITTEN, "image", [program])
    assert Doubt.MOVED.sentence in finding.why
    assert finding.confidence is Confidence.MEDIUM


def test_a_moved_library_or_script_is_run_by_a_loader() -> None:
    logs = moved(rf"cmd /c ren {WRITTEN} b.dll").sysmon_1(
        "10:00:20", r"C:\Windows\System32\rundll32.exe", r"rundll32 C:\Windows\Temp\b.dll,X"
    )
    assert brief(logs.sysmon_7("10:00:20.1", r"C:\Windows\Temp\b.dll").hunt()) == [(WRITTEN, "module_load")]


def test_both_records_of_the_command_are_one_move() -> None:
    logs = moved(rf"cmd /c ren {WRITTEN} b.exe").security_4688("10:00:10", CMD, rf"cmd /c ren {WRITTEN} b.exe", pid=7)
    assert len(only(logs.sysmon_1("10:00:20", r"C:\Windows\Temp\b.exe").hunt()).executions) == 1


def test_a_copy_runs_although_the_written_file_was_removed() -> None:
    logs = moved(rf"cmd /c copy {WRITTEN} D:\b.exe").removed("10:00:15", 23, WRITTEN)
    assert brief(logs.sysmon_1("10:00:20", r"D:\b.exe").hunt()) == [(WRITTEN, "image")]


@pytest.mark.parametrize(
    ("command", "time", "program"),
    [
        (rf"cmd /c ren {WRITTEN} b.exe", "10:00:10", r"C:\Windows\Temp\c.exe"),  # another file
        (rf"cmd /c ren {WRITTEN} b.exe", "10:00:30", r"C:\Windows\Temp\b.exe"),  # renamed after it ran
        (rf"cmd /c ren {WRITTEN} b.exe", "09:00:00", r"C:\Windows\Temp\b.exe"),  # before the write
        (r"cmd /c ren C:\Windows\a.tmp b.exe", "10:00:10", r"C:\Windows\b.exe"),  # not the written one
        (rf"cmd /c echo ren {WRITTEN} b.exe", "10:00:10", r"C:\Windows\Temp\b.exe"),  # only said
        (rf"cmd /c type {WRITTEN}", "10:00:10", r"C:\Windows\Temp\b.exe"),
    ],
)
def test_what_was_not_moved_there_is_another_file(command: str, time: str, program: str) -> None:
    assert brief(moved(command, time=time).sysmon_1("10:00:20", program).hunt()) == []


def test_on_another_host_it_is_another_file() -> None:
    logs = Logs().security_5145("10:00:00", r"Temp\a.tmp")
    logs.sysmon_1("10:00:10", CMD, rf"cmd /c ren {WRITTEN} b.exe", host="other.corp.example")
    assert brief(logs.sysmon_1("10:00:20", r"C:\Windows\Temp\b.exe", host="other.corp.example").hunt()) == []
    assert brief(logs.sysmon_1("10:00:20", r"C:\Windows\Temp\b.exe", host=TARGET).hunt()) == []


def test_what_another_program_makes_there_later_is_another_file() -> None:
    logs = moved(rf"cmd /c copy {WRITTEN} D:\b.exe").sysmon_11("10:00:11", r"D:\b.exe", image=CMD, pid=7)
    assert brief(logs.sysmon_1("10:01:00", r"D:\b.exe").hunt()) == [(WRITTEN, "image")]
    logs.sysmon_11("10:00:40", r"D:\b.exe", image=r"C:\setup.exe", pid=9)
    assert brief(logs.hunt()) == []


@pytest.mark.parametrize("end", ["removed", "overwritten"])
def test_what_becomes_of_it_after_it_ran_says_nothing(end: str) -> None:
    logs = moved(rf"cmd /c copy {WRITTEN} D:\b.exe").sysmon_1("10:00:20", r"D:\b.exe")
    if end == "removed":
        logs.removed("10:00:40", 23, r"D:\b.exe")
    else:
        logs.sysmon_11("10:00:40", r"D:\b.exe", image=r"C:\setup.exe", pid=9)
    assert brief(logs.hunt()) == [(WRITTEN, "image")]


def test_a_projection_of_everything_finds_the_same() -> None:
    logs = moved(rf"cmd /c ren {WRITTEN} b.exe").sysmon_1("10:00:20", r"C:\Windows\Temp\b.exe")
    assert logs.hunt().findings == logs.hunt(full=True).findings != []
