"""Which runs are runs of a written file: by program, by command line, by exact module path; and what is none."""

from __future__ import annotations

import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Confidence
from tests.findings.logs import TARGET, TOOL, Logs, brief, only

SYSTEM = "C:\\Windows\\System32\\"
CMD = SYSTEM + "cmd.exe"


def written(path: str, logs: Logs | None = None, host: str = TARGET) -> Logs:
    """A log in which ``path`` on drive C was written over the network at ten."""
    logs = Logs() if logs is None else logs
    return logs.security_5145("10:00:00", path.partition("\\")[2], host=host, share="C$", folder="\\??\\C:\\")


def program(command: str) -> str:
    """The image of a system program that a command line starts."""
    name = command.split(maxsplit=1)[0].rpartition("\\")[2].removesuffix(".exe")
    return f"{SYSTEM}{name}.exe"


# Written file, command line, working directory. HOST and FULL stand for the host's own short and full name.
RUNS = [
    (r"C:\Users\bob\hello.exe", "cmd /c hello.exe", "C:\\Users\\bob\\"),
    (r"C:\Users\bob\hello.exe", "cmd /c HELLO", r"C:\Users\bob"),
    (r"C:\p\x.dll", r"rundll32 c:\p\x,#1", None),
    (r"C:\p\x.xml", r"C:\Windows\Microsoft.NET\Framework\v4.0.30319\msbuild.exe C:\p\x.xml", None),
    (r"C:\Windows\Temp\run.bat", r'cmd.exe /c "%SystemRoot%\Temp\run.bat"', None),
    (r"C:\Program Files\a b\run.bat", r"cmd /c C:\PROGRA~1\AB7F31~1\run.bat", None),
    (r"C:\Users\bob\run.ps1", r"powershell -File \\127.0.0.1\C$\Users\bob\run.ps1", None),
    (r"C:\Users\bob\run.ps1", r"powershell -File \\localhost\C$\Users\bob\run.ps1", None),
    (r"C:\Users\bob\run.ps1", r"powershell -File \\FULL\C$\Users\bob\run.ps1", None),
    (r"C:\Users\bob\run.ps1", r"powershell -File \\HOST\C$\Users\bob\run.ps1", None),
]
NOT_RUNS = [
    (r"C:\Users\bob\hello.exe", "cmd /c hello.exe", "C:\\Users\\eve\\"),
    (r"C:\Users\bob\hello.exe", "cmd /c hello.exe", None),
    (r"C:\Windows\__1556656511.61", r"cmd.exe /Q /c dir 1> \\127.0.0.1\ADMIN$\__1556656511.61 2>&1", None),
    (r"C:\Users\bob\run.bat", r"cmd /c del C:\Users\bob\run.bat", None),
    (r"C:\Users\bob\run.bat", r"powershell -File \\elsewhere\C$\Users\bob\run.bat", None),
    (r"C:\Windows\cmd.exe", CMD, None),
]


def test_command_lines_that_run_a_file_and_that_do_not() -> None:
    """Each on a host of its own, all in one hunt: hosts do not touch each other."""
    logs = Logs()
    expected = []
    for number, (path, command, directory) in enumerate([*RUNS, *NOT_RUNS]):
        host = f"h{number}.corp.example"
        line = command.replace("HOST", f"H{number}").replace("FULL", host)
        written(path, logs, host).sysmon_1("10:00:05", program(line), line, host=host, directory=directory)
        expected += [(host, path, "command_line")] * (number < len(RUNS))
    assert sorted((str(one.target.host), str(one.file), str(one.execution)) for one in logs.hunt().findings) == sorted(expected)


def test_a_reference_before_the_write_is_none() -> None:
    logs = Logs().sysmon_1("09:59:58", CMD, rf"cmd /c {TOOL}").security_5145("10:00:00")
    assert brief(logs.hunt()) == []


def test_a_short_name_lowers_the_confidence() -> None:
    logs = written(r"C:\Program Files\long name.exe").sysmon_11("10:00:00.1", r"C:\Program Files\long name.exe")
    finding = only(logs.sysmon_1("10:00:05", r"C:\PROGRA~1\LONGNA~1.EXE").hunt())
    assert ("the path matches by an 8.3 short name" in finding.why, finding.confidence) == (True, Confidence.MEDIUM)


