"""Machines that had another name: by their own word, or by record numbers that go on. Two machines are never made one."""

from __future__ import annotations

import pytest

from graphcorr.model.findings import Endpoint
from graphcorr.resolve.renames import NUMBERS, OWN_WORD
from tests.findings.logs import CLIENT, OTHER, TARGET, TOOL, Logs, only

IMAGE = "WIN-0NNTB2RTNB1"
OTHER_IMAGE = "WIN-7QK2M0ZT4AB"


def renamed(logs: Logs, time: str, old: str, new: str, *, host: str | None = None) -> Logs:
    return logs.add("system-6011", time, {"Data": [old, new]}, computer=host or new)


def former(logs: Logs) -> list[tuple[str, str, str]]:
    with logs.projection() as projection:
        return [(one.host, one.name, one.basis) for one in projection.identity.names.former]


def test_a_machine_says_that_it_has_another_name() -> None:
    logs = Logs().security_5145("08:00:00", host=IMAGE).sysmon_11("08:00:00.1", host=IMAGE)
    report = renamed(logs, "08:20:00", IMAGE, "FS-BERLIN-01").sysmon_1("08:31:00", host="FS-BERLIN-01").hunt()
    finding = only(report)
    assert (finding.target, finding.source) == (Endpoint("fs-berlin-01", None), Endpoint(None, CLIENT))
    assert f"fs-berlin-01 was win-0nntb2rtnb1 until 2026-01-05T08:20:00.000000Z: {OWN_WORD}" in finding.why
    [host] = report.coverage.hosts
    assert [(one.name, one.basis) for one in host.former_names] == [("win-0nntb2rtnb1", OWN_WORD)]


def test_a_renaming_and_a_join_in_one() -> None:
    logs = renamed(Logs().service("08:00:00", TOOL, host=IMAGE), "08:20:00", IMAGE, "TARGET", host=TARGET).service("09:00:00", TOOL)
    assert former(logs) == [(TARGET, "win-0nntb2rtnb1", OWN_WORD)]


def test_a_name_that_others_use_is_the_machines_too() -> None:
    """Its former account, share and client name mean the machine."""
    logs = renamed(Logs().service("08:00:00", TOOL, host=IMAGE), "08:20:00", IMAGE, "TARGET", host=TARGET)
    with logs.projection() as projection:
        names = projection.identity.names
        assert names.key(IMAGE) == names.key(rf"\\\\{IMAGE}") == names.key_of_account("CORP", f"{IMAGE}$") == TARGET
        assert projection.identity.is_own_account(TARGET, rf"CORP\\{IMAGE}$", "10.0.0.5", 0)


def test_renamed_again_and_back() -> None:
    logs = renamed(renamed(Logs(), "08:00:00", IMAGE, "ALPHA"), "09:00:00", "ALPHA", "BRAVO")
    assert former(logs) == [("bravo", "win-0nntb2rtnb1", OWN_WORD), ("bravo", "alpha", OWN_WORD)]
    back = renamed(Logs().service("07:00:00", TOOL, host="ALPHA"), "08:00:00", "ALPHA", "BRAVO").service("08:30:00", TOOL, host="BRAVO")
    back = renamed(back, "09:00:00", "BRAVO", "ALPHA").service("10:00:00", TOOL, host="ALPHA")
    assert former(back) == [("alpha", "bravo", OWN_WORD)]


@pytest.mark.parametrize("fields", [
    {"Data": [IMAGE, "ALPHA"]}, {"Data": f"{IMAGE}, ALPHA"}, {"param1": IMAGE, "param2": "ALPHA"},
    {"Message": f"The NetBIOS name and DNS host name of this machine have been changed from {IMAGE} to ALPHA."},
])  # fmt: skip
def test_however_a_tool_writes_values_without_names(fields: dict[str, object]) -> None:
    assert former(Logs().add("system-6011", "08:20:00", fields, computer="ALPHA")) == [("alpha", "win-0nntb2rtnb1", OWN_WORD)]


