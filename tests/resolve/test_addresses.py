"""Who had an address when: by statements of known rank, never by nearness in time alone."""

from __future__ import annotations

import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.findings.judging import doubts_of
from graphcorr.model.findings import Endpoint, Movement
from graphcorr.resolve.addresses import Owner
from graphcorr.resolve.identity import Identity
from graphcorr.syntax.times import parse_time
from tests.findings.logs import CLIENT, OTHER, TARGET, TOOL, Logs, only, stamp

UNSPECIFIED = "0.0.0.0"  # noqa: S104 - what a log states


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


@pytest.mark.parametrize("name", ["TARGET", r"\\target", "Target.corp.example"])
def test_a_client_that_calls_itself_by_the_name_of_the_machine_is_not_that_machine(name: str) -> None:
    """Tools send the name of whom they log on to, and a logon that is relayed back has it, too."""
    logs = Logs().is_at("10.0.0.9", host="target.corp.example").security_4624("09:59:59", name=name)
    assert owner(logs) == Owner(None, None, ())
    finding = only(logs.security_5145("10:00:00").sysmon_1("10:00:05").hunt())
    assert (finding.source, finding.movement) == (Endpoint(None, CLIENT), Movement.REMOTE)


def test_on_the_wire_neither() -> None:
    logs = ntlm(Logs(), "09:59:59", "target", TARGET)
    assert owner(logs) == Owner(None, None, ())
    assert owner(logs, address="10.0.0.9").host == TARGET


def test_a_hosts_own_connection_binds_its_address() -> None:
    assert owner(Logs().is_at(CLIENT, host=OTHER)) == Owner(OTHER, "its own log", ())


def test_a_connection_that_came_in_does_not_make_the_client_the_host() -> None:
    logs = Logs().is_at("10.0.0.9").sysmon_3("09:00:01", "10.0.0.9", CLIENT, ports=(445, 50123))
    assert owner(logs) == Owner(None, None, ())


def test_a_host_that_only_accepts_is_the_side_that_all_connections_share() -> None:
    ports = (50123, 50124)
    logs = Logs().sysmon_3("09:00:00", CLIENT, "10.0.0.9", ports=ports).sysmon_3("09:00:01", "10.0.0.77", "10.0.0.9", ports=ports)
    assert owner(logs, address="10.0.0.9") == Owner(TARGET, "its own log", ())
    assert owner(Logs().sysmon_3("09:00:00", CLIENT, "10.0.0.9", ports=ports), address="10.0.0.9") == Owner(None, None, ())


@pytest.mark.parametrize(("source", "target", "ports"), [(CLIENT, "10.0.0.9", (50123, 445)), ("10.0.0.9", CLIENT, (445, 50123))])
def test_who_accepts_at_the_port_of_a_service_is_the_host(source: str, target: str, ports: tuple[int, int]) -> None:
    """Old Sysmon has the local side as source, newer the remote one: the port tells, whatever was known of an address long ago."""
    logs = Logs().is_at(CLIENT, time="2025-02-01T10:00:00.000000Z").sysmon_3("09:00:00", source, target, ports=ports)
    assert owner(logs, address="10.0.0.9") == Owner(TARGET, "its own log", ())
    assert owner(logs) == Owner(None, None, ())


def test_a_datagram_to_a_whole_network_is_accepted_at_an_address_that_is_nobodys() -> None:
    logs = Logs()
    for target in ("10.0.0.255", "224.0.0.252"):
        logs.add("sysmon-3", "09:00:00", {
            "SourceIp": CLIENT, "SourcePort": "49152", "DestinationIp": target, "DestinationPort": "137", "Initiated": "false",
            "Protocol": "udp",
        }, computer=TARGET)  # fmt: skip
    assert [owner(logs, address=target) for target in ("10.0.0.255", "224.0.0.252")] == [Owner(None, None, ())] * 2


