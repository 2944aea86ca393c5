"""What log types testify to: every claim binds on the event's own columns, and two of one log to one kind never hold of one record."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Final

import duckdb
import pyarrow as pa
import pytest

from graphcorr.logs.catalog import log_types
from graphcorr.logs.columns import EVENT_COLUMNS, EVENT_SCHEMA
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLAIMS: Final = [(name, testimony) for name, log_type in log_types().items() for testimony in log_type.testifies]
VALUES: Final[dict[str, Sequence[object]]] = {
    "action": ("SMB::FILE_WRITE", "SMB::FILE_RENAME", "SMB::FILE_DELETE", "SMB::FILE_OPEN", "SMB::PIPE_OPEN"),
    "image": ("System", r"C:\a.exe"),
    "share": (r"\\*\C$", r"\\*\IPC$"),
    "relative_path": (r"a\b.exe", "\\"),
    "pid": (4, 5),
    "access_mask": (1, 2, 6),
    "outcome": ("success", "failure"),
}
"""What tells claims apart; of other columns it is whether they say anything."""


def expressions(testimony: Testimony) -> Iterator[tuple[str, str]]:
    yield "when", testimony.when
    yield from testimony.columns.items()
    if testimony.covers is not None:
        yield "covers", testimony.covers


def refusals(name: str, testimonies: Sequence[Testimony]) -> list[str]:
    """What does not bind, as ``log Kind.part: reason``."""
    database = duckdb.connect()
    database.register("events", EVENT_SCHEMA.empty_table())
    found: list[str] = []
    for testimony in testimonies:
        for part, expression in expressions(testimony):
            wanted = f"CAST({expression} AS BOOLEAN)" if part in {"when", "covers"} else expression
            try:
                database.execute(f"SELECT {wanted} FROM events")
            except duckdb.Error as error:
                found.append(f"{name} {testimony.kind}.{part}: {str(error).splitlines()[0]}")
    return found


def _any(type_: pa.DataType) -> Sequence[object]:
    if pa.types.is_boolean(type_):
        return (True, False)
    return (0, 3) if pa.types.is_integer(type_) else ("x",)


def overlaps(testimonies: Sequence[Testimony]) -> list[dict[str, object]]:
    """Rows of which more than one of ``testimonies`` holds, among all combinations of telling values and of absence."""
    text = " ".join(testimony.when for testimony in testimonies)
    used = [column for column in EVENT_COLUMNS if re.search(rf"\b{column}\b", text)]
    some: dict[str, Sequence[object]] = {column: VALUES.get(column) or _any(EVENT_COLUMNS[column][0]) for column in used}
    rows = [dict(zip(used, values, strict=True)) for values in product(*((*some[column], None) for column in used))]
    database = duckdb.connect()
    database.register("events", pa.Table.from_pylist(rows or [{}], schema=EVENT_SCHEMA))
    holding = " + ".join(f"coalesce(({testimony.when})::INTEGER, 0)" for testimony in testimonies)
    columns = ", ".join(used) or "1 AS one"
    return database.execute(f"SELECT {columns} FROM events WHERE {holding} > 1").to_arrow_table().to_pylist()


@pytest.mark.parametrize(("name", "testimony"), CLAIMS, ids=[f"{name}-{claim.kind}" for name, claim in CLAIMS])
def test_every_claim_is_about_the_events_own_columns(name: str, testimony: Testimony) -> None:
    assert refusals(name, [testimony]) == []


def test_a_column_that_there_is_not_is_refused() -> None:
    claim = Testimony(Kind.CALL, "opnum > 3", {"interface": "lower(iface)"}, covers="uuid IS NOT NULL")
    assert [one.split(": ")[0] for one in refusals("x-1", [claim])] == ["x-1 Call.when", "x-1 Call.interface", "x-1 Call.covers"]


@pytest.mark.parametrize("name", log_types())
def test_two_testimonies_of_one_log_to_one_kind_exclude_each_other(name: str) -> None:
    testifies = log_types()[name].testifies
    for kind in {testimony.kind for testimony in testifies}:
        assert overlaps([testimony for testimony in testifies if testimony.kind is kind]) == [], kind


def test_overlapping_testimonies_are_seen() -> None:
    """NULL is false, so that a condition and its negation leave out what is unknown, and do not overlap there."""
    written, renamed = Testimony(Kind.WRITE, "action LIKE '%FILE_WRITE'"), Testimony(Kind.WRITE, "action LIKE '%FILE_RENAME'")
    either = Testimony(Kind.WRITE, "action LIKE '%FILE_%E' OR pid = 4")
    assert overlaps([written, renamed]) == []
    assert overlaps([written, either])
    assert overlaps([Testimony(Kind.WRITE, "pid = 4"), Testimony(Kind.WRITE, "pid <> 4")]) == []
    assert overlaps([Testimony(Kind.WRITE), Testimony(Kind.WRITE)])


def test_a_kind_that_is_declared_nowhere_is_refused() -> None:
    with pytest.raises(TypeError, match="'Writing' is no kind"):
        Testimony("Writing")  # type: ignore[arg-type]


def test_a_file_made_by_a_program_is_no_write_and_what_nobody_made_is_neither() -> None:
    claims = log_types()["sysmon-11"].testifies
    rows: list[tuple[dict[str, object], str]] = [
        ({"image": "System", "pid": 4}, "Write"),
        ({"image": "SYSTEM", "pid": None}, "Write"),
        ({"image": None, "pid": 4}, "Write"),
        ({"image": r"C:\a.exe", "pid": 4}, "FileCreate"),
        ({"image": r"C:\a.exe", "pid": None}, "FileCreate"),
        ({"image": None, "pid": 7}, "FileCreate"),
        ({"image": None, "pid": None}, "FileCreate"),
    ]
    database = duckdb.connect()
    database.register("events", pa.Table.from_pylist([row for row, _ in rows], schema=EVENT_SCHEMA))
    told = "concat_ws(',', " + ", ".join(f"CASE WHEN {claim.when} THEN '{claim.kind}' END" for claim in claims) + ")"
    found = database.execute(f"SELECT image, pid, {told} FROM events").fetchall()
    assert sorted(found, key=str) == sorted([(row["image"], row["pid"], kind) for row, kind in rows], key=str)


def test_what_is_refused_is_an_attempt_and_proves_no_audit_of_what_is_granted() -> None:
    claims = [claim for claim in log_types()["security-5145"].testifies if claim.kind is not Kind.NAME]
    disk: dict[str, object] = {"share": r"\\*\C$", "relative_path": r"a\b.exe", "access_mask": 2}
    pipe: dict[str, object] = {"share": r"\\*\IPC$", "relative_path": "svcctl", "access_mask": 3, "pipe": "svcctl"}
    read = {**disk, "access_mask": 1}
    rows: list[tuple[dict[str, object], str, str]] = [
        # A format that drops the outcome leaves it open, and the access is taken as granted.
        ({**disk, "outcome": None}, "Write,ShareAccess", "Write,ShareAccess,PipeOpen"),
        ({**disk, "outcome": "success"}, "Write,ShareAccess", "Write,ShareAccess,PipeOpen"),
        ({**pipe, "outcome": "success"}, "PipeOpen", "Write,ShareAccess,PipeOpen"),
        ({**disk, "outcome": "failure"}, "Attempt Write", "Attempt"),
        ({**pipe, "outcome": "failure"}, "Attempt PipeOpen", "Attempt"),
        ({**read, "outcome": "failure"}, "Attempt ShareAccess", "Attempt"),
    ]
    database = duckdb.connect()
    for row, told, proven in rows:
        database.register("events", pa.Table.from_pylist([row], schema=EVENT_SCHEMA))
        which = [
            f"CASE WHEN {claim.when} THEN concat_ws(' ', '{claim.kind}', {claim.columns.get('sought', 'NULL')}) END" for claim in claims
        ]
        covers = [f"CASE WHEN {claim.covers} THEN '{claim.kind}' END" for claim in claims]
        found = database.execute(f"SELECT concat_ws(',', {', '.join(which)}), concat_ws(',', {', '.join(covers)}) FROM events").fetchall()
        assert found == [(told, proven)], row


def test_who_saw_it() -> None:
    """A monitor speaks of two addresses, a machine of itself, and with explicit credentials of what it did to another."""
    assert {name for name, found in log_types().items() if found.vantage is Vantage.SENSOR} == {
        name
        for name in log_types()
        if name.startswith(("zeek-", "suricata-", "capture-", "dhcp-server")) or name.endswith("-seen") or name == "mapped-flow"
    }
    others = [(name, claim.kind, claim.vantage) for name, claim in CLAIMS if claim.vantage is not None]
    assert others == [("security-4648", Kind.LOGON, Vantage.CLIENT)]


def test_strength_preference_and_coverage_are_three_things() -> None:
    """Sysmon 11 by System is the weakest network write and has the best time and spelling."""
    writes = sorted((claim.prefer, name, claim.strength) for name, claim in CLAIMS if claim.kind is Kind.WRITE and claim.prefer < 5)
    assert writes == [
        (0, "sysmon-11", Strength.IMPLIED),
        (0, "sysmon-29", Strength.IMPLIED),
        (1, "capture-smb", Strength.STATED),
        (1, "mapped-file-write", Strength.IMPLIED),
        (1, "mapped-file-write", Strength.STATED),
        (1, "mde-file-events", Strength.STATED),
        (1, "ocsf-file-activity", Strength.IMPLIED),
        (1, "security-4663", Strength.IMPLIED),
        (1, "security-4663", Strength.STATED),
        (1, "suricata-fileinfo", Strength.IMPLIED),
        (1, "suricata-smb", Strength.IMPLIED),
        (1, "zeek-smb-files", Strength.IMPLIED),
        (1, "zeek-smb-files", Strength.STATED),
        (2, "mapped-share-access", Strength.ASKED),
        (2, "ocsf-smb-activity", Strength.ASKED),
        (2, "ocsf-smb-seen", Strength.ASKED),
        (2, "security-5145", Strength.ASKED),
    ]
    # A name that a record tells beside something else proves nothing of its own, whatever the log.
    assert [(name, claim.kind) for name, claim in CLAIMS if claim.covers is None and claim.kind is not Kind.NAME] == [
        ("capture-ntlm", Kind.AUTHENTICATION),
        # What another tool found shows no log of the machine itself.
        *((name, Kind.ALERT) for name in ("chainsaw-detection", "hayabusa-timeline")),
        ("mapped-alert", Kind.ALERT),
        ("ocsf-detection-finding", Kind.ALERT),
        ("powershell-400", Kind.SCRIPT),
        ("powershell-400", Kind.CALL),
        ("rdpclient-1024", Kind.LOGON),
        ("rdpclient-1102", Kind.LOGON),
        ("security-4648", Kind.LOGON),
        ("security-4656", Kind.ATTEMPT),
        # A deletion is seen only with the handle that it was done by.
        ("security-4656", Kind.REMOVAL),
        ("security-4660", Kind.REMOVAL),
        ("security-4663", Kind.FILE_CREATE),
        ("security-4663", Kind.REMOVAL),
        # A session that is taken up again shows no logon.
        ("security-4778", Kind.LOGON),
        ("security-4779", Kind.LOGOFF),
        ("suricata-smb", Kind.AUTHENTICATION),
        *((f"terminalservices-lsm-{number}", Kind.LOGON) for number in (21, 22)),
        *((f"terminalservices-lsm-{number}", Kind.LOGOFF) for number in (23, 24)),
        ("terminalservices-lsm-25", Kind.LOGON),
        ("terminalservices-rcm-1149", Kind.LOGON),
        ("winrm-6", Kind.CALL),
        ("winrm-6", Kind.LOGON),
        ("winrm-91", Kind.CALL),
        ("wmi-activity-5857", Kind.MODULE_LOAD),
        ("wmi-activity-5858", Kind.CALL),
        *((f"wmi-activity-{number}", Kind.SUBSCRIPTION) for number in (5859, 5860, 5861)),
        ("zeek-ntlm", Kind.AUTHENTICATION),
        ("zeek-rdp", Kind.LOGON),
        ("zeek-ssh", Kind.LOGON),
        ("zircolite-match", Kind.ALERT),
    ]


def test_a_log_type_covers_what_its_testimonies_say() -> None:
    """What one machine does to another is no proof that logons to it are audited, and a share that is made is not opened."""
    types = log_types()
    assert types["security-4624"].covers == {Kind.LOGON}
    assert types["security-4648"].kinds == {Kind.LOGON}
    assert types["security-4648"].covers == set()
    assert types["security-5142"].covers == types["security-5143"].covers == {Kind.SHARE_CHANGE}
    assert types["sysmon-11"].covers == {Kind.WRITE, Kind.FILE_CREATE}
    assert types["zeek-files"].covers == {Kind.TRANSFER, Kind.WRITE}
    assert types["security-5145"].covers == {Kind.WRITE, Kind.SHARE_ACCESS, Kind.PIPE_OPEN, Kind.ATTEMPT}
