"""What ran from another path than was written, with the content that was written; and what only looks like it."""

from __future__ import annotations

import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Basis, Confidence
from tests.findings.logs import TARGET, TOOL, Logs, brief, only

SHA = "A" * 64
HASHES = f"SHA1={'B' * 40},SHA256={SHA},IMPHASH={'C' * 32}"
COPY = r"C:\Users\Public\other.exe"


def start(logs: Logs, time: str, image: str, hashes: str = HASHES, host: str = TARGET) -> Logs:
    fields = {"Image": image, "CommandLine": image, "ProcessId": "77", "Hashes": hashes}
    return logs.add("sysmon-1", time, fields, computer=host)


def load(logs: Logs, time: str, path: str, hashes: str = HASHES) -> Logs:
    fields = {"Image": r"C:\Windows\System32\svchost.exe", "ImageLoaded": path, "ProcessId": "78", "Hashes": hashes}
    return logs.add("sysmon-7", time, fields, computer=TARGET)


def removed(hashes: str = HASHES, path: str = TOOL) -> Logs:
    """A file that came over the network and was deleted a minute later: its content is known by that."""
    logs = Logs().security_5145("10:00:00").sysmon_11("10:00:00.1")
    return logs.add("sysmon-23", "10:01:00", {"Image": "System", "TargetFilename": path, "Hashes": hashes}, computer=TARGET)


def sent(**hashes: str) -> Logs:
    """A file that the wire shows with its hash."""
    logs = Logs().is_at().smb_file("10:00:00", fuid="F1")
    return logs.zeek(
        "files", "10:00:00.2", {"fuid": "F1", "source": "SMB", "is_orig": True, "seen_bytes": 9, "filename": "tool.exe", **hashes}
    )


def test_a_renamed_copy_that_runs() -> None:
    finding = only(start(removed(), "10:00:30", COPY).hunt())
    assert (finding.file, finding.execution, [run.image for run in finding.executions], finding.basis, finding.confidence) == (
        TOOL,
        "image",
        [COPY],
        Basis.INFERRED,
        Confidence.MEDIUM,
    )
    assert Doubt.CONTENT.sentence in finding.why


def test_a_renamed_library_that_is_loaded() -> None:
    assert brief(load(removed(), "10:00:30", r"C:\Users\Public\other.dll").hunt()) == [(TOOL, "module_load")]


def test_the_wire_knows_the_content() -> None:
    assert brief(start(sent(sha256=SHA.lower()), "10:00:30", COPY).hunt()) == [(r"C:\Windows\Temp\tool.exe", "image")]
    assert brief(start(sent(md5="d" * 32), "10:00:30", COPY).hunt()) == []


def test_a_mark_on_the_file_knows_it() -> None:
    logs = Logs().security_5145("10:00:00")
    logs.add("sysmon-15", "10:00:01", {"Image": "System", "TargetFilename": TOOL + ":Zone.Identifier", "Hash": HASHES}, computer=TARGET)
    assert brief(start(logs, "10:00:30", COPY).hunt()) == [(TOOL, "image")]


def test_a_copy_of_what_ran_is_one_more_run_of_it() -> None:
    logs = start(Logs().security_5145("10:00:00"), "10:00:05", TOOL)
    finding = only(start(logs, "10:00:30", COPY).hunt())
    assert [run.image for run in finding.executions] == [TOOL, COPY]


@pytest.mark.parametrize(
    "hashes",
    [
        f"SHA256={'E' * 64},IMPHASH={'C' * 32}",  # only the imports are the same
        "SHA1=" + "0" * 40,
        "SHA256=E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "-",
    ],
)
def test_no_content_is_no_equal_content(hashes: str) -> None:
    logs = removed(hashes if hashes.startswith(("SHA1=0", "SHA256=E3")) else HASHES)
    assert brief(start(logs, "10:00:30", COPY, hashes).hunt()) == []


SYSTEM_CMD = r"C:\Windows\System32\cmd.exe"


def test_what_every_machine_has_is_not_what_was_written() -> None:
    """``psexec -c cmd.exe`` writes a copy of it; all others that run are the system's own."""
    assert brief(start(removed(), "10:00:30", SYSTEM_CMD).hunt()) == []
    created = removed().sysmon_11("10:00:20", SYSTEM_CMD, image=r"C:\Windows\explorer.exe", pid=9)
    assert brief(start(created, "10:00:30", SYSTEM_CMD).hunt()) == [(TOOL, "image")]


def test_what_ran_before_the_write_was_there_already() -> None:
    assert brief(start(start(removed(), "09:00:00", COPY), "10:00:30", COPY).hunt()) == []


def test_much_later_only_beside_it_or_created_since() -> None:
    assert brief(start(removed(), "11:00:00", COPY).hunt()) == []
    assert brief(start(removed(), "11:00:00", r"C:\Windows\Temp\other.exe").hunt()) == [(TOOL, "image")]
    created = removed().sysmon_11("10:00:20", COPY, image=r"C:\Windows\explorer.exe", pid=9)
    assert brief(start(created, "11:00:00", COPY).hunt()) == [(TOOL, "image")]


def test_on_another_host_or_before_the_write_it_is_another_file() -> None:
    assert brief(start(removed(), "10:00:30", COPY, host="other.corp.example").hunt()) == []
    assert brief(start(removed(), "09:59:30", COPY).hunt()) == []


def test_two_files_of_one_content_each_ran_by_itself() -> None:
    logs = start(Logs().security_5145("10:00:00").security_5145("10:00:10", "b.exe"), "10:00:20", TOOL)
    report = start(logs, "10:00:30", r"C:\Windows\b.exe").hunt()
    assert [(one.file, len(one.executions)) for one in report.findings] == [(TOOL, 1), (r"C:\Windows\b.exe", 1)]


def test_a_projection_of_everything_finds_the_same() -> None:
    logs = load(start(removed(), "10:00:30", COPY), "10:00:31", r"C:\Users\Public\other.dll")
    assert logs.hunt().findings == logs.hunt(full=True).findings != []


def test_a_file_that_was_created_before_the_write_is_older() -> None:
    beside = r"C:\Windows\Temp\svc.exe"
    older = removed().sysmon_11("09:59:30", beside, image=SYSTEM_CMD, pid=9)
    assert brief(start(older, "10:00:30", beside).hunt()) == []
    again = removed().sysmon_11("09:59:30", beside, image=SYSTEM_CMD, pid=9).sysmon_11("10:00:20", beside, image=SYSTEM_CMD, pid=9)
    assert brief(start(again, "10:00:30", beside).hunt()) == [(TOOL, "image")]
    gone = removed().sysmon_11("09:59:30", beside, image=SYSTEM_CMD, pid=9).removed("09:59:40", 26, beside)
    assert brief(start(gone, "10:00:30", beside).hunt()) == [(TOOL, "image")]


@pytest.mark.parametrize(
    ("hashes", "same"),
    [
        (f"SHA1={'B' * 40},SHA256={'E' * 64}", False),  # one of both is another
        (f"MD5={'E' * 32},SHA1={'B' * 40}", True),  # the file's record has no MD5
        (f"SHA1={'B' * 40},IMPHASH={'E' * 32}", True),
    ],
)
def test_contents_are_equal_by_every_hash_that_both_records_have(hashes: str, same: bool) -> None:
    assert brief(start(removed(), "10:00:30", COPY, hashes).hunt()) == [(TOOL, "image")] * same