def test_an_open_end_is_the_hosts_only_as_long_as_its_address_may_be() -> None:
    """Where neither name nor port tells, what was the host's own a year ago says nothing."""
    ends = Logs().is_at(CLIENT, time="2025-02-01T10:00:00.000000Z").sysmon_3("09:00:00", CLIENT, "10.0.0.9", ports=(50123, 50124))
    assert owner(ends) == Owner(None, None, ())
    assert owner(ends.is_at(CLIENT, time="2025-12-20T10:00:00.000000Z")).host == TARGET


def test_a_connection_names_its_ends_as_dns_does() -> None:
    fields = {"SourceIp": CLIENT, "SourceHostname": "ws5.corp.example", "DestinationIp": "10.0.0.9", "DestinationHostname": "-"}
    logs = Logs().add("sysmon-3", "09:00:00", fields | {"SourcePort": "50123", "DestinationPort": "445"}, computer=TARGET)
    assert owner(logs) == Owner("ws5.corp.example", "reverse dns", ())
    other = Logs().add("sysmon-3", "09:00:00", fields | {"SourcePort": "50123", "DestinationPort": "443"}, computer=TARGET)
    assert owner(other) == Owner(None, None, ())


def test_what_is_said_before_and_after_counts_before_what_is_said_on_one_side() -> None:
    logs = Logs().is_at(CLIENT, host=OTHER, time="07:00:00").is_at(CLIENT, host="b.corp.example", time="09:30:00")
    logs.is_at(CLIENT, host="b.corp.example", time="10:30:00")
    assert owner(logs) == Owner("b.corp.example", "its own log", ())
    assert owner(logs, "11:00:00") == Owner(None, None, ("b.corp.example", OTHER))


@pytest.mark.parametrize(("learned", "away"), [("2026-01-05T03:00:00.000000Z", None), ("2025-12-31T10:00:00.000000Z", "5 days")])
def test_how_long_ago_an_address_was_known_is_said_and_weighs(learned: str, away: str | None) -> None:
    logs = Logs().is_at(CLIENT, host=OTHER, time=learned)
    finding = only(logs.security_5145("10:00:00").sysmon_1("10:00:05").hunt())
    further = f", by what was logged {away} away from it" if away else ""
    assert f"{CLIENT} was {OTHER} by its own log{further}" in finding.why
    assert (Doubt.ADDRESS_LEARNED_APART.sentence in finding.why) is (away is not None)
    assert finding.source == Endpoint(OTHER, CLIENT)


@pytest.mark.parametrize(("basis", "age", "weighs"), [("its own log", 0, False), ("its own log", 1, True), ("dhcp lease", 1, False)])
def test_what_is_known_of_an_address_wears_off_and_a_lease_does_not(basis: str, age: int, weighs: bool) -> None:
    assert bool(doubts_of(Owner(OTHER, basis, (), age))) is weighs


# --- computer accounts ---


def ticket(logs: Logs, log: str, user: str, address: str = CLIENT, time: str = "09:00:00", **more: str) -> Logs:
    fields = {"TargetUserName": user, "TargetDomainName": "CORP.EXAMPLE", "IpAddress": f"::ffff:{address}", "Status": "0x0"}
    return logs.add(log, time, fields | more, computer="dc.corp.example")


@pytest.mark.parametrize(("log", "user"), [
    ("security-4768", "WS5$"), ("security-4769", "WS5$@CORP.EXAMPLE"), ("security-4770", "WS5$@CORP.EXAMPLE"),
])  # fmt: skip
def test_a_ticket_of_a_computer_names_its_address(log: str, user: str) -> None:
    assert owner(ticket(Logs(), log, user)) == Owner("ws5.corp.example", "computer account", ())
    assert owner(ticket(Logs(), log, "alice")) == Owner(None, None, ())


@pytest.mark.parametrize("log", ["security-4768", "security-4769"])
def test_a_ticket_that_was_refused_names_nobody(log: str) -> None:
    """Anybody may ask in any name."""
    assert owner(ticket(Logs(), log, "WS5$", Status="0x6")) == Owner(None, None, ())