def test_a_name_that_goes_on_is_another_machines() -> None:
    logs = renamed(Logs().service("08:00:00", TOOL, host=IMAGE), "08:20:00", IMAGE, "ALPHA")
    assert len(former(logs.service("08:25:00", TOOL, host=IMAGE))) == 1
    assert former(logs.service("12:00:00", TOOL, host=IMAGE)) == []


def test_two_machines_of_one_image_are_two() -> None:
    logs = renamed(renamed(Logs().service("08:00:00", TOOL, host=IMAGE), "08:20:00", IMAGE, "ALPHA"), "08:30:00", IMAGE, "BRAVO")
    assert former(logs) == []


def test_two_machines_that_take_one_name_after_each_other_are_two() -> None:
    assert former(renamed(renamed(Logs(), "08:20:00", IMAGE, "ALPHA"), "12:00:00", OTHER_IMAGE, "ALPHA")) == []


def test_nobody_tells_of_others() -> None:
    assert former(renamed(Logs(), "08:20:00", IMAGE, "ALPHA", host=OTHER)) == []


# --- record numbers that go on ---


def numbered(logs: Logs, time: str, host: str, number: int, log: str = "system-7045") -> Logs:
    logs.add(log, time, {"ServiceName": "svc", "ImagePath": TOOL, "NewProcessName": TOOL, "ShareName": "C$"}, computer=host)
    logs.records[-1].record_id = number
    return logs


def going_on(old: str = IMAGE, new: str = "ALPHA", *, gap: int = 1) -> Logs:
    return numbered(numbered(numbered(Logs(), "08:00:00", old, 100), "08:01:00", old, 101), "09:00:00", new, 101 + gap)


@pytest.mark.parametrize(("old", "new"), [
    (IMAGE, "ALPHA"), ("MINWINPC", IMAGE), ("37L4247F27-25", IMAGE), ("DESKTOP-4F2K9QL", "ALPHA.corp.example"),
    ("alpha.old.example", "alpha.new.example"),
])  # fmt: skip
def test_numbers_that_go_on_under_another_name(old: str, new: str) -> None:
    assert former(going_on(old, new)) == [(new.lower(), old.lower(), NUMBERS)]


@pytest.mark.parametrize(("old", "new"), [
    # Names that people give, and two that setup gave.
    ("WS-0410", "WS-0411"), ("DESKTOP-FINANCE", "ALPHA"), ("WIN-WORKSTATION", "ALPHA"), ("DESKTOP-4F2K9QL", "DESKTOP-7M1Q0ZT"),
])  # fmt: skip
def test_numbers_alone_make_no_two_names_one(old: str, new: str) -> None:
    assert former(going_on(old, new)) == []


def test_how_near_the_numbers_are() -> None:
    assert [len(former(going_on(gap=gap))) for gap in (16, 17)] == [1, 0]
    several = [numbered(numbered(going_on(gap=gap), "08:00:00", IMAGE, 5, "security-4688"), "09:00:00", "ALPHA", 900, "security-4688")
               for gap in (10_000, 10_001)]  # fmt: skip
    assert [len(former(logs)) for logs in several] == [1, 0]


def test_numbers_that_overlap_are_of_two_machines() -> None:
    """Two clones of one image."""
    assert former(numbered(going_on(), "09:30:00", "ALPHA", 50)) == []
    assert former(numbered(numbered(going_on(), "08:00:00", IMAGE, 7, "security-4688"), "09:00:00", "ALPHA", 7, "security-4688")) == []


def test_an_image_with_two_successors_is_neither() -> None:
    assert former(numbered(going_on(), "09:10:00", "BRAVO", 103)) == []


def test_two_images_before_one_name_are_none_of_it() -> None:
    assert former(numbered(going_on(), "07:00:00", OTHER_IMAGE, 99)) == []


def test_who_speaks_while_the_other_does_is_another_machine() -> None:
    assert former(going_on().zeek("dns", "10:00:00", {})) != []
    assert former(numbered(going_on(), "09:30:00", IMAGE, 8, "security-4688")) == []


def test_a_client_of_that_name_is_another_machine() -> None:
    assert former(going_on().security_4624("10:00:00", host="ALPHA", name=IMAGE)) == []
