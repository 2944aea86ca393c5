"""What counts as a network write, and into which file: each test is one way to get it wrong."""

from __future__ import annotations

import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Basis, Confidence, Endpoint, Movement
from tests.findings.logs import CLIENT, OTHER, TARGET, TOOL, Logs, brief, only

FOUND = [(TOOL, "image")]


def test_any_mask_with_a_write_bit_is_a_write_and_no_other() -> None:
    """Reading, attributes, and intent to delete (0x10000) without a write bit are none."""
    writing, reading = (0x2, 0x4, 0x6, 0x120196, 0x17019F), (0x1, 0x80, 0x20089, 0x10080, 0x1200A9)
    logs = Logs()
    for mask in (*writing, *reading):
        # One hunt through all of them: hosts do not touch each other.
        logs.security_5145("10:00:00", host=f"h{mask:x}.corp.example", mask=mask).sysmon_1("10:00:05", host=f"h{mask:x}.corp.example")
    assert {finding.target.host for finding in logs.hunt().findings} == {f"h{mask:x}.corp.example" for mask in writing}


def test_the_write_bits_on_a_pipe_open_it() -> None:
    report = Logs().security_5145("10:00:00", "tool.exe", share="IPC$", folder=None, mask=0x12019F).sysmon_1("10:00:05", "tool.exe").hunt()
    assert (report.findings, report.observations) == ([], [])


def test_the_root_of_a_share_is_no_file() -> None:
    assert Logs().security_5145("10:00:00", "\\").hunt().observations == []


def test_the_records_own_folder_wins_over_what_others_say_of_the_share() -> None:
    logs = Logs()
    for second in range(3):
        logs.security_5145(f"09:00:0{second}", "x.txt", share="data", folder=r"\??\C:\old")
    logs.security_5145("10:00:00", r"bin\tool.exe", share="data", folder=r"\??\D:\new")
    assert brief(logs.sysmon_1("10:00:05", r"D:\new\bin\tool.exe").hunt()) == [(r"D:\new\bin\tool.exe", "image")]
    assert brief(logs.sysmon_1("10:00:06", r"C:\old\bin\tool.exe").hunt()) == [(r"D:\new\bin\tool.exe", "image")]


def test_a_zone_mark_on_a_file_is_no_write_of_it() -> None:
    logs = Logs().security_5145("10:00:00", r"Temp\tool.exe:Zone.Identifier").sysmon_11("10:00:00", TOOL + ":Zone.Identifier")
    assert brief(logs.sysmon_1("10:00:05").hunt()) == []


def test_the_file_log_alone_infers_a_write_without_a_source() -> None:
    finding = only(Logs().sysmon_11("10:00:00").sysmon_1("10:00:05").hunt())
    assert (finding.source, finding.movement, finding.basis, finding.confidence) == (
        None,
        Movement.UNKNOWN_SOURCE,
        Basis.INFERRED,
        Confidence.MEDIUM,
    )


def test_system_is_told_by_its_process_id_where_the_name_is_missing() -> None:
    assert brief(Logs().sysmon_11("10:00:00", image=None, pid=4).sysmon_1("10:00:05").hunt()) == FOUND


def test_a_file_created_by_another_program_is_local() -> None:
    assert brief(Logs().sysmon_11("10:00:00", image=r"C:\Windows\explorer.exe", pid=900).sysmon_1("10:00:05").hunt()) == []


def test_write_time_and_spelling_are_those_of_the_best_record() -> None:
    finding = only(
        Logs()
        .security_5145("10:00:00.100", r"TEMP\Tool.EXE")
        .sysmon_11("10:00:00.250", r"C:\Windows\Temp\Tool.exe")
        .sysmon_1("10:00:05")
        .hunt()
    )
    assert (finding.file, finding.write_time) == (r"C:\Windows\Temp\Tool.exe", "2026-01-05T10:00:00.250000Z")
    assert (finding.confidence, finding.basis) == (Confidence.HIGH, Basis.OBSERVED)


