"""What had a program run, by the process beside it."""

from __future__ import annotations

import pytest

from graphcorr.syntax.providers import hosting, mechanism
from tests.findings.logs import TOOL, Logs, only

SYSTEM32 = "C:\\Windows\\System32\\"


@pytest.mark.parametrize(("parent", "command", "expected"), [
    (SYSTEM32 + "services.exe", None, "service"),
    (SYSTEM32 + "TaskEng.exe", None, "task"),
    (SYSTEM32 + "taskhostw.exe", None, "task"),
    (SYSTEM32 + "svchost.exe", "svchost.exe -k netsvcs -p -s Schedule", "task"),
    (SYSTEM32 + "svchost.exe", "svchost.exe -k netsvcs", None),
    (SYSTEM32 + "wbem\\WmiPrvSE.exe", "wmiprvse.exe -secured -Embedding", "wmi"),
    (SYSTEM32 + "wsmprovhost.exe", "wsmprovhost.exe -Embedding", "winrm"),
    (SYSTEM32 + "winrshost.exe", None, "winrm"),
    (SYSTEM32 + "mmc.exe", "mmc.exe -Embedding", "dcom"),
    (r"C:\Office\EXCEL.EXE", "EXCEL.EXE /automation -Embedding", "dcom"),
    (SYSTEM32 + "mmc.exe", "mmc.exe services.msc", None),
    (r"C:\Windows\explorer.exe", "explorer.exe -Embedding", None),
    (None, None, None),
])  # fmt: skip
def test_a_parent_says_what_had_it_run(parent: str | None, command: str | None, expected: str | None) -> None:
    assert mechanism(parent, command) == expected


@pytest.mark.parametrize(("image", "command", "expected"), [
    (SYSTEM32 + "wbem\\WmiPrvSE.exe", None, "wmi"),
    (SYSTEM32 + "wsmprovhost.exe", None, "winrm"),
    (r"C:\Program Files\Internet Explorer\iexplore.exe", "iexplore.exe -Embedding", "dcom"),
    (r"C:\Program Files\Internet Explorer\iexplore.exe", None, None),
    (SYSTEM32 + "services.exe", None, None),  # has its libraries for reasons of its own
    (SYSTEM32 + "svchost.exe", "svchost.exe -k netsvcs -s Schedule", None),
])  # fmt: skip
def test_a_loader_says_what_it_runs_for(image: str, command: str | None, expected: str | None) -> None:
    assert hosting(image, command) == expected


def test_what_ran_and_what_had_it_run_are_two_things() -> None:
    logs = Logs().security_5145("10:00:00")
    logs.sysmon_1("10:00:05", SYSTEM32 + "cmd.exe", f"cmd /c {TOOL}", parent=SYSTEM32 + "wbem\\WmiPrvSE.exe")
    finding = only(logs.hunt())
    assert (finding.execution, finding.started_by) == ("command_line", "wmi")


def test_a_shell_between_the_two_says_what_had_the_program_run() -> None:
    cmd = SYSTEM32 + "cmd.exe"
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05", cmd, f"cmd /c {TOOL}", parent=SYSTEM32 + "wbem\\WmiPrvSE.exe")
    finding = only(logs.sysmon_1("10:00:05.05", parent=cmd, pid=9).hunt())
    assert (finding.execution, finding.started_by) == ("image", "wmi")


def test_what_ran_much_later_says_nothing_of_the_first_run() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05").sysmon_1("10:00:11", parent=SYSTEM32 + "services.exe", pid=9)
    assert (only(logs.hunt()).execution, only(logs.hunt()).started_by) == ("image", None)


def test_the_process_of_a_load_is_asked_for_its_command_line() -> None:
    guid, image = "{9f2b3d64-0000-5f5f-0100-000000000001}", r"C:\Program Files\Internet Explorer\iexplore.exe"
    logs = Logs().security_5145("10:00:00", r"Temp\x.dll").sysmon_7("10:00:05", r"C:\Windows\Temp\x.dll", image)
    logs.records[-1].fields["ProcessGuid"] = guid
    logs.sysmon_1("10:00:04", image, f'"{image}" -Embedding')
    logs.records[-1].fields["ProcessGuid"] = guid
    finding = only(logs.hunt())
    assert (finding.execution, finding.started_by) == ("module_load", "dcom")
