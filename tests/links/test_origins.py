"""Where a write came from when its own record does not say: one client near it, or none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphcorr.model.findings import Endpoint, Finding, Movement
from tests.findings.logs import CLIENT, TARGET, Logs, only

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


@pytest.mark.parametrize(("near", "did", "where"), [
    (share, "opened the share ADMIN$", ", in a session of CORP\\alice"),
    (logon, "logged on over the network", ", in the network logon 0x1a2b3c of CORP\\alice"),
    (accepted, "connected to port 445", ""),
    (swapped, "connected to port 445", ""),
])  # fmt: skip
def test_of_two_clients_none_is_chosen_and_both_are_named(near: Near, did: str, where: str) -> None:
    finding = hunt(near(near(Logs(), "09:59:58", CLIENT), "09:59:59", "10.0.0.77"))
    assert (finding.source, finding.movement) == (None, Movement.UNKNOWN_SOURCE)
    reasons = [f"{client} {did} {apart} s before the write{where}" for client, apart in (("10.0.0.77", "1.0"), (CLIENT, "2.0"))]
    assert f"source not certain: {', and '.join(reasons)}; neither is chosen" in finding.limits
    assert [one.role for one in finding.evidence] == ["write", "execution", "origin", "origin"]


def test_a_share_of_which_nobody_knows_the_folder_may_be_the_one() -> None:
    finding = hunt(Logs().security_5140("09:59:59", share="DATA", folder=None))
    assert (finding.source, finding.movement) == (Endpoint(None, CLIENT), Movement.REMOTE)


def test_who_opened_the_share_that_holds_the_file_counts_before_others() -> None:
    """On a domain controller somebody reads SYSVOL at any time."""
    logs = Logs().security_5140("09:59:59.9", source="10.0.0.77", share="SYSVOL", folder=r"\??\C:\Windows\SYSVOL\sysvol")
    finding = hunt(logs.security_5140("09:59:30", share="C$", folder="\\??\\C:\\"))
    assert finding.source == Endpoint(None, CLIENT)
    assert finding.why[0] == (
        "10.0.0.5 is the only client near the write that opened the share that holds the file: C$, 30.0 s before the write, "
        "in a session of CORP\\alice"
    )
    crowd = Logs().security_5140("09:59:30", share="C$", folder="\\??\\C:\\")
    for number in range(12):
        crowd.security_5140("09:59:40", source=f"10.1.0.{number}", share="SYSVOL", folder=r"\??\C:\Windows\SYSVOL\sysvol")
    assert hunt(crowd).source == Endpoint(None, CLIENT)


def test_who_only_opened_another_share_is_named_and_not_the_source() -> None:
    """Of a session in the share that holds the file there would be a record of that share."""
    logs = Logs().security_5140("09:59:59", source="10.0.0.77", share="home", folder=r"\??\E:\home")
    finding = hunt(logs)
    assert (finding.source, finding.account, finding.movement) == (None, "CORP\\alice", Movement.UNKNOWN_SOURCE)
    told = "10.0.0.77 opened the share home 1.0 s before the write, in a session of CORP\\alice"
    assert f"source not certain: {told}; it is not chosen" in finding.limits


def test_another_share_is_no_reason_to_pass_over_who_logged_on() -> None:
    logs = Logs().security_5140("09:59:59", source="10.0.0.77", share="home", folder=r"\??\E:\home").security_4624("09:59:58")
    finding = hunt(logs)
    assert finding.source is None
    assert sum(client in " ".join(finding.limits) for client in ("10.0.0.77 opened", f"{CLIENT} logged on")) == 2


def opened(logs: Logs, time: str, client: str, user: str, session: str) -> Logs:
    return logs.add("security-5140", time, {
        "SubjectUserName": user, "SubjectDomainName": "CORP", "SubjectLogonId": session, "IpAddress": client,
        "ShareName": r"\\*\ADMIN$", "ShareLocalPath": "\\??\\C:\\Windows", "AccessMask": "0x1",
    }, computer=TARGET)  # fmt: skip


@pytest.mark.parametrize("own", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::9d2c:11aa:7b01:44e3%12"])
def test_what_the_host_does_to_itself_stands_aside_where_a_client_is_there(own: str) -> None:
    """Output of a remote command goes through the host's own share, as whoever it was started by."""
    logs = opened(Logs(), "09:59:58", CLIENT, "alice", "0x10")
    finding = hunt(opened(logs, "09:59:59.9", own, "alice", "0x20"))
    assert (finding.source, finding.account, finding.movement) == (Endpoint(None, CLIENT), "CORP\\alice", Movement.REMOTE)


def test_an_address_of_the_link_may_be_another_machines() -> None:
    logs = opened(opened(Logs(), "09:59:58", CLIENT, "alice", "0x10"), "09:59:59.9", "fe80::1", "bob", "0x20")
    assert hunt(logs).source is None


