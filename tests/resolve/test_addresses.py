"""Who had an address when: by statements of known rank, never by nearness in time alone."""

from __future__ import annotations

from graphcorr.resolve.addresses import Owner
from graphcorr.resolve.identity import Identity
from graphcorr.syntax.times import parse_time
from tests.findings.logs import CLIENT, OTHER, TARGET, Logs, only, stamp


def at(time: str) -> int:
    parsed = parse_time(stamp(time))
    assert parsed is not None
    return parsed[0]


def owner(logs: Logs, time: str = "10:00:00", address: str = CLIENT) -> Owner:
    with logs.projection() as projection:
        identity: Identity = projection.identity
        return identity.host_at(address, at(time))


def lease(logs: Logs, time: str, name: str, address: str = CLIENT, action: tuple[str, ...] = ("REQUEST", "ACK")) -> Logs:
    return logs.zeek("dhcp", time, {"assigned_addr": address, "host_name": name, "msg_types": list(action), "uids": ["D1"]})


def ntlm(logs: Logs, time: str, client: str | None = None, server: str | None = None) -> Logs:
    return logs.zeek("ntlm", time, {"hostname": client, "server_dns_computer_name": server})


def test_nobody_is_known() -> None:
    assert owner(Logs().security_5145("10:00:00")) == Owner(None, None, ())


def test_a_hosts_own_connection_binds_its_address() -> None:
    assert owner(Logs().is_at(CLIENT, host=OTHER)) == Owner(OTHER, "its own log", ())


def test_a_connection_that_came_in_does_not_make_the_client_the_host() -> None:
    logs = Logs().is_at("10.0.0.9").sysmon_3("09:00:01", "10.0.0.9", CLIENT, ports=(445, 50123))
    assert owner(logs) == Owner(None, None, ())


def test_a_host_that_only_accepts_is_the_side_that_all_connections_share() -> None:
    logs = Logs().sysmon_3("09:00:00", CLIENT, "10.0.0.9").sysmon_3("09:00:01", "10.0.0.77", "10.0.0.9")
    assert owner(logs, address="10.0.0.9") == Owner(TARGET, "its own log", ())
    assert owner(Logs().sysmon_3("09:00:00", CLIENT, "10.0.0.9"), address="10.0.0.9") == Owner(None, None, ())


def test_a_lease_is_better_than_a_name_that_a_client_states() -> None:
    logs = ntlm(lease(Logs(), "09:00:00", "alpha"), "09:59:00", "bravo")
    assert owner(logs) == Owner("alpha", "dhcp lease", ())


def test_an_address_moves_with_its_lease() -> None:
    logs = lease(lease(lease(Logs(), "08:00:00", "alpha"), "10:00:00", "bravo"), "12:00:00", "alpha")
    assert [owner(logs, time).host for time in ("09:00:00", "11:00:00", "13:00:00")] == ["alpha", "bravo", "alpha"]


def test_an_offer_is_no_lease() -> None:
    assert owner(lease(Logs(), "09:00:00", "alpha", action=("DISCOVER", "OFFER"))) == Owner(None, None, ())


def test_two_equal_claims_are_answered_with_neither() -> None:
    logs = Logs().is_at(CLIENT, host="a.corp.example").is_at(CLIENT, host="b.corp.example", time="09:30:00")
    assert owner(logs) == Owner(None, None, ("a.corp.example", "b.corp.example"))


def test_a_finding_names_the_rivals() -> None:
    logs = Logs().is_at(CLIENT, host="a.corp.example").is_at(CLIENT, host="b.corp.example")
    finding = only(logs.security_5145("10:00:00").sysmon_1("10:00:05").hunt())
    assert finding.source is not None
    assert (finding.source.host, finding.source.address) == (None, CLIENT)
    assert "source address only: a.corp.example, b.corp.example had it" in finding.limits


def test_claims_of_other_days_do_not_rival() -> None:
    logs = Logs().is_at(CLIENT, host="a.corp.example").is_at(CLIENT, host="b.corp.example", time="2026-01-09T10:00:00.000000Z")
    assert owner(logs).host == "a.corp.example"
    assert owner(logs, "2026-01-09T12:00:00.000000Z").host == "b.corp.example"


def test_a_network_logon_names_its_client() -> None:
    assert owner(Logs().security_4624("09:59:00", name="WS5")) == Owner("ws5", "ntlm name", ())


def test_a_remote_desktop_logon_has_the_targets_own_name_beside_the_clients_address() -> None:
    assert owner(Logs().security_4624("09:59:00", name="TARGET", logon_type=10)) == Owner(None, None, ())


def test_a_psexec_pipe_names_its_client() -> None:
    logs = Logs().security_5145("10:00:00", "PSEXESVC-WS5-4711-stdin", share="IPC$", folder=None)
    assert owner(logs) == Owner("ws5", "psexec pipe name", ())


def test_dns_names_a_machine_that_speaks_smb() -> None:
    logs = Logs().zeek("dns", "09:00:00", {"query": "ws5.corp.example", "qtype_name": "A", "answers": ["alias.corp.example", CLIENT]})
    assert owner(logs) == Owner(None, None, ())
    assert owner(logs.smb_file("10:00:00")) == Owner("ws5.corp.example", "dns answer", ())


def test_short_and_full_names_on_the_wire_are_one_host() -> None:
    """As a client a machine states its short name, as a server its full one: two claims, one machine."""
    logs = ntlm(Logs(), "09:00:00", client="WS5", server="srv.corp.example")
    logs.zeek("ntlm", "09:30:00", {"hostname": "X", "server_dns_computer_name": "ws5.corp.example"}, source="10.0.0.9", target=CLIENT)
    assert owner(logs) == Owner("ws5.corp.example", "ntlm name", ())


def test_loopback_is_nobodys() -> None:
    assert owner(Logs().security_4624("09:59:00", source="127.0.0.1", name="WS5"), address="127.0.0.1") == Owner(None, None, ())


def test_an_address_that_moved_away_is_no_longer_the_hosts_own() -> None:
    logs = Logs().is_at("10.0.0.9").is_at("10.0.0.9", host=OTHER, time="2026-01-09T09:00:00.000000Z")
    logs.security_5145("2026-01-09T10:00:00.000000Z", source="10.0.0.9").sysmon_1("2026-01-09T10:00:05.000000Z")
    finding = only(logs.hunt())
    assert finding.source is not None
    assert (finding.movement.value, finding.source.host) == ("remote", OTHER)


def test_the_best_known_address_of_a_host() -> None:
    logs = Logs().is_at("fe80::1").is_at("10.0.0.9").security_5145("10:00:00").sysmon_1("10:00:05")
    assert only(logs.hunt()).target.address == "10.0.0.9"


def test_a_statement_from_another_season_names_nobody() -> None:
    """Addresses are given to other machines: some weeks are remembered, a year is not."""
    logs = Logs().is_at(CLIENT, host="a.corp.example")
    assert owner(logs, "2026-01-25T10:00:00.000000Z").host == "a.corp.example"
    assert owner(logs, "2027-01-05T10:00:00.000000Z") == Owner(None, None, ())
