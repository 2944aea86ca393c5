"""Leads: where an account goes from a machine that was taken, that it never had gone to; and what is none, though it looks like one."""

from __future__ import annotations

import pytest

from graphcorr.findings.window import Chosen
from graphcorr.model.leads import Direction, Lead, LeadTier
from graphcorr.outputs.leads import sentence
from graphcorr.paths.leads import MANY, MOST
from graphcorr.syntax.accounts import may_be_one
from graphcorr.syntax.times import read_moment
from tests.findings.logs import CLIENT, OTHER, TARGET, Logs, stamp

OWN = "10.0.0.9"
BEFORE = "2026-01-03T10:00:00Z"
"""Two days before the machine is taken."""
CMD, SYSTEM = r"C:\Windows\System32\cmd.exe", "SYSTEM"


def taken() -> Logs:
    """alice takes TARGET from CLIENT at 10:00:05."""
    return Logs().is_at().security_4624("09:59:59").security_5145("10:00:00").sysmon_1("10:00:05")


def leads(logs: Logs) -> list[Lead]:
    """Of the one path that there is."""
    (path,) = logs.hunt().paths
    return path.leads


def brief(logs: Logs) -> list[tuple[str | None, str | None, str | None, list[str]]]:
    return [(one.source.host, one.target.host, one.account, one.ways) for one in leads(logs)]


def goes_on(logs: Logs, time: str = "10:05:00", user: str = "alice", **more: object) -> Logs:
    return logs.security_4624(time, host=OTHER, source=OWN, user=user, **more)  # type: ignore[arg-type]


# --- the path's own account ---


def test_where_the_account_of_the_path_goes_on_to() -> None:
    (lead,) = leads(goes_on(goes_on(taken()), "10:06:00"))
    assert (lead.direction, lead.tier, lead.source.host, lead.target.host) == (Direction.ONWARD, LeadTier.LOGON, TARGET, OTHER)
    assert (lead.account, lead.ways, lead.count, lead.confirmed, lead.found) == (r"CORP\alice", ["network logon"], 2, None, [])
    assert (lead.first[11:19], lead.last[11:19]) == ("10:05:00", "10:06:00")
    assert [(one.role, one.host, one.time[11:19]) for one in lead.evidence] == [("logon", OTHER, "10:05:00"), ("logon", OTHER, "10:06:00")]
    assert lead.why == [
        r"corp\alice is an account of the path",
        f"whether it is new is not known: the log of logons to {OTHER} goes back no further",
    ]


def test_how_long_it_had_not_gone_there_is_said() -> None:
    logs = taken().security_4624(BEFORE, host=OTHER, source="10.0.0.77", user="carol")
    assert leads(goes_on(logs))[0].why[1] == f"the first time in the log of logons to {OTHER}, which goes back 2.0 days more"


@pytest.mark.parametrize("logs", [
    goes_on(goes_on(taken(), BEFORE)),  # where it had been before
    goes_on(taken(), "09:30:00"),  # before the machine was taken
    goes_on(taken(), "2026-01-12T10:00:06Z"),  # too long after it
    taken().security_4624("10:05:00", host=OTHER, source=CLIENT),  # from the machine that took it
    taken().security_4624("10:05:00", host=OTHER, source="10.0.0.77"),  # from a third one
    goes_on(taken(), user="TARGET$"),  # the machine itself
    goes_on(taken(), user="carol"),  # somebody else, and nothing is known of before
    goes_on(taken(), logon_type=2),  # at the machine
    goes_on(taken()).security_5145("10:05:01", host=OTHER, source=OWN).sysmon_1("10:05:05", host=OTHER),  # a hop, told already
], ids=["seen", "before", "late", "source", "third", "computer", "other", "local", "hop"])  # fmt: skip
def test_what_is_none(logs: Logs) -> None:
    assert [lead for path in logs.hunt().paths for lead in path.leads] == []


def test_to_the_last_moment_of_the_patience() -> None:
    assert len(leads(goes_on(taken(), "2026-01-12T10:00:05Z"))) == 1