@pytest.mark.parametrize("user", ["TARGET$", "target.corp.example$", "TARGET$@CORP.EXAMPLE"])
def test_the_hosts_own_account_is_the_host(user: str) -> None:
    alone = hunt(opened(Logs(), "09:59:59", "10.0.0.200", user, "0x20"))
    assert (alone.movement, alone.source) == (Movement.LOOPBACK, Endpoint(TARGET, "10.0.0.200"))
    assert hunt(opened(opened(Logs(), "09:59:59", "fe80::1", user, "0x20"), "09:59:30", CLIENT, "alice", "0x10")).source == Endpoint(
        None, CLIENT
    )


def test_a_logon_of_somebody_else_does_not_make_the_host_stand_aside() -> None:
    logs = opened(Logs(), "09:59:59", "127.0.0.1", "bob", "0x20").security_4624("09:59:58")
    finding = hunt(logs)
    assert finding.movement is Movement.UNKNOWN_SOURCE
    assert hunt(opened(Logs(), "09:59:59", "127.0.0.1", "alice", "0x20").security_4624("09:59:58")).source == Endpoint(None, CLIENT)


def test_a_session_is_told_by_its_id() -> None:
    logs = Logs().security_4624("06:00:00").security_4624("08:00:00").security_4624("10:30:00")
    finding = hunt(opened(logs, "09:59:59", CLIENT, "alice", "0x1a2b3c"))
    assert "in the network logon 0x1a2b3c of CORP\\alice since 2026-01-05T08:00:00.000000Z" in finding.why[0]
    assert [one.role for one in finding.evidence] == ["write", "execution", "origin", "origin"]


def test_of_two_accounts_from_one_machine_none_is_chosen() -> None:
    """A terminal server, or a jump host."""
    logs = Logs().is_at("10.0.0.9").sysmon_3("09:59:59", CLIENT, "10.0.0.9")
    logs.security_4624("09:59:58").security_4624("09:59:57", user="bob")
    finding = hunt(logs)
    assert (finding.source, finding.account) == (Endpoint(None, CLIENT), None)
    assert hunt(opened(logs, "09:59:50", CLIENT, "bob", "0x10")).account == "CORP\\bob"


@pytest.mark.parametrize(("time", "found"), [("10:01:50", True), ("10:02:30", False)])
def test_the_record_of_a_connection_comes_late(time: str, *, found: bool) -> None:
    finding = hunt(Logs().sysmon_3(time, CLIENT, "10.0.0.9"))
    assert (finding.source is not None) == found


def test_what_a_connection_says_of_its_own_ends_counts_before_what_was_known_long_ago() -> None:
    logs = Logs().is_at(CLIENT, time="2025-02-01T10:00:00.000000Z").sysmon_3("09:59:59", CLIENT, "10.0.0.9")
    finding = hunt(logs)
    assert (finding.source, finding.movement) == (Endpoint(None, CLIENT), Movement.REMOTE)
    recently = Logs().is_at(CLIENT, time="2026-01-03T10:00:00.000000Z").sysmon_3("09:59:59", CLIENT, "10.0.0.9")
    assert hunt(recently).source == Endpoint(None, CLIENT)


def test_two_addresses_of_one_machine_are_one_client() -> None:
    logs = Logs().is_at(CLIENT, host="ws5.corp.example").is_at("fd00::5", host="ws5.corp.example")
    finding = hunt(share(share(logs, "09:59:58", "fd00::5"), "09:59:59", CLIENT))
    assert finding.source == Endpoint("ws5.corp.example", CLIENT)


def test_a_pipe_that_names_a_machine_tells_which_of_two_clients_it_was() -> None:
    logs = Logs().is_at(CLIENT, host="ws5.corp.example")
    logs = share(share(logs, "09:59:58", CLIENT), "09:59:59", "10.0.0.77").pipe("10:00:06", r"\tool-WS5-42-stdin")
    assert hunt(logs).source == Endpoint("ws5.corp.example", CLIENT)


def test_two_clients_that_wrote_it_are_both_named() -> None:
    logs = Logs().security_5145("10:00:00").security_5145("10:00:01", source="10.0.0.77", user="bob").sysmon_1("10:00:05")
    finding = only(logs.hunt())
    assert (finding.source, finding.account, finding.movement) == (None, None, Movement.UNKNOWN_SOURCE)
    assert finding.limits[0] == (
        "source not certain: 10.0.0.5 wrote it as CORP\\alice at 2026-01-05T10:00:00.000000Z, and "
        "10.0.0.77 wrote it as CORP\\bob at 2026-01-05T10:00:01.000000Z; neither is chosen"
    )


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
