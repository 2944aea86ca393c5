"""What guards say of a finding's file, program or ends stands beside it, and nothing else that they say."""

from __future__ import annotations

import pytest

from graphcorr.findings.alerts import _BETWEEN, _SCANNED
from graphcorr.findings.window import Chosen
from graphcorr.syntax.times import read_moment
from tests.findings.logs import ALL, CLIENT, OTHER, TARGET, TOOL, Logs, only, stamp

SERVER = "10.0.0.9"


def chain() -> Logs:
    return Logs().is_at().security_5145("10:00:00").sysmon_1("10:00:05")


def defended(logs: Logs, time: str, path: str = TOOL, *, host: str = TARGET) -> Logs:
    fields = {"Threat Name": "Trojan:Win32/Made", "Severity Name": "Severe", "Path": f"file:_{path}", "Detection ID": "{1}"}
    return logs.add("defender-1116", time, fields, computer=host)


def told(logs: Logs) -> list[tuple[str, str]]:
    return [(alert.name, alert.by) for alert in only(logs.hunt()).alerts]


def test_the_guard_of_the_machine_knows_the_file() -> None:
    finding = only(defended(chain(), "10:05:00").hunt())
    [alert] = finding.alerts
    assert (alert.name, alert.by) == ("Trojan:Win32/Made", "defender-1116")
    [own] = [finding.evidence[place] for place in alert.evidence]
    assert (own.role, own.host) == ("alert", TARGET)


@pytest.mark.parametrize(
    ("time", "path", "host"),
    [
        ("10:05:00", r"C:\Windows\Temp\other.exe", TARGET),
        ("10:05:00", TOOL, OTHER),
        ("08:55:00", TOOL, TARGET),
        ("2026-01-06T10:00:06.000000Z", TOOL, TARGET),
    ],
)
def test_of_another_file_machine_or_day(time: str, path: str, host: str) -> None:
    assert told(defended(chain(), time, path, host=host)) == []
    assert _SCANNED == "INTERVAL 1 DAY"


def matched(logs: Logs, time: str, source: str, target: str) -> Logs:
    row = {"event_type": "alert", "src_ip": source, "dest_ip": target, "alert.signature": "ET EXPLOIT made up", "alert.signature_id": 2}
    return logs.add("suricata-alert", f"2026-01-05T{time}.000000Z", {"timestamp": f"2026-01-05T{time}.000000Z", **row})


@pytest.mark.parametrize(
    ("time", "source", "target", "found"),
    [
        ("10:00:01", CLIENT, SERVER, True),
        ("10:00:01", SERVER, CLIENT, True),
        ("10:10:05", CLIENT, SERVER, True),
        ("10:10:06", CLIENT, SERVER, False),
        ("10:00:01", "10.0.0.77", SERVER, False),
        ("10:00:01", CLIENT, "10.0.0.77", False),
    ],
)
def test_a_monitor_saw_something_between_the_two(time: str, source: str, target: str, found: bool) -> None:
    assert told(matched(chain(), time, source, target)) == ([("ET EXPLOIT made up", "suricata-alert")] if found else [])
    assert _BETWEEN == "INTERVAL 10 MINUTE"


def test_a_shell_is_anybodys() -> None:
    """A word on cmd.exe says nothing of who had it run."""
    logs = Logs().is_at().security_4624("10:00:00")
    cmd = r"C:\Windows\System32\cmd.exe"
    fields = {"Image": cmd, "CommandLine": f"{cmd} /c dir", "ProcessId": "4242", "LogonId": "0x1a2b3c", "User": r"CORP\alice"}
    logs.add("sysmon-1", "10:00:02", fields | {"ParentImage": r"C:\Windows\System32\wbem\WmiPrvSE.exe"}, computer=TARGET)
    assert told(defended(logs, "10:05:00", cmd)) == []


def test_a_program_where_programs_are_installed_may_be_what_came() -> None:
    logs = Logs().is_at().security_4624("10:00:00")
    tool = r"C:\Windows\System32\implant.exe"
    fields = {"Image": tool, "CommandLine": tool, "ProcessId": "4242", "LogonId": "0x1a2b3c", "User": r"CORP\alice"}
    logs.add("sysmon-1", "10:00:02", fields | {"ParentImage": r"C:\Windows\System32\wbem\WmiPrvSE.exe"}, computer=TARGET)
    assert told(defended(logs, "10:00:03", tool)) == [("Trojan:Win32/Made", "defender-1116")]


def raised(logs: Logs, chosen: Chosen = ALL) -> list[tuple[str | None, int]]:
    return [(one.way, one.count) for one in logs.hunt(chosen=chosen).observations if one.pattern == "alert-on-machine"]


def test_what_is_about_no_finding_is_counted() -> None:
    logs = defended(defended(chain(), "10:05:00"), "10:06:00", r"C:\Windows\Temp\other.exe")
    assert raised(logs) == [("Trojan:Win32/Made (Severe)", 1)]
    assert [len(one.alerts) for one in logs.hunt().findings] == [1]


def test_what_is_about_a_finding_outside_of_the_window_is_counted() -> None:
    """Else nobody would be told of it."""
    logs = defended(chain(), "10:50:00")
    assert raised(logs) == []
    assert raised(logs, Chosen(read_moment(stamp("10:30:00")))) == [("Trojan:Win32/Made (Severe)", 1)]