def test_source_and_account_come_from_the_share_access() -> None:
    finding = only(Logs().security_5145("10:00:00").sysmon_1("10:00:05").hunt())
    assert (finding.source, finding.account, finding.movement) == (Endpoint(None, CLIENT), "CORP\\alice", Movement.REMOTE)


def test_ipv4_in_ipv6_is_ipv4() -> None:
    assert only(Logs().security_5145("10:00:00", source=f"::ffff:{CLIENT}").sysmon_1("10:00:05").hunt()).source == Endpoint(None, CLIENT)


def test_an_absent_address_is_no_source() -> None:
    logs = Logs()
    for number, absent in enumerate(("-", "", "N/A", None)):
        logs.security_5145("10:00:00", host=f"h{number}.corp.example", source=absent).sysmon_1("10:00:05", host=f"h{number}.corp.example")
    assert [finding.source for finding in logs.hunt().findings] == [None] * 4


# --- loopback ---


@pytest.mark.parametrize("source", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_a_loopback_address_is_no_movement(source: str) -> None:
    report = Logs().security_5145("10:00:00", source=source).sysmon_1("10:00:05").hunt()
    assert (only(report).movement, report.paths) == (Movement.LOOPBACK, [])
    assert only(report).source == Endpoint(TARGET, "127.0.0.1" if "127.0.0.1" in source else source)


@pytest.mark.parametrize("own", ["10.0.0.9", "fe80::1c2d"])
def test_an_address_of_the_hosts_own_is_no_movement(own: str) -> None:
    logs = Logs().is_at("10.0.0.9").is_at("fe80::1c2d").security_5145("10:00:00", source=own).sysmon_1("10:00:05")
    assert only(logs.hunt()).movement is Movement.LOOPBACK


def test_a_link_local_address_of_another_host_is_movement() -> None:
    logs = Logs().is_at("fe80::1c2d").security_5145("10:00:00", source="fe80::99").sysmon_1("10:00:05")
    assert only(logs.hunt()).movement is Movement.REMOTE


def test_an_address_that_bears_the_hosts_own_name_is_no_movement() -> None:
    logs = Logs().security_4624("09:59:00", name="TARGET").security_5145("10:00:00").sysmon_1("10:00:05")
    assert only(logs.hunt()).movement is Movement.LOOPBACK


def test_a_client_from_elsewhere_counts_before_the_host_itself() -> None:
    logs = Logs().security_5145("10:00:00", source="127.0.0.1").security_5145("10:00:00.5").sysmon_1("10:00:05")
    assert (only(logs.hunt()).movement, only(logs.hunt()).source) == (Movement.REMOTE, Endpoint(None, CLIENT))


# --- the wire ---


def at_target(logs: Logs) -> Logs:
    return logs.is_at("10.0.0.9")


def test_a_write_on_the_wire_is_joined_to_the_host_by_its_address() -> None:
    finding = only(at_target(Logs()).smb_file("10:00:00").sysmon_1("10:00:05").hunt())
    assert (finding.file, finding.source, finding.target) == (TOOL, Endpoint(None, CLIENT), Endpoint(TARGET, "10.0.0.9"))
    assert (finding.basis, finding.confidence) == (Basis.ASSUMED, Confidence.MEDIUM)  # ADMIN$ is C:\Windows by default only


def test_the_host_tells_which_folder_a_share_on_the_wire_is() -> None:
    logs = at_target(Logs()).security_5140("08:00:00", share="data", folder=r"\??\D:\shares", source="10.0.0.77")
    finding = only(logs.smb_file("10:00:00", "tool.exe", share=r"\\TARGET\data").sysmon_1("10:00:05", r"D:\shares\tool.exe").hunt())
    assert (finding.file, finding.basis, finding.confidence) == (r"D:\shares\tool.exe", Basis.OBSERVED, Confidence.HIGH)


def test_an_open_is_no_write() -> None:
    logs = at_target(Logs())
    for second, action in enumerate(("SMB::FILE_OPEN", "SMB::FILE_READ", "SMB::FILE_CLOSE")):
        logs.smb_file(f"10:00:0{second}", action=action)
    assert brief(logs.sysmon_1("10:00:05").hunt()) == []


def test_a_file_sent_by_the_client_makes_the_open_before_it_a_write() -> None:
    """The open has no fuid yet in Zeek's default log: connection and name join them."""
    logs = at_target(Logs()).smb_file("10:00:00", action="SMB::FILE_OPEN")
    sent: dict[str, object] = {"fuid": "F1", "source": "SMB", "is_orig": True, "seen_bytes": 7000, "filename": r"Temp\tool.exe"}
    finding = only(logs.zeek("files", "10:00:00.05", sent).sysmon_1("10:00:05").hunt())
    assert (finding.file, finding.source) == (TOOL, Endpoint(None, CLIENT))
    assert Doubt.WRITE_GUESSED_FROM_WIRE.sentence in finding.why


def test_a_file_joined_by_its_fuid() -> None:
    logs = at_target(Logs()).smb_file("10:00:00", action="SMB::FILE_CLOSE", fuid="F1")
    sent: dict[str, object] = {"fuid": "F1", "source": "SMB", "is_orig": True, "seen_bytes": 7000}
    assert brief(logs.zeek("files", "10:00:00.05", sent, uid="C9").sysmon_1("10:00:05").hunt()) == FOUND


@pytest.mark.parametrize("changed", [{"is_orig": False}, {"seen_bytes": 0}, {"source": "HTTP"}, {"filename": "other.exe"}])
def test_a_file_read_empty_or_of_another_name_is_no_write(changed: dict[str, object]) -> None:
    logs = at_target(Logs()).smb_file("10:00:00", action="SMB::FILE_OPEN")
    sent: dict[str, object] = {"fuid": "F1", "source": "SMB", "is_orig": True, "seen_bytes": 7000, "filename": r"Temp\tool.exe"}
    assert brief(logs.zeek("files", "10:00:00.05", sent | changed).sysmon_1("10:00:05").hunt()) == []


def test_a_file_that_grew_was_written_by_who_opened_it_before() -> None:
    logs = at_target(Logs()).smb_file("10:00:00", action="SMB::FILE_OPEN", size=0)
    logs.smb_file("10:00:03", action="SMB::FILE_OPEN", size=7000, source="10.0.0.77", uid="C2").sysmon_1("10:00:05")
    finding = only(logs.hunt())
    assert (finding.source, finding.write_time) == (Endpoint(None, CLIENT), "2026-01-05T10:00:00.000000Z")


@pytest.mark.parametrize(
    ("size", "time", "source", "found"),
    [
        (0, "15:00:00", "10.0.0.77", True),  # it was empty: that client made it
        (100, "10:09:00", CLIENT, True),
        (100, "10:09:00", "10.0.0.77", False),  # somebody else finds it grown, by whomever
        (100, "15:00:00", CLIENT, False),  # an update on the server itself
    ],
)
def test_a_file_that_had_content_may_grow_without_its_reader(size: int, time: str, source: str, found: bool) -> None:
    logs = at_target(Logs()).smb_file("10:00:00", action="SMB::FILE_OPEN", size=size).sysmon_1("10:00:05")
    assert brief(logs.smb_file(time, action="SMB::FILE_OPEN", size=7000, source=source, uid="C2").hunt()) == FOUND * found


def test_a_file_of_equal_size_was_not_written() -> None:
    logs = at_target(Logs()).smb_file("10:00:00", action="SMB::FILE_OPEN", size=10).smb_file("10:00:03", action="SMB::FILE_OPEN", size=10)
    assert brief(logs.sysmon_1("10:00:05").hunt()) == []


def test_a_rename_over_the_network_puts_the_file_where_it_runs() -> None:
    logs = at_target(Logs()).smb_file("10:00:00", action="SMB::FILE_RENAME", prev_name=r"Temp\a.tmp").sysmon_1("10:00:05")
    assert brief(logs.hunt()) == FOUND


def test_a_renamed_file_is_no_longer_under_its_old_name() -> None:
    logs = at_target(Logs()).smb_file("10:00:00").smb_file("10:00:03", r"Temp\b.exe", "SMB::FILE_RENAME", prev_name=r"Temp\tool.exe")
    assert brief(logs.sysmon_1("10:00:05").hunt()) == []


@pytest.mark.parametrize("name", [r"\svcctl", "svcctl"])
def test_a_pipe_on_the_wire_is_no_file(name: str) -> None:
    share = None if name.startswith("\\") else r"\\10.0.0.9\IPC$"
    assert at_target(Logs()).smb_file("10:00:00", name, share=share).hunt().observations == []


def test_a_missing_share_is_taken_from_its_connection() -> None:
    logs = at_target(Logs()).zeek("smb-mapping", "09:59:59", {"path": r"\\10.0.0.9\C$", "share_type": "DISK"})
    logs.smb_file("10:00:00", r"Windows\Temp\tool.exe", share=None).sysmon_1("10:00:05")
    assert brief(logs.hunt()) == FOUND


def test_an_unknown_share_matches_by_the_end_of_the_path_at_low_confidence() -> None:
    logs = at_target(Logs()).smb_file("10:00:00", r"tools\run.exe", share=None).sysmon_1("10:00:05", r"D:\shares\it\tools\run.exe")
    finding = only(logs.hunt())
    assert (finding.file, finding.basis) == (rf"\\{TARGET}\(unknown)\tools\run.exe", Basis.INFERRED)
    assert finding.confidence is Confidence.MEDIUM
    assert "no log states which folder the share is" in finding.limits


def test_a_bare_name_in_an_unknown_share_matches_nothing() -> None:
    logs = at_target(Logs()).smb_file("10:00:00", "run.exe", share=r"\\10.0.0.9\data").sysmon_1("10:00:05", r"D:\shares\run.exe")
    assert brief(logs.hunt()) == []


def test_the_end_of_a_path_on_another_hosts_share_matches_nothing() -> None:
    logs = at_target(Logs()).smb_file("10:00:00", r"tools\run.exe", share=r"\\10.0.0.9\data")
    assert brief(logs.sysmon_1("10:00:05", r"\\fileserver\apps\tools\run.exe").hunt()) == []


def test_host_time_may_precede_the_wire_by_milliseconds() -> None:
    finding = only(at_target(Logs()).smb_file("10:00:00.020").sysmon_1("10:00:00.001").hunt())
    assert "write and run lie within what the clocks can tell apart: their order is not certain" in finding.why
    assert brief(at_target(Logs()).smb_file("10:00:00.220").sysmon_1("10:00:00.001").hunt()) == []


def test_a_target_that_nothing_names_is_its_address() -> None:
    (seen,) = Logs().smb_file("10:00:00").hunt().observations
    assert (seen.target, seen.count) == (Endpoint(None, "10.0.0.9"), 1)


def test_the_same_path_on_another_host_is_another_file() -> None:
    assert brief(Logs().security_5145("10:00:00").sysmon_1("10:00:05", host=OTHER).hunt()) == []


def test_a_file_made_by_system_while_share_access_is_audited_and_none_is_near_is_local() -> None:
    """Drivers and trace logs make the same Sysmon 11 record as a write over SMB."""
    audited = Logs().security_5145("09:00:00", "a.txt").security_5145("11:00:00", "b.txt")
    assert audited.sysmon_11("10:00:00").sysmon_1("10:00:05").hunt().findings == []


@pytest.mark.parametrize(
    ("before", "after"),
    [("09:00:00", None), (None, "11:00:00"), ("09:59:30", "11:00:00")],
    ids=["the audit ended", "the audit began later", "a client was near"],
)
def test_without_such_an_audit_it_stays_an_inferred_write(before: str | None, after: str | None) -> None:
    logs = Logs().sysmon_11("10:00:00").sysmon_1("10:00:05")
    for time in (before, after):
        if time:
            logs.security_5145(time, "a.txt")
    assert only(logs.hunt()).basis is Basis.INFERRED


def busy(name: str, folder: str | None = r"\??\C:\Windows") -> Logs:
    """A file server on which somebody opens a file every minute, and ``name`` is made by System at ten."""
    logs = Logs()
    for minute in range(55, 60):
        logs.security_5145(f"09:{minute}:30", rf"docs\{minute}.docx", mask=0x120089)
        logs.security_5145(f"10:{minute - 55:02}:30", rf"docs\{minute}.docx", mask=0x120089)
    return logs.sysmon_11("10:00:00").sysmon_1("10:00:05").security_5145("10:00:01", name, mask=0x120089, folder=folder)


def test_a_file_that_no_audit_of_a_busy_share_names_is_local() -> None:
    """5145 is logged for each file that is opened over a share; that others were open at that time says nothing of this one."""
    assert brief(busy(r"docs\other.docx").hunt()) == []


@pytest.mark.parametrize("name", [r"Temp\tool.exe", r"Temp\TOOL~1.EXE"])
def test_a_file_that_the_audit_names_may_have_come_over_the_network(name: str) -> None:
    assert brief(busy(name).hunt()) == FOUND


@pytest.mark.parametrize("minute", ["09:59:30", "10:00:00"])
def test_a_client_that_is_there_may_have_written_what_no_audit_names(minute: str) -> None:
    """5145 is most of a log, and what collectors drop first."""
    assert brief(busy(r"docs\other.docx").security_4624(minute).hunt()) == FOUND


def test_a_file_that_the_wire_shows_needs_no_audit() -> None:
    logs = busy(r"docs\other.docx").is_at().smb_file("10:00:00.02")
    assert {evidence.summary.split()[0] for evidence in only(logs.hunt()).evidence if evidence.role == "write"} == {
        "System",
        "SMB::FILE_WRITE",
    }


def test_a_file_that_was_written_tells_the_folder_of_its_share() -> None:
    r"""The audit says ``\\host\tools``, Sysmon says ``D:\work``: one file, and its client is known."""
    logs = Logs().security_5145("10:00:00", r"a\tool.exe", share="Tools", folder=None).sysmon_11("10:00:00.3", r"D:\Work\a\Tool.exe")
    finding = only(logs.sysmon_1("10:00:05", r"D:\Work\a\Tool.exe").hunt())
    assert (finding.file, finding.source, finding.confidence) == (r"D:\Work\a\Tool.exe", Endpoint(None, CLIENT), Confidence.HIGH)
    # What that file taught holds for the share's other files.
    logs.security_5145("11:00:00", r"b\Other.exe", share="tools", folder=None).sysmon_1("11:00:05", r"D:\Work\b\Other.exe")
    assert brief(logs.hunt()) == [(r"D:\Work\a\Tool.exe", "image"), (r"D:\Work\b\Other.exe", "image")]


def test_files_that_contradict_each_other_tell_no_folder() -> None:
    logs = Logs().security_5145("10:00:00", r"a\tool.exe", share="Tools", folder=None).sysmon_11("10:00:00.3", r"D:\Work\a\tool.exe")
    logs.security_5145("10:10:00", r"b\x.exe", share="Tools", folder=None).sysmon_11("10:10:00.3", r"E:\b\x.exe")
    finding = only(logs.sysmon_1("10:00:05", r"D:\Work\a\tool.exe").hunt())
    assert finding.source is None


@pytest.mark.parametrize(("time", "path"), [("10:00:06", r"D:\Work\a\tool.exe"), ("10:00:00", r"D:\Work\c\tool.exe")])
def test_a_file_at_another_time_or_in_another_folder_tells_none(time: str, path: str) -> None:
    logs = Logs().security_5145("10:00:00", r"a\tool.exe", share="Tools", folder=None).sysmon_11(time, path)
    assert only(logs.sysmon_1("10:00:08", path).hunt()).source is None
