"""Records of one process are one execution, with the most precise time."""

from __future__ import annotations

from tests.findings.logs import TOOL, Logs, only


def records(logs: Logs) -> list[list[int]]:
    """Per execution record numbers of its evidence, as the finding shows them."""
    finding = only(logs.hunt())
    return [[len(finding.executions)], [one.record for one in finding.evidence if one.role == "execution"]]


def test_4688_and_sysmon_1_of_one_process_are_one_execution() -> None:
    logs = Logs().security_5145("10:00:00").security_4688("10:00:05.010").sysmon_1("10:00:05.003")
    assert records(logs) == [[1], [3, 2]]
    assert only(logs.hunt()).execution_time == "2026-01-05T10:00:05.003000Z"


def test_a_whole_second_does_not_keep_them_apart() -> None:
    logs = Logs().security_5145("10:00:00").security_4688(None, event_time="2026-01-05 10:00:05").sysmon_1("10:00:05.900")
    assert records(logs) == [[1], [2, 3]]


def test_without_process_ids_the_command_line_joins_them() -> None:
    logs = (
        Logs().security_5145("10:00:00").security_4688("10:00:05", TOOL, "TOOL.exe -x").sysmon_1("10:00:05", TOOL, "tool.exe -x", pid=None)
    )
    assert records(logs)[0] == [1]


def test_two_processes_stay_two() -> None:
    logs = Logs().security_5145("10:00:00").security_4688("10:00:05", pid=1).sysmon_1("10:00:05", pid=2)
    assert records(logs)[0] == [2]


def test_a_4688_without_command_line_belongs_to_a_run_by_command_line() -> None:
    """It names no written file itself, so that only its Sysmon twin brings it in: into both kinds of projection."""
    cmd = r"C:\Windows\System32\cmd.exe"
    logs = Logs().security_5145("10:00:00", r"Temp\run.bat").sysmon_1("10:00:05.1", cmd, r"cmd /c C:\Windows\Temp\run.bat")
    logs.security_4688("10:00:05.2", cmd)
    assert records(logs) == [[1], [2, 3]]
    assert logs.hunt().findings == logs.hunt(full=True).findings