@pytest.mark.parametrize(
    "image", [r"\Device\HarddiskVolume3\Windows\Temp\tool.exe", r"\??\C:\Windows\Temp\tool.exe", r"\\?\c:\WINDOWS\temp\.\TOOL.exe."]
)
def test_a_program_by_another_spelling(image: str) -> None:
    assert brief(Logs().security_5145("10:00:00").sysmon_1("10:00:05", image, "tool").hunt()) == [(TOOL, "image")]


def test_a_program_of_the_same_name_elsewhere_is_another() -> None:
    logs = Logs().security_5145("10:00:00", "cmd.exe").sysmon_1("10:00:05", CMD, "cmd.exe")
    assert brief(logs.hunt()) == []


def test_a_short_system32_program_runs_from_syswow64() -> None:
    path = r"C:\Windows\SysWOW64\x.dll"
    logs = (
        Logs()
        .security_5145("10:00:00", r"SysWOW64\x.dll")
        .sysmon_1("10:00:05", SYSTEM + "rundll32.exe", r"rundll32 C:\Windows\System32\x.dll,Go")
    )
    assert brief(logs.hunt()) == [(path, "command_line")]


# --- modules ---

LIBRARY = r"C:\Program Files\Internet Explorer\iertutil.dll"


def library() -> Logs:
    return written(LIBRARY)


def test_a_module_loaded_from_exactly_the_written_path() -> None:
    assert brief(library().sysmon_7("10:00:05", LIBRARY.upper()).hunt()) == [(LIBRARY, "module_load")]


@pytest.mark.parametrize(
    "path",
    [r"C:\Windows\System32\iertutil.dll", r"C:\Program Files (x86)\Internet Explorer\iertutil.dll", r"C:\PROGRA~1\INTERN~1\iertutil.dll"],
)
def test_a_module_of_the_same_name_is_another(path: str) -> None:
    assert brief(library().sysmon_7("10:00:05", path).hunt()) == []


def test_a_program_that_maps_itself_is_a_run_where_its_start_is_not_logged() -> None:
    finding = only(Logs().security_5145("10:00:00").sysmon_7("10:00:05", TOOL, TOOL).hunt())
    assert (finding.execution, finding.pattern) == ("image", "smb-write-then-image-load")
    assert "the run is concluded from a module-load record of the program itself" in finding.why


# --- services ---


def test_an_installed_service_is_no_run() -> None:
    report = Logs().security_5145("10:00:00").service("10:00:03", r"%SystemRoot%\Temp\tool.exe -k").hunt()
    assert [(one.execution, one.execution_time, one.executions) for one in report.findings] == [(None, None, [])]


def test_a_service_is_evidence_of_its_start() -> None:
    logs = Logs().security_5145("10:00:00").service("10:00:03", r'"%SystemRoot%\Temp\tool.exe" -k')
    finding = only(logs.sysmon_1("10:00:05", TOOL, parent=r"C:\Windows\System32\services.exe").hunt())
    assert (finding.execution, [one.role for one in finding.evidence]) == ("service", ["write", "execution", "service"])


def test_a_task_is_told_by_its_parent() -> None:
    logs = Logs().security_5145("10:00:00")
    logs.sysmon_1("10:00:05", TOOL, parent=r"C:\Windows\System32\svchost.exe", parent_command="svchost.exe -k netsvcs -p -s Schedule")
    assert only(logs.hunt()).execution == "task"


# --- paths whose beginning the log leaves open ---


@pytest.mark.parametrize(
    "image", [r"\Device\HarddiskVolume3\Program Files\a\tool.exe", r"\\?\GLOBALROOT\Device\HarddiskVolume3\Program Files\a\tool.exe"]
)
def test_a_volume_may_be_any_drive(image: str) -> None:
    finding = only(written(r"C:\Program Files\a\tool.exe").sysmon_1("10:00:05", image, "tool").hunt())
    assert ("one log names a volume and the other a drive: the path below it is what matches" in finding.why, finding.file) == (
        True,
        r"C:\Program Files\a\tool.exe",
    )