def test_a_shell_in_the_session_is_told_and_is_no_hop() -> None:
    logs = goes_on(taken(), logon_type=10).add("sysmon-1", "10:05:30", {
        "Image": CMD, "CommandLine": "cmd.exe", "ProcessId": "77", "User": r"CORP\alice", "LogonId": "0x1a2b3c",
        "ParentImage": r"C:\Windows\explorer.exe",
    }, computer=OTHER)  # fmt: skip
    report = logs.hunt()
    (path,) = report.paths
    (lead,) = path.leads
    assert (path.hosts[-1], lead.ways, lead.count) == (TARGET, ["remote desktop", "shell in remote desktop"], 1)
    assert sentence(lead, {}).endswith(", and a shell was started there in that session")


def test_back_to_where_the_path_came_from_is_no_lead() -> None:
    logs = taken().is_at(CLIENT, host="client.corp.example").security_4624("10:05:00", host="client.corp.example", source=OWN)
    assert leads(logs) == []


def test_an_account_of_the_same_name_elsewhere_is_another() -> None:
    logs = taken().add("security-4624", "10:05:00", {
        "TargetUserName": "alice", "TargetDomainName": "OTHER", "TargetLogonId": "0x1a2b3d", "LogonType": "3", "IpAddress": OWN,
    }, computer=OTHER)  # fmt: skip
    assert leads(logs) == []


@pytest.mark.parametrize("others", [MANY, MANY + 1])
def test_of_a_server_that_all_use_it_is_said(others: int) -> None:
    logs = taken()
    for number in range(others):
        logs.security_4624("09:00:00", host=OTHER, source=f"10.0.1.{number}", user=f"u{number}")
    said = f"{others} other addresses log on to {OTHER} so, too: it may be no more than what every session does there"
    assert leads(goes_on(logs))[0].why[2:] == ([said] if others > MANY else [])


# --- an account that was never there ---


def stranger(logs: Logs, time: str = "10:05:00", *, seen: str = "bob", since: str = BEFORE) -> Logs:
    """eve goes on; ``seen`` had left the machine before, and the log of where she goes to reaches back to ``since``."""
    logs.security_4624(BEFORE, host="third.corp.example", source=OWN, user=seen)
    logs.security_4624(since, host=OTHER, source="10.0.0.77", user="carol")
    return goes_on(logs, time, user="eve")


def test_an_account_that_was_never_there_before() -> None:
    (lead,) = leads(stranger(taken()))
    assert (lead.target.host, lead.account) == (OTHER, r"CORP\eve")
    assert lead.why[0] == rf"corp\eve was never seen to leave {TARGET} before, where another account was"


@pytest.mark.parametrize("logs", [
    stranger(taken(), seen="eve"),  # she had left it to another machine
    stranger(taken(), since="2026-01-05T09:00:00Z"),  # the log is too short to tell
    stranger(taken(), "2026-01-06T10:00:06Z"),  # a day later it is another story
], ids=["seen", "short", "late"])  # fmt: skip
def test_what_is_no_stranger(logs: Logs) -> None:
    assert leads(logs) == []


def test_where_all_go_to_a_stranger_is_none() -> None:
    logs = taken()
    for number in range(MANY):
        logs.security_4624("09:00:00", host=OTHER, source=f"10.0.1.{number}", user=f"u{number}")
    assert leads(stranger(logs)) == []


# --- attempts ---


def tried(logs: Logs, time: str = "10:05:00", user: str = "alice", domain: str = "CORP", target: str = "OTHER") -> Logs:
    line = rf"wmic /node:{target} process call create calc"
    return logs.add("sysmon-1", time, {
        "Image": r"C:\Windows\System32\wbem\WMIC.exe", "CommandLine": line, "ProcessId": "77", "User": rf"{domain}\{user}",
        "ParentImage": CMD, "LogonId": "0x1",
    }, computer=TARGET)  # fmt: skip


def other_is_there(logs: Logs) -> Logs:
    """OTHER logs who logs on to it, all day long."""
    for hour in range(9, 13):
        logs.security_4624(f"{hour:02}:00:00", host=OTHER, source="10.0.0.77", user="carol")
    return logs.is_at("10.0.0.77", host="third.corp.example")


