"""Measured numbers of this room, pinned from both sides: what lies just within each, what lies just beyond, and why it is what it is.

All cases of one question are hunted together, each on a host of its own: hosts do not touch each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from graphcorr.model.findings import Finding
from tests.findings.logs import CLIENT, TOOL, Logs, later

CMD = r"C:\Windows\System32\cmd.exe"
OTHER_FILE = r"Temp\other.txt"
READ = 0x1

Build = Callable[[Logs, str], object]
"""Adds records of the host that is named."""


def host(number: int) -> str:
    return f"h{number}.corp.example"


def address(number: int) -> str:
    return f"10.9.0.{number + 1}"


def hunted(cases: Sequence[Build]) -> list[list[Finding]]:
    """The findings of each case."""
    logs = Logs()
    for number, build in enumerate(cases):
        build(logs, host(number))
    report = logs.hunt()
    return [[one for one in report.findings if one.target.host == host(number)] for number in range(len(cases))]


def found(cases: Sequence[Build]) -> list[bool]:
    return [bool(findings) for findings in hunted(cases)]


def roles(finding: Finding, role: str) -> int:
    return sum(one.role == role for one in finding.evidence)


# --- versions ---


def test_a_copy_makes_records_up_to_two_seconds_apart() -> None:
    """Open, write and close of one copy lie closer; whoever copies a file again takes longer, and that is another version."""

    def writes(gap: str) -> Build:
        return lambda logs, on: (
            logs.security_5145("10:00:00", host=on).security_5145(f"10:00:0{gap}", host=on).sysmon_1("10:00:09", host=on)
        )

    one, two = hunted([writes("2"), writes("2.1")])
    assert [roles(finding, "write") for finding in one] == [2]
    assert [(roles(finding, "write"), finding.write_time) for finding in two] == [(1, "2026-01-05T10:00:02.100000Z")]


def test_a_file_can_run_while_records_of_its_copying_go_on() -> None:
    """What is compared is the earliest that a version can have been there: its last record may come after the run."""

    def runs(at: str) -> Build:
        return lambda logs, on: logs.security_5145("10:00:01", host=on).security_5145("10:00:02.5", host=on).sysmon_1(at, host=on)

    assert found([runs("10:00:02"), runs("10:00:01"), runs("10:00:00.9")]) == [True, True, False]


def test_the_wire_shows_the_same_moment_up_to_a_tenth_of_a_second_later() -> None:
    """5 to 23 ms in all pairs measured; the run that is logged before its write on the wire can have followed it."""

    def seen(at: str) -> Build:
        def build(logs: Logs, on: str) -> None:
            number = int(on[1 : on.index(".")])
            own = address(number)
            logs.is_at(own, host=on).smb_file(at, share=rf"\\{own}\ADMIN$", target=own, uid=f"C{number}")
            logs.sysmon_1("10:00:05", host=on)

        return build

    assert found([seen("10:00:05.1"), seen("10:00:05.101")]) == [True, False]


# --- which write a lone file log tells of ---


def lone(logs: Logs, on: str, time: str = "10:00:30") -> Logs:
    return logs.sysmon_11(time, host=on).sysmon_1("10:00:40", host=on)


def read(logs: Logs, on: str, time: str, name: str = OTHER_FILE) -> Logs:
    return logs.security_5145(time, name, host=on, mask=READ)


@pytest.mark.parametrize(("near", "kept"), [("09:59:29", True), ("09:59:28", False), ("10:00:32", True), ("10:00:33", False)])
def test_access_over_the_network_within_a_minute_before_or_two_seconds_after(near: str, kept: bool) -> None:
    """A client opens the share, then writes; its records carry whole seconds, and the file log may be a moment ahead."""
    logs = Logs()
    lone(read(read(logs, host(0), "09:00:00"), host(0), "11:00:00"), host(0)).security_4624(near, host=host(0))
    assert bool(logs.hunt().findings) is kept


def test_an_audit_of_files_counts_ten_minutes_before_and_after() -> None:
    """5145 that stops is what collectors drop first: farther away its silence says nothing of this file."""

    def audited(*times: str, name: str = OTHER_FILE) -> Build:
        def build(logs: Logs, on: str) -> None:
            for time in times:
                read(logs, on, time)
            if name != OTHER_FILE:
                read(logs, on, "10:01:50", name)
            lone(logs, on)

        return build

    assert found(
        [
            audited("09:59:40", "10:10:10"),
            audited("09:59:40", "10:11:10"),
            audited("09:50:10", "10:00:10", "10:01:10"),
            audited("09:49:10", "10:00:10", "10:01:10"),
        ]
    ) == [False, True, False, True]


def test_a_record_that_names_the_file_counts_a_minute_before_and_after() -> None:
    """Bins of one minute: the audit's record and the file log's may fall on both sides of a full one."""

    def named(time: str) -> Build:
        return lambda logs, on: lone(
            read(read(read(logs, on, "09:55:00"), on, "10:05:00"), on, time, r"Temp\tool.exe").security_5145(
                "09:59:55", OTHER_FILE, host=on, mask=READ
            ),
            on,
        )

    assert found([named("10:01:50"), named("10:02:10"), named("09:59:10"), named("09:58:50")]) == [True, False, True, False]


def test_the_folder_of_a_share_is_learned_from_a_file_within_five_seconds() -> None:
    r"""``a\x.exe`` in ``tools`` and ``D:\work\a\x.exe`` by System at the same time: later it is another file of that name."""

    def written(time: str) -> Build:
        return lambda logs, on: (
            logs.security_5145("10:00:00", r"a\x.exe", share="tools", folder=None, host=on)
            .sysmon_11(time, r"D:\work\a\x.exe", host=on)
            .security_5145("10:00:30", r"a\y.exe", share="tools", folder=None, host=on)
            .sysmon_1("10:30:00", r"D:\work\a\y.exe", host=on)
        )

    assert found([written("10:00:05"), written("09:59:55"), written("10:00:05.1"), written("09:59:54.9")]) == [True, True, False, False]


def opened(size: int, client: str = CLIENT) -> Callable[[Logs, str, str], Logs]:
    return lambda logs, time, target: logs.smb_file(
        time,
        r"docs\x.bin",
        "SMB::FILE_OPEN",
        share=rf"\\{target}\data",
        target=target,
        source=client,
        size=str(size),
        uid=f"C{time}{target}",
    )


def test_a_file_that_grew_was_written_by_who_opened_it_before_if_that_was_not_long_ago() -> None:
    """An empty one within a day: it is being copied. One with content within ten minutes, and by the same client: servers write too."""
    cases = [
        (0, 100, later("10:00:00", hours=24), "10.0.0.6", True),
        (0, 100, later("10:00:00", hours=24, seconds=1), CLIENT, False),
        (50, 100, "10:10:00", CLIENT, True),
        (50, 100, "10:10:01", CLIENT, False),
        (50, 100, "10:01:00", "10.0.0.6", False),
        (50, 50, "10:01:00", CLIENT, False),
    ]
    logs = Logs()
    for number, (before, after, time, client, _) in enumerate(cases):
        opened(after, client)(opened(before)(logs, "10:00:00", address(number)), time, address(number))
    written = {seen.target.address for seen in logs.hunt().observations}
    assert [address(number) in written for number in range(len(cases))] == [case[-1] for case in cases]


# --- executions ---


def test_two_records_of_one_process_lie_within_two_seconds() -> None:
    """4688 and Sysmon 1 are written by two services; a process id is given again only later."""

    def started(at: str, twin: str) -> Build:
        return lambda logs, on: logs.security_5145("10:00:00", host=on).security_4688(at, host=on).sysmon_1(twin, host=on)

    cases = [("10:00:05", "10:00:07"), ("10:00:05", "10:00:07.1"), ("10:00:07", "10:00:05"), ("10:00:07.1", "10:00:05")]
    # … on both sides of where the bins of six seconds meet, in which they are looked for.
    cases += [("10:00:11.9", "10:00:12.1"), ("10:00:12.1", "10:00:11.9")]
    counts = [[len(one.executions) for one in findings] for findings in hunted([started(*case) for case in cases])]
    assert counts == [[1], [2], [1], [2], [1], [1]]


def test_the_end_of_a_path_is_guessed_for_ten_minutes() -> None:
    """A program is run soon after it was brought; every later one that ends so is likelier to have been there."""

    def runs(at: str) -> Build:
        return lambda logs, on: logs.security_5145("10:00:00", r"pc\bin\tool.exe", share="backup", folder=None, host=on).sysmon_1(
            at, r"D:\store\pc\bin\tool.exe", host=on
        )

    assert found([runs("10:10:00"), runs("10:10:00.1")]) == [True, False]


def renamed(logs: Logs, on: str, steps: int) -> str:
    """The name that a written file has after so many commands."""
    logs.security_5145("10:00:00", r"Temp\f0.tmp", host=on).sysmon_11("10:00:00.1", r"C:\Windows\Temp\f0.tmp", host=on)
    for step in range(steps):
        command = rf"cmd /c ren C:\Windows\Temp\f{step}.tmp f{step + 1}.tmp"
        logs.sysmon_1(f"10:00:{10 + step}", CMD, command, pid=100 + step, host=on)
    return rf"C:\Windows\Temp\f{steps}.tmp"


def test_four_steps_of_renaming_are_followed() -> None:
    """Two is the most that was seen; more are followed in vain on every machine that moves files around."""

    def runs(steps: int) -> Build:
        def build(logs: Logs, on: str) -> None:
            logs.sysmon_1("10:01:00", renamed(logs, on, steps), host=on)

        return build

    assert found([runs(4), runs(5)]) == [True, False]


def test_a_commands_own_record_of_the_new_file_comes_within_ten_seconds() -> None:
    """A large file takes its time to be copied; what makes it anew later is another copy, of who knows what."""
    source, target = r"C:\Windows\Temp\a.tmp", r"D:\b.exe"

    def copied(at: str) -> Build:
        return lambda logs, on: (
            logs.security_5145("10:00:00", r"Temp\a.tmp", host=on)
            .sysmon_1("10:00:10", CMD, rf"cmd /c copy {source} {target}", host=on, pid=7)
            .sysmon_11(at, target, image=CMD, pid=7, host=on)
            .sysmon_1("10:01:00", target, host=on)
        )

    assert found([copied("10:00:20"), copied("10:00:20.1")]) == [True, False]


HASHES = f"SHA1={'B' * 40}"


def test_an_equal_content_elsewhere_is_the_written_one_if_it_runs_within_ten_minutes() -> None:
    """What is brought is moved and run soon; later the same program comes from an installer, on a hundred machines."""

    def runs(at: str) -> Build:
        def build(logs: Logs, on: str) -> None:
            logs.security_5145("10:00:00", host=on)
            logs.add("sysmon-23", "10:00:09", {"Image": "System", "TargetFilename": TOOL, "Hashes": HASHES}, computer=on)
            logs.add(
                "sysmon-1", at, {"Image": r"C:\Users\Public\x.exe", "CommandLine": "x", "ProcessId": "9", "Hashes": HASHES}, computer=on
            )

        return build

    assert found([runs("10:10:00"), runs("10:10:00.1")]) == [True, False]


# --- origins ---


def test_a_client_counts_a_minute_before_a_write_and_two_seconds_after() -> None:
    """A session is opened, then used; after the write only because clocks and whole seconds are not exact."""
    times = [("09:59:00", True), ("09:58:59", False), ("10:00:02", True), ("10:00:02.1", False)]

    def logged_on(time: str) -> Build:
        return lambda logs, on: logs.security_4624(time, host=on).sysmon_11("10:00:00", host=on).sysmon_1("10:00:05", host=on)

    findings = hunted([logged_on(time) for time, _ in times])
    assert [[one.source is not None for one in case] for case in findings] == [[near] for _, near in times]
