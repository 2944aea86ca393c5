"""The made-up records have the fields of real ones: a detector that reads these must not fail on those."""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest

from graphcorr.simulate.estate import EstateSpec, Format
from graphcorr.simulate.marks import time_values, to_template
from graphcorr.simulate.writer import write_estate

OWN_TO_A_PLACE = {"ActivityID", "ERROR_EVT_UNRESOLVED", "EventTypeOrignal", "Message", "User", "tags", "Archived", "RuleName"}
"""Header fields that only some collectors, versions or settings give."""


@pytest.mark.parametrize(
    ("hostname_archive", "events"),
    [("lateral_movement/host/covenant_dcom_iertutil_dll_hijack.zip", {("Sysmon", 1), ("Sysmon", 7), ("Sysmon", 11), ("Security", 5145)})],
)
def test_nxlog_records_have_the_fields_of_the_public_datasets(
    shared: Path, tmp_path: Path, hostname_archive: str, events: set[tuple[str, int]]
) -> None:
    real = real_fields(shared / "datasets/OTRF+Security-Datasets/datasets/atomic/windows" / hostname_archive, events)
    write_estate(tmp_path, EstateSpec(hosts=4, events=4_000, chains=6, decoys=6, formats=(Format.NXLOG,)))
    made: dict[tuple[str, int], set[str]] = defaultdict(set)
    for path in (tmp_path / "logs").glob("nxlog-*"):
        for line in path.read_bytes().splitlines():
            record = json.loads(line)
            made[kind_of(record)] |= set(record)
    for event in sorted(events):
        assert real[event] - made[event] - OWN_TO_A_PLACE == set(), event
        assert made[event] - real[event] - OWN_TO_A_PLACE <= {"ShareLocalPath"}, event


def kind_of(record: dict[str, object]) -> tuple[str, int]:
    number = record["EventID"]
    assert isinstance(number, int)
    return ("Sysmon" if "Sysmon" in str(record["Channel"]) else str(record["Channel"]), number)


def real_fields(archive: Path, events: set[tuple[str, int]]) -> dict[tuple[str, int], set[str]]:
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    with zipfile.ZipFile(archive) as packed, packed.open(packed.namelist()[0]) as lines:
        for line in lines:
            if any(b'"EventID":%d,' % number in line for _, number in events):
                record = json.loads(line)
                found[kind_of(record)] |= set(record)
    return found


def test_times_are_spelled_in_every_way_a_record_has() -> None:
    assert time_values(1_710_201_599_123_456, -4) == {
        b"local": b"2024-03-11 19:59:59",
        b"receivedlocal": b"2024-03-11 20:00:01",
        b"utc": b"2024-03-11 23:59:59.123",
        b"stamp": b"2024-03-11T23:59:59.123Z",
        b"received": b"2024-03-12T00:00:01.123Z",
        b"epoch": b"1710201599.123456",
    }


def test_a_percent_sign_in_a_record_stays_one() -> None:
    template = to_template(b'{"a":"%%1833 @utc@","n":"@number@","x":"@hex@"}')
    assert template % {b"utc": b"T", b"number": 12, b"serial": 255} == b'{"a":"%%1833 T","n":12,"x":"0000000000ff"}'