def test_a_computer_that_logs_on_and_opens_shares_names_its_address() -> None:
    logs = Logs().security_4624("09:00:00", user="WS5$", host="dc.corp.example")
    assert owner(logs) == Owner("ws5.corp.example", "computer account", ())
    assert owner(Logs().security_4624("09:00:00", user="WS5$", logon_type=8)) == Owner(None, None, ())
    assert owner(Logs().security_5145("09:00:00", user="WS5$")) == Owner("ws5.corp.example", "computer account", ())
    shares = Logs().add("security-5140", "09:00:00", {"SubjectUserName": "WS5$", "SubjectDomainName": "CORP", "IpAddress": CLIENT,
                        "ShareName": r"\\*\SYSVOL"}, computer="dc.corp.example")  # fmt: skip
    assert owner(shares) == Owner("ws5.corp.example", "computer account", ())


def test_a_password_check_names_an_address_only_where_the_client_says_one() -> None:
    logs = Logs().add(
        "security-4776", "09:00:00", {"TargetUserName": "WS5$", "Workstation": CLIENT, "Status": "0x0"}, computer="dc.corp.example"
    )
    assert owner(logs) == Owner("ws5", "computer account", ())
    refused = Logs().add("security-4776", "09:00:00", {"TargetUserName": "WS5$", "Workstation": CLIENT, "Status": "0xc000006a"},
                         computer="dc.corp.example")  # fmt: skip
    assert owner(refused) == Owner(None, None, ())


def test_a_machines_own_account_is_its_own_word() -> None:
    assert owner(Logs().security_4624("09:00:00", user="TARGET$")) == Owner(TARGET, "its own log", ())


def test_machines_behind_one_address_share_it() -> None:
    logs = ticket(ticket(Logs(), "security-4768", "WS5$"), "security-4768", "WS6$", time="09:05:00")
    assert owner(logs) == Owner(None, None, ("ws5.corp.example", "ws6.corp.example"))


def test_an_account_that_comes_from_several_machines_is_none() -> None:
    """Group-managed service accounts have names like computers, and are used on several of them."""
    logs = Logs()
    for number in (1, 2):
        for user in (f"WS{number}$", "GMSA-SQL$"):
            ticket(logs, "security-4768", user, f"10.0.0.{number}")
    assert [owner(logs, address=f"10.0.0.{number}").host for number in (1, 2)] == ["ws1.corp.example", "ws2.corp.example"]


def test_where_a_machine_that_logs_came_from_an_address_no_other_name_counts() -> None:
    logs = ticket(ticket(Logs().service("08:00:00", TOOL, host=OTHER), "security-4768", "OTHER$"), "security-4768", "GMSA-SQL$")
    assert owner(logs) == Owner(OTHER, "computer account", ())


def pool(*, others: tuple[str, ...]) -> Logs:
    """A machine that has logs here comes from the address until ten, and an account of which nothing else is known at ``others``."""
    logs = Logs().service("08:00:00", TOOL, host=OTHER)
    for time in ("08:00:00", "10:00:00"):
        ticket(logs, "security-4768", "OTHER$", time=time)
    for time in others:
        ticket(logs, "security-4768", "WS5$", time=time)
    return logs


def test_the_next_machine_that_a_pool_gave_an_address_may_have_it() -> None:
    """It may as well be an account of a service on the first one: neither is chosen from then on, and the first one until then."""
    both = Owner(None, None, (OTHER, "ws5.corp.example"))
    logs = pool(others=("12:00:00", "14:00:00"))
    assert [owner(logs, time) for time in ("12:00:00", "13:00:00", "14:00:00", "15:00:00")] == [both] * 4
    assert [owner(logs, time).host for time in ("08:00:00", "09:00:00", "10:00:00")] == [OTHER] * 3