def test_an_attempt_that_nothing_can_confirm() -> None:
    (lead,) = leads(tried(taken()))
    assert (lead.tier, lead.target.host, lead.ways, lead.confirmed) == (LeadTier.ATTEMPT, "other", ["command for wmi"], None)
    assert lead.why[-1] == "whether it came to anything is not known: no log tells what reached other then"


def test_how_far_the_log_of_an_attempt_goes_is_said() -> None:
    said = f"the first time in the log of what was tried from {TARGET}, which goes back 2.0 days more"
    assert leads(tried(taken().sysmon_1(BEFORE, CMD)))[0].why[1] == said
    named = {"TargetUserName": "alice", "TargetDomainName": "CORP", "SubjectUserName": "alice", "SubjectDomainName": "CORP"}
    logs = taken().add("security-4648", BEFORE, {**named, "TargetServerName": "third"}, computer=TARGET)
    (lead,) = leads(logs.add("security-4648", "10:05:00", {**named, "TargetServerName": "OTHER"}, computer=TARGET))
    assert (lead.ways, lead.why[1]) == (["explicit credentials"], said)


def test_an_attempt_that_the_target_did_not_see() -> None:
    (lead,) = leads(tried(other_is_there(taken())))
    assert (lead.tier, lead.target.host, lead.confirmed) == (LeadTier.ATTEMPT, OTHER, False)
    assert lead.why[-1] == f"the log of {OTHER} has no logon from {TARGET} at that time"


def test_an_attempt_that_a_logon_of_another_account_confirms() -> None:
    (lead,) = leads(goes_on(tried(other_is_there(taken())), "10:06:59", user="carol"))
    assert (lead.tier, lead.account, lead.confirmed) == (LeadTier.ATTEMPT, r"CORP\alice", True)
    assert [one.role for one in lead.evidence] == ["attempt", "confirmation"]


def test_an_attempt_that_somebody_unknown_may_be() -> None:
    logs = tried(other_is_there(taken())).security_4624("10:05:30", host=OTHER, source="10.0.0.200", user="carol")
    (lead,) = leads(logs)
    assert (lead.confirmed, lead.why[-1]) == (None, f"somebody came to {OTHER} then from an address that no machine is known to have had")


def test_an_attempt_beside_its_logon_is_one_lead() -> None:
    (lead,) = leads(goes_on(tried(other_is_there(taken())), "10:05:02"))
    assert (lead.tier, lead.ways, lead.count, lead.confirmed) == (LeadTier.LOGON, ["network logon", "command for wmi"], 1, None)


@pytest.mark.parametrize(("time", "told"), [("11:00:05", 1), ("11:00:06", 0)])
def test_an_attempt_of_nobody_known_counts_for_an_hour(time: str, told: int) -> None:
    logs = taken().add("rdpclient-1024", time, {"Value": "OTHER"}, computer=TARGET)
    found = leads(logs)
    assert len(found) == told
    assert [one.ways for one in found] == [["remote desktop opened"]] * told


def test_a_command_of_the_machine_itself_counts_where_the_path_ran_as_it() -> None:
    assert leads(tried(taken(), user=SYSTEM, domain="NT AUTHORITY")) == []
    ran = Logs().is_at().security_4624("09:59:59").security_5145("10:00:00").add("sysmon-1", "10:00:05", {
        "Image": r"C:\Windows\Temp\tool.exe", "CommandLine": "tool.exe", "ProcessId": "70", "User": r"NT AUTHORITY\SYSTEM",
        "LogonId": "0x3e7", "ParentImage": CMD,
    }, computer=TARGET)  # fmt: skip
    (lead,) = leads(tried(ran, user=SYSTEM, domain="NT AUTHORITY"))
    assert lead.why[0] == "the path ran as the machine itself, and so did this"


def ticketed(logs: Logs, time: str = "10:05:00", user: str = "alice") -> Logs:
    """DC makes out a ticket for OTHER to somebody on TARGET."""
    return logs.add("security-4769", time, {
        "TargetUserName": f"{user}@CORP.EXAMPLE", "TargetDomainName": "CORP.EXAMPLE", "ServiceName": "OTHER$", "IpAddress": f"::ffff:{OWN}",
        "Status": "0x0",
    }, computer="dc.corp.example")  # fmt: skip