def test_a_file_written_on_a_volume_runs_from_its_drive() -> None:
    logs = Logs().sysmon_11("10:00:00", r"\Device\HarddiskVolume5\a\tool.exe").sysmon_1("10:00:05", r"E:\a\tool.exe")
    assert brief(logs.hunt()) == [(r"\Device\HarddiskVolume5\a\tool.exe", "image")]


@pytest.mark.parametrize(
    "image",
    [r"\Device\HarddiskVolumeShadowCopy3\Program Files\a\tool.exe", r"\Device\HarddiskVolume3\a\tool.exe", r"D:\Program Files\a\tool.exe"],
)
def test_a_shadow_copy_and_another_folder_or_drive_are_other_files(image: str) -> None:
    assert brief(written(r"C:\Program Files\a\tool.exe").sysmon_1("10:00:05", image, "tool").hunt()) == []


def in_share(name: str, share: str = "backup") -> Logs:
    """A file written to a share whose folder no log states."""
    return Logs().security_5145("10:00:00", name, share=share, folder=None)


@pytest.mark.parametrize(
    ("name", "program"),
    [
        (r"pc\Temp\tool.exe", r"D:\store\pc\Temp\tool.exe"),
        (r"Temp\tool.exe", r"D:\backup\Temp\tool.exe"),
        ("tool.exe", r"D:\backup\tool.exe"),
    ],
)
def test_the_end_of_a_path_in_a_share_of_unknown_folder(name: str, program: str) -> None:
    assert brief(in_share(name).sysmon_1("10:00:05", program).hunt()) == [(rf"\\{TARGET}\backup\{name}", "image")]


@pytest.mark.parametrize(
    ("name", "program"),
    [
        (r"Windows\System32\cmd.exe", CMD),
        (r"Program Files\Git\git.exe", r"C:\Program Files\Git\git.exe"),
        ("tool.exe", r"D:\other\tool.exe"),
    ],
)
def test_a_copy_of_another_machines_drive_is_not_this_machines(name: str, program: str) -> None:
    """Else each program of a machine that is backed up to a share here would be one that was run here."""
    assert brief(in_share(name).sysmon_1("10:00:05", program).hunt()) == []


def test_the_end_of_a_path_is_a_guess_that_does_not_last() -> None:
    late = in_share(r"pc\bin\tool.exe").sysmon_1("10:11:00", r"D:\store\pc\bin\tool.exe")
    assert brief(late.hunt()) == []
    assert brief(in_share(r"bin\tool.exe").sysmon_1("10:11:00", r"D:\backup\bin\tool.exe").hunt()) != []


def test_a_program_that_ran_before_is_not_the_one_that_was_written_somewhere() -> None:
    before = in_share(r"pc\bin\tool.exe").sysmon_1("09:00:00", r"D:\store\pc\bin\tool.exe", pid=7)
    assert brief(before.sysmon_1("10:00:05", r"D:\store\pc\bin\tool.exe").hunt()) == []


# --- the host's own share by an address ---


def test_a_program_run_over_the_hosts_own_share_by_an_address_that_no_log_names() -> None:
    """Cobalt Strike registers ``\\\\ADDRESS\\ADMIN$\\x.exe``."""
    logs = Logs().security_5145("10:00:00", "x.exe").service("10:00:02", r"\\10.0.0.9\ADMIN$\x.exe")
    finding = only(logs.sysmon_1("10:00:03", r"\\10.0.0.9\ADMIN$\x.exe", parent=SYSTEM + "services.exe").hunt())
    assert (finding.file, finding.execution) == (r"C:\Windows\x.exe", "service")
    assert Doubt.OWN_ADDRESS.sentence in finding.why


@pytest.mark.parametrize(
    "path", [r"\\10.0.0.9\ADMIN$\y.exe", r"\\10.0.0.9\tools\x.exe", r"\\elsewhere\ADMIN$\x.exe", r"\\10.0.0.7\ADMIN$\x.exe"]
)
def test_another_file_share_or_machine_is_not_the_hosts_own(path: str) -> None:
    logs = Logs().is_at("10.0.0.7", host="another.corp.example").security_5145("10:00:00", "x.exe")
    assert brief(logs.sysmon_1("10:00:03", path).hunt()) == []