def test_an_account_that_comes_while_the_machine_is_there_is_no_other_machine() -> None:
    assert owner(pool(others=("09:00:00",)), "09:00:00").host == OTHER
    assert owner(pool(others=("09:00:00", "12:00:00")), "12:00:00").host == OTHER


def test_what_another_machine_proved_since_makes_a_better_word_doubtful() -> None:
    """Its own log says that it had the address at nine; at eleven another machine's account came from there."""
    logs = ticket(Logs().is_at(CLIENT, host="a.corp.example"), "security-4768", "WS5$", time="11:00:00")
    assert owner(logs, "10:30:00").host == "a.corp.example"
    assert owner(logs, "11:30:00") == Owner(None, None, ("a.corp.example", "ws5.corp.example"))


def test_what_a_machine_proves_is_better_than_what_a_client_says() -> None:
    logs = ticket(Logs().security_4624("09:59:00", name="KALI"), "security-4768", "WS5$")
    assert owner(logs) == Owner("ws5.corp.example", "computer account", ())


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
    told = (
        f"name of the source unknown: several machines had {CLIENT}, a.corp.example, b.corp.example, and no record tells which of them did"
    )
    assert f"{told} then" in finding.limits


def test_claims_of_other_days_do_not_rival() -> None:
    logs = Logs().is_at(CLIENT, host="a.corp.example").is_at(CLIENT, host="b.corp.example", time="2026-01-09T10:00:00.000000Z")
    assert owner(logs).host == "a.corp.example"
    assert owner(logs, "2026-01-09T12:00:00.000000Z").host == "b.corp.example"


def test_a_network_logon_names_its_client() -> None:
    assert owner(Logs().security_4624("09:59:00", name="WS5")) == Owner("ws5", "ntlm name", ())


def test_a_name_that_no_windows_machine_can_have_is_made_up() -> None:
    """NetBIOS names end after 15 characters; an exploit's client called itself so in every session."""
    assert owner(Logs().security_4624("09:59:00", name="q7Lk2VbTzPw9MnXc")) == Owner(None, None, ())
    assert owner(Logs().security_4624("09:59:00", name="q7Lk2VbTzPw9MnX")).host == "q7lk2vbtzpw9mnx"
    other = Logs().security_4624("04:59:00", name="q7Lk2VbTzPw9MnXc").security_4624("09:59:00", name="WORKSTATION")
    assert owner(other) == Owner(None, None, ()), "who makes up one name makes up others"
    long = "workstation-of-accounting"
    assert owner(Logs().security_4624("09:59:00", name=f"{long}.corp.example")).host == f"{long}.corp.example"


def test_the_system_account_of_a_session_from_who_makes_up_names_is_not_the_machine() -> None:
    """An exploit of the server makes its client's session SYSTEM's."""
    fields = {"SubjectUserName": "TARGET$", "SubjectDomainName": "CORP", "SubjectUserSid": "S-1-5-18", "SubjectLogonId": "0x3e7"}
    fields |= {"IpAddress": CLIENT, "IpPort": "50123", "ShareName": r"\\*\ADMIN$", "ShareLocalPath": r"\??\C:\Windows"}
    fields |= {"RelativeTargetName": r"Temp\tool.exe", "AccessMask": "0x2"}
    logs = Logs().add("security-5145", "10:00:00", fields, computer=TARGET, outcome="success").sysmon_1("10:00:05")
    assert only(logs.hunt()).movement is Movement.LOOPBACK
    assert only(logs.security_4624("09:59:59", name="q7Lk2VbTzPw9MnXc").hunt()).movement is Movement.REMOTE


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


# --- what a host says of its own address, and what gives addresses ---