def test_a_ticket_of_a_domain_controller_is_an_attempt() -> None:
    (lead,) = leads(ticketed(ticketed(other_is_there(taken()), BEFORE, user="carol")))
    assert (lead.tier, lead.source.host, lead.target.host, lead.ways) == (LeadTier.ATTEMPT, TARGET, OTHER, ["service ticket"])
    assert lead.why[1:] == [
        "the first time in the domain controllers' log of tickets, which goes back 2.0 days more",
        f"the log of {OTHER} has no logon from {TARGET} at that time",
    ]


def test_a_ticket_beside_its_logon_is_one_lead() -> None:
    (lead,) = leads(ticketed(goes_on(taken(), "10:05:01")))
    assert (lead.tier, lead.ways, lead.account) == (LeadTier.LOGON, ["network logon", "service ticket"], r"CORP\alice")


def test_who_had_a_ticket_before_is_no_lead() -> None:
    assert leads(goes_on(ticketed(taken(), BEFORE))) == []


# --- a tier has its own first ---

EXPLICIT = {"TargetUserName": "alice", "TargetDomainName": "CORP", "SubjectUserName": "alice", "SubjectDomainName": "CORP"}


def explicit(logs: Logs, time: str) -> Logs:
    return logs.add("security-4648", time, {**EXPLICIT, "TargetServerName": "OTHER"}, computer=TARGET)


def test_an_attempt_before_hides_no_logon() -> None:
    """What it tried before is said with it, and is none of its ways."""
    (lead,) = leads(goes_on(explicit(taken(), "09:05:00"), "10:55:00"))
    assert (lead.tier, lead.ways, lead.first[11:19]) == (LeadTier.LOGON, ["network logon"], "10:55:00")
    assert lead.why[-1] == f"it had tried to reach {OTHER} before, from 2026-01-05T09:05:00.000000Z on"


def test_who_was_there_before_makes_no_new_attempt() -> None:
    assert leads(explicit(goes_on(taken(), BEFORE), "10:05:00")) == []


@pytest.mark.parametrize(("time", "ways", "first"), [
    ("10:55:00", ["network logon", "explicit credentials"], "2026-01-05T10:55:00"),
    ("2026-01-14T10:05:00Z", ["explicit credentials"], "2026-01-05T10:05:00"),  # beyond the patience
], ids=["near", "late"])  # fmt: skip
def test_an_attempt_before_its_logon(time: str, ways: list[str], first: str) -> None:
    (lead,) = leads(goes_on(explicit(taken(), "10:05:00"), time))
    assert (lead.ways, lead.first[:19]) == (ways, first)


def test_a_logon_outside_the_window_is_not_told_with_an_attempt_in_it() -> None:
    (path,) = goes_on(explicit(taken(), "10:05:00"), "10:55:00").hunt(chosen=Chosen(None, read_moment(stamp("10:10:00")))).paths
    assert [(one.tier, one.first[11:19]) for one in path.leads] == [(LeadTier.ATTEMPT, "10:05:00")]


# --- accounts of one name ---


def logs_on(logs: Logs, time: str, domain: str | None, user: str = "alice") -> Logs:
    return logs.add("security-4624", time, {
        "TargetUserName": user, "TargetDomainName": domain, "TargetLogonId": "0x1", "LogonType": "3", "IpAddress": OWN,
    }, computer=OTHER)  # fmt: skip


def test_a_record_without_a_domain_joins_no_two_accounts() -> None:
    logs = logs_on(logs_on(goes_on(taken()), BEFORE, "OTHER"), "10:05:30", None)
    known, open_ = leads(logs)
    assert [(one.account, one.count, one.first[11:19]) for one in (known, open_)] == [
        (r"CORP\alice", 1, "10:05:00"),
        ("alice", 1, "10:05:30"),
    ]
    assert open_.why[-1] == r"other\alice was there before: whether that is the same account is not known"
    assert "same account" not in " ".join(known.why)


