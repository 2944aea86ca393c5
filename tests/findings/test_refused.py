"""What a client was refused is no write, names no source, and is no proof that share access is audited."""

from __future__ import annotations

from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Finding
from graphcorr.model.records import FAILURE, SUCCESS
from graphcorr.model.report import HostMissing, PatternCoverage
from tests.findings.logs import CLIENT, TOOL, Logs, brief, only

OTHERS_FILE = r"Temp\other.txt"


def lone_write() -> Logs:
    """System makes a program, which may be a network client's doing, and it runs."""
    return Logs().sysmon_11("10:00:00").sysmon_1("10:00:05")


def brief_source(finding: Finding) -> str | None:
    return finding.source.address if finding.source else None


def test_a_refused_write_is_none() -> None:
    for outcome, found in ((FAILURE, []), (SUCCESS, [(TOOL, "image")])):
        logs = Logs().security_5145("10:00:00", outcome=outcome).sysmon_1("10:00:05")
        assert brief(logs.hunt()) == found, outcome


def test_a_record_that_does_not_say_is_taken_as_granted_with_a_doubt() -> None:
    for outcome, doubted in ((None, True), (SUCCESS, False)):
        finding = only(Logs().security_5145("10:00:00", outcome=outcome).sysmon_1("10:00:05").hunt())
        assert (finding.file, Doubt.OUTCOME_OPEN.sentence in finding.why) == (TOOL, doubted)


def test_a_client_whose_access_may_have_been_refused_is_doubted() -> None:
    for outcome, doubted in ((None, True), (SUCCESS, False)):
        finding = only(lone_write().security_5140("09:59:59", outcome=outcome).hunt())
        assert (brief_source(finding), Doubt.OUTCOME_OPEN.sentence in finding.why) == (CLIENT, doubted)


def test_another_log_confirms_that_a_file_was_written_and_not_by_whom() -> None:
    for outcome, doubted in ((None, True), (SUCCESS, False)):
        finding = only(Logs().security_5145("10:00:00", outcome=outcome).sysmon_11("10:00:00").sysmon_1("10:00:05").hunt())
        assert (brief_source(finding), Doubt.OUTCOME_OPEN.sentence in finding.why) == (CLIENT, doubted)


def test_an_audit_of_refusals_does_not_contradict_a_write() -> None:
    """Where only what is refused is audited, a granted access would not have been logged; where granted ones are, it would."""
    for outcome, found in ((FAILURE, [(TOOL, "image")]), (SUCCESS, [])):
        logs = lone_write()
        for minute in (45, 50, 55):
            logs.security_5145(f"09:{minute}:00", OTHERS_FILE, mask=0x1, outcome=outcome)
        for minute in (5, 10, 15):
            logs.security_5145(f"10:{minute:02}:00", OTHERS_FILE, mask=0x1, outcome=outcome)
        assert brief(logs.hunt()) == found, outcome


def test_among_granted_accesses_a_refused_one_near_a_write_is_no_client() -> None:
    """What is audited at all is audited before and after it, and the only access near it was refused."""
    logs = lone_write().security_5140("09:59:59", outcome=FAILURE)
    for time in ("09:50:00", "09:55:00", "10:05:00", "10:10:00"):
        logs.security_5145(time, OTHERS_FILE, mask=0x1, outcome=SUCCESS)
    assert brief(logs.hunt()) == []


def test_a_refused_client_is_no_source() -> None:
    for outcome, source in ((FAILURE, None), (SUCCESS, CLIENT), (None, CLIENT)):
        logs = lone_write().security_5140("09:59:59", outcome=outcome)
        assert brief_source(only(logs.hunt())) == source, outcome


def test_refusals_alone_cover_nothing_but_attempts() -> None:
    report = Logs().security_5145("10:00:00", outcome=FAILURE).security_5140("10:00:01", outcome=FAILURE).hunt()
    (host,) = report.coverage.hosts
    assert [(kind.kind, kind.count) for kind in host.kinds] == [("Attempt", 2)]
    (status,) = (one for one in report.coverage.patterns if one.pattern == "smb-write-then-image")
    assert status == PatternCoverage("smb-write-then-image", "not_evaluated", [HostMissing(host.host, ["ProcessStart", "Write"])])


def test_granted_beside_refused_are_counted_apart() -> None:
    logs = Logs().security_5145("10:00:00", outcome=FAILURE).security_5145("10:00:01", outcome=SUCCESS).security_5145("10:00:02")
    (host,) = logs.hunt().coverage.hosts
    assert [(kind.kind, kind.count) for kind in host.kinds] == [("Attempt", 1), ("PipeOpen", 2), ("ShareAccess", 2), ("Write", 2)]


def test_what_was_refused_is_counted_by_what_was_asked_for() -> None:
    logs = (
        Logs()
        .security_5145("10:00:00", outcome=FAILURE)
        .security_5145("10:00:01", outcome=FAILURE)
        .security_5140("10:00:02", outcome=FAILURE)
    )
    report = logs.hunt()
    assert report.findings == []
    seen = [(one.pattern, one.source and one.source.address, one.account, one.way, one.count) for one in report.observations]
    assert seen == [
        ("access-refused", CLIENT, "CORP\\alice", "write refused", 2),
        ("access-refused", CLIENT, "CORP\\alice", "share refused", 1),
    ]


def test_nobody_misses_refusals_where_there_are_none() -> None:
    [status] = [one for one in lone_write().hunt().coverage.patterns if one.pattern == "access-refused"]
    assert status == PatternCoverage("access-refused", "evaluated", [], observation=True, decides=False)