def test_a_bind_to_an_address_is_the_hosts_own_word() -> None:
    fields = {"SourceAddress": CLIENT, "SourcePort": "139", "Application": "System", "Protocol": "6"}
    logs = Logs().add("security-5158", "09:00:00", fields, computer=OTHER)
    assert owner(logs) == Owner(OTHER, "its own log", ())
    everywhere = Logs().add("security-5158", "09:00:00", fields | {"SourceAddress": UNSPECIFIED}, computer=OTHER)
    assert owner(everywhere) == Owner(None, None, ())
    assert owner(everywhere, address=UNSPECIFIED) == Owner(None, None, ())


def test_a_client_of_dhcp_has_an_address_until_another_one_has_it() -> None:
    logs = Logs().add("dhcp-client-50028", "08:00:00", {"Address": "83886090"}, computer=OTHER)
    logs.add("dhcp-client-50028", "10:00:00", {"Address": CLIENT}, computer="b.corp.example")
    assert [owner(logs, time).host for time in ("09:00:00", "11:00:00")] == [OTHER, "b.corp.example"]
    assert owner(logs).basis == "dhcp lease"


def audit(logs: Logs, time: str, name: str, code: str = "10") -> Logs:
    fields = {"source.ip": CLIENT, "source.address": name, "event.code": code}
    return logs.add("dhcp-server", time, fields)


def test_a_server_of_dhcp_says_who_was_given_an_address() -> None:
    logs = audit(audit(Logs(), "08:00:00", "alpha.corp.example"), "10:00:00", "bravo.corp.example", "11")
    assert [owner(logs, time).host for time in ("09:00:00", "11:00:00")] == ["alpha.corp.example", "bravo.corp.example"]


@pytest.mark.parametrize("code", ["12", "15", "18", "30"])
def test_what_is_no_lease_of_a_server_of_dhcp_binds_nobody(code: str) -> None:
    assert owner(audit(Logs(), "09:00:00", "alpha", code)) == Owner(None, None, ())


@pytest.mark.parametrize("log", ["security-4778", "security-4779"])
def test_a_remote_desktop_names_its_client(log: str) -> None:
    fields = {"AccountName": "alice", "AccountDomain": "CORP", "LogonID": "0x1", "ClientName": "WS5", "ClientAddress": CLIENT}
    assert owner(Logs().add(log, "09:00:00", fields, computer=TARGET)) == Owner("ws5", "remote desktop name", ())
    unnamed = fields | {"ClientName": "Unknown"}
    assert owner(Logs().add(log, "09:00:00", unnamed, computer=TARGET)) == Owner(None, None, ())


def test_what_a_machine_proves_is_better_than_what_a_remote_desktops_client_says() -> None:
    fields = {"AccountName": "alice", "AccountDomain": "CORP", "LogonID": "0x1", "ClientName": "KALI", "ClientAddress": CLIENT}
    logs = ticket(Logs().add("security-4778", "09:00:00", fields, computer=TARGET), "security-4768", "WS5$")
    assert owner(logs) == Owner("ws5.corp.example", "computer account", ())


def test_of_very_many_rivals_a_finding_names_some() -> None:
    logs = Logs()
    for number in range(8):
        logs.is_at(CLIENT, host=f"m{number}.corp.example")
    finding = only(logs.security_5145("10:00:00").sysmon_1("10:00:05").hunt())
    first = ", ".join(f"m{number}.corp.example" for number in range(5))
    told = f"name of the source unknown: several machines had {CLIENT}, {first}, 3 more, and no record tells which of them did then"
    assert told in finding.limits


@pytest.mark.parametrize(("name", "host"), [("WS5", "ws5"), ("-1", None), ("10.0.0.5", None), ("*", None)])
def test_a_client_says_whose_share_it_takes_it_for(name: str, host: str | None) -> None:
    row = {"path": rf"\\{name}\C$", "share_type": "DISK", "native_file_system": "NTFS"}
    logs = (
        Logs().zeek("smb-mapping", "09:59:00", row, source="10.0.0.9", target=CLIENT).smb_file("10:00:00", source="10.0.0.9", target=CLIENT)
    )
    assert owner(logs).host == host