def test_what_a_record_without_a_domain_leaves_open_is_said() -> None:
    logs = logs_on(logs_on(goes_on(taken()), BEFORE, "OTHER"), BEFORE, None)
    (lead,) = leads(logs)
    assert (lead.account, lead.why[-1]) == (r"CORP\alice", "alice was there before: whether that is the same account is not known")


def test_without_a_domain_it_is_the_one_account_of_that_name() -> None:
    assert leads(logs_on(goes_on(taken()), BEFORE, None)) == []
    (lead,) = leads(logs_on(goes_on(taken()), "10:04:00", None))
    assert (lead.account, lead.count) == (r"CORP\alice", 2)


def test_accounts_are_not_compared_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither those that go to one machine nor those that had left before."""
    number, compared = 60, 0

    def count(a: str, b: str) -> bool:
        nonlocal compared
        compared += 1
        return may_be_one(a, b)

    logs = taken().security_4624(BEFORE, host=OTHER, source="10.0.0.77", user="carol")
    for place in range(number):
        logs.security_4624(BEFORE, host="third.corp.example", source=OWN, user=f"u{place}")
        goes_on(logs, user=f"v{place}")
    for module in ("leads", "visits"):
        monkeypatch.setattr(f"graphcorr.paths.{module}.may_be_one", count)
    (path,) = logs.hunt().paths
    assert len(path.leads) + path.leads_left == number
    assert number <= compared <= 10 * number


# --- inward ---


def came(time: str, user: str = "alice") -> Logs:
    return taken().is_at(CLIENT, host="client.corp.example").security_4624(
        time, host="client.corp.example", source="10.0.0.66", user=user, logon_type=10
    )  # fmt: skip


def test_how_somebody_may_have_come_to_the_first_machine() -> None:
    (lead,) = leads(came("09:30:00"))
    assert (lead.direction, lead.source.address, lead.target.host) == (Direction.INWARD, "10.0.0.66", "client.corp.example")
    assert (lead.ways, lead.account) == (["remote desktop"], r"CORP\alice")


@pytest.mark.parametrize("logs", [came("10:00:02"), came("2026-01-04T09:59:58Z"), came("09:30:00", user="bob")])
def test_how_nobody_came(logs: Logs) -> None:
    assert leads(logs) == []


@pytest.mark.parametrize(("others", "told"), [(MANY, 1), (MANY + 1, 0)])
def test_to_a_server_everybody_comes(others: int, told: int) -> None:
    logs = came("09:30:00")
    for number in range(others):
        logs.security_4624("09:10:00", host="client.corp.example", source=f"10.0.1.{number}", user=f"u{number}", logon_type=10)
    assert len(leads(logs)) == told


# --- bounds ---


def test_only_so_many_are_told_and_the_others_counted() -> None:
    logs = taken()
    for number in range(MOST + 2):
        logs.security_4624(f"10:05:{number:02}", host=f"h{number}.corp.example", source=OWN)
    (path,) = logs.hunt().paths
    assert (len(path.leads), path.leads_left) == (MOST, 2)
    assert path.leads[0].target.host == "h0.corp.example"


def test_each_is_told_with_one_path() -> None:
    logs = goes_on(taken().security_5145("10:10:00", r"Temp\b.exe").sysmon_1("10:10:05", r"C:\Windows\Temp\b.exe"), "10:20:00")
    paths = logs.hunt().paths
    assert [len(path.leads) for path in paths] == [0, 1]


def test_what_was_found_there_of_an_unknown_source_is_named() -> None:
    logs = goes_on(taken()).service("10:07:00", r"%COMSPEC% /C echo x ^> \\127.0.0.1\C$\o 2^>^&1", host=OTHER)
    report = logs.hunt()
    (unknown,) = [one for one in report.findings if one.target.host == OTHER]
    assert [lead.found for path in report.paths for lead in path.leads] == [[unknown.id]]


@pytest.mark.parametrize(("until", "told"), [("10:05:00", 1), ("10:04:59.9", 0)])
def test_a_window_leaves_out_what_is_not_in_it(until: str, told: int) -> None:
    (path,) = goes_on(taken()).hunt(chosen=Chosen(None, read_moment(stamp(until)))).paths
    assert len(path.leads) == told
