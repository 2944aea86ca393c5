"""Where a write came from when its own record does not say: one client near it, or none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphcorr.model.findings import Endpoint, Finding, Movement
from tests.findings.logs import CLIENT, Logs, only

Near = Callable[[Logs, str, str], Logs]


def share(logs: Logs, time: str, client: str) -> Logs:
    return logs.security_5140(time, source=client)


def logon(logs: Logs, time: str, client: str) -> Logs:
    return logs.security_4624(time, source=client)


def accepted(logs: Logs, time: str, client: str) -> Logs:
    return logs.is_at("10.0.0.9").sysmon_3(time, client, "10.0.0.9")


def swapped(logs: Logs, time: str, client: str) -> Logs:
    """Old Sysmon: the local side is the source, also of a connection that came in."""
    return logs.is_at("10.0.0.9").sysmon_3(time, "10.0.0.9", client, ports=(445, 50123))


def hunt(logs: Logs) -> Finding:
    return only(logs.sysmon_11("10:00:00").sysmon_1("10:00:05").hunt())


@pytest.mark.parametrize("near", [share, logon, accepted, swapped])
def test_the_one_client_near_a_write_is_its_source(near: Near) -> None:
    finding = hunt(near(Logs(), "09:59:58", CLIENT))
    assert (finding.source, finding.movement) == (Endpoint(None, CLIENT), Movement.REMOTE)
    assert [one.role for one in finding.evidence] == ["write", "execution", "origin"]


@pytest.mark.parametrize("near", [share, logon, accepted, swapped])
def test_of_two_clients_none_is_chosen(near: Near) -> None:
    finding = hunt(near(near(Logs(), "09:59:58", CLIENT), "09:59:59", "10.0.0.77"))
    assert (finding.source, finding.movement) == (None, Movement.UNKNOWN_SOURCE)
    assert "source unknown: no share access, network logon or connection near the write names one client" in finding.limits


def test_who_opened_a_share_counts_before_who_logged_on() -> None:
    finding = hunt(share(logon(Logs(), "09:59:59", "10.0.0.77"), "09:59:50", CLIENT))
    assert (finding.source, finding.account) == (Endpoint(None, CLIENT), "CORP\\alice")


def test_a_pipe_is_no_disk_share() -> None:
    logs = Logs().security_5140("09:59:59", source="10.0.0.77", share="IPC$", folder=None)
    assert hunt(share(logs, "09:59:50", CLIENT)).source == Endpoint(None, CLIENT)


@pytest.mark.parametrize("time", ["09:58:30", "10:00:04"])
def test_a_client_long_before_or_after_is_not_near(time: str) -> None:
    assert hunt(logon(Logs(), time, CLIENT)).source is None


@pytest.mark.parametrize("logon_type", [2, 5, 10])
def test_only_network_logons_count(logon_type: int) -> None:
    assert hunt(Logs().security_4624("09:59:58", logon_type=logon_type)).source is None


def test_a_client_on_another_host_is_nobodys() -> None:
    assert hunt(Logs().security_4624("09:59:58", host="other.corp.example")).source is None


def test_the_host_itself_as_the_one_client_is_loopback() -> None:
    assert hunt(Logs().security_4624("09:59:58", source="127.0.0.1")).movement is Movement.LOOPBACK


def test_a_share_access_without_address_borrows_the_client_too() -> None:
    logs = Logs().security_4624("09:59:58").security_5145("10:00:00", source=None).sysmon_1("10:00:05")
    assert only(logs.hunt()).source == Endpoint(None, CLIENT)


def test_a_crowd_of_logons_has_no_one_client_but_a_share_access_does() -> None:
    logs = Logs()
    for number in range(60):
        logs.security_4624(f"09:59:{number:02}", source=f"10.1.0.{number}").security_4624(f"09:59:{number:02}.5", source=f"10.2.0.{number}")
    logs.sysmon_11("10:00:00").sysmon_1("10:00:05")
    assert only(logs.hunt()).source is None
    assert only(share(logs, "09:59:30", CLIENT).hunt()).source == Endpoint(None, CLIENT)


def test_a_crowd_at_the_share_has_no_one_client_either() -> None:
    logs = logon(Logs(), "09:59:58", CLIENT)
    for number in range(12):
        logs.security_5140("09:59:40", source=f"10.1.0.{number}")
    assert hunt(logs).source is None
