"""Measured numbers of this room, pinned from both sides: what lies just within each, what lies just beyond, and why it is what it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from graphcorr.resolve.addresses import Owner
from graphcorr.syntax.times import parse_time
from tests.findings.logs import CLIENT, DAY, Logs, stamp

A, B = "a.corp.example", "b.corp.example"


def owners(logs: Logs, *times: datetime, address: str = CLIENT) -> list[Owner]:
    with logs.projection() as projection:
        parsed = [parse_time(stamp(time)) for time in times]
        return [projection.identity.host_at(address, one[0]) for one in parsed if one is not None]


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


MOMENT = timedelta(microseconds=1)


def test_a_statement_speaks_for_half_a_day_before_and_after() -> None:
    """A machine keeps its address over a working day; who had it a day earlier may be at home. What is near outweighs what is far."""
    noon, far = DAY + hours(12), DAY + timedelta(days=9)
    logs = Logs().is_at(CLIENT, host=A, time=stamp(noon)).is_at(CLIENT, host=B, time=stamp(far))
    one, both = Owner(A, "its own log", ()), Owner(None, None, (A, B))
    near = owners(logs, noon - hours(12), noon + hours(12), noon - hours(12) - MOMENT, noon + hours(12) + MOMENT)
    assert near == [one, one, both, both]


def test_after_a_month_an_address_may_long_have_been_given_to_another_machine() -> None:
    noon = DAY + hours(12)
    logs = Logs().is_at(CLIENT, host=A, time=stamp(noon))
    month = timedelta(days=30)
    one, nobody = Owner(A, "its own log", (), age=month // MOMENT), Owner(None, None, ())
    assert owners(logs, noon + month, noon - month, noon + month + MOMENT, noon - month - MOMENT) == [one, one, nobody, nobody]


def test_a_host_is_known_by_its_address_for_half_a_day() -> None:
    logs = Logs().is_at("10.0.0.9", time="09:00:00")
    for time in ("20:59:59", "21:00:01"):
        logs.security_5145(time, rf"Temp\{time[6:]}.exe").sysmon_1(time + ".5", rf"C:\Windows\Temp\{time[6:]}.exe")
    assert [finding.target.address for finding in logs.hunt().findings] == ["10.0.0.9", None]


def test_netbios_names_end_after_fifteen_letters() -> None:
    """What NTLM and DHCP call a machine of a longer name is its beginning; of fourteen letters it is another machine, of sixteen none."""
    long = "abcdefghijklmnopq.corp.example"
    logs = Logs()
    for number, name in enumerate(("ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMN", "ABCDEFGHIJKLMNOP")):
        logs.security_4624("09:59:00", source=f"10.0.1.{number}", name=name)
    logs.is_at("10.0.0.7", host=long)
    at = DAY + hours(10)
    found = [owners(logs, at, address=f"10.0.1.{number}")[0].host for number in range(3)]
    assert found == [long, "abcdefghijklmn", None]  # no NetBIOS name is that long


# --- clocks ---


def shown(moment: datetime, offset: timedelta) -> str:
    return (moment + offset).isoformat(sep=" ", timespec="seconds")


def anchored(offset: timedelta) -> Logs:
    """One record with both its times: its own clock is ``offset`` ahead of UTC, what its log took to write it included."""
    utc = DAY + hours(9)
    return Logs().sysmon_1(None, r"C:\Windows\x.exe", utc=f"{utc.isoformat(sep=' ')}.000", event_time=shown(utc, offset))


def offsets(logs: Logs) -> list[float]:
    return [clock.offset_seconds for clock in logs.hunt().clocks]


@pytest.mark.parametrize("quarters", [1, 22, 23, -14, 51, -48])
def test_zones_are_a_quarter_of_an_hour_apart(quarters: int) -> None:
    """Kathmandu is 5:45 ahead, Newfoundland 3:30 behind, the Chatham Islands 12:45 ahead. A minute beside it is delay."""
    zone = timedelta(minutes=15 * quarters)
    assert offsets(anchored(zone + timedelta(minutes=1))) == [-zone.total_seconds()]


def test_a_record_is_written_up_to_two_minutes_later_than_it_happened() -> None:
    """So much beside a zone is delay and is no part of the offset; more is a clock that is wrong by just that."""
    assert offsets(anchored(hours(4) + timedelta(minutes=2))) == [-4 * 3600.0]
    assert offsets(anchored(hours(4) + timedelta(minutes=3))) == [-4 * 3600.0 - 180]
    assert offsets(anchored(hours(4) + timedelta(minutes=7))) == [-4 * 3600.0 - 420]
    assert offsets(anchored(timedelta(minutes=2))) == []


def delivered(local: datetime, delay: timedelta) -> Logs:
    """A record whose only other time is when it was taken in."""
    return Logs().security_5145(None, event_time=local.isoformat(sep=" "), ingested=stamp(local + delay))


def test_the_farthest_zone_is_fourteen_hours_away() -> None:
    """Kiribati; what came later than that was loaded later, and its delay says nothing of a zone."""
    local = DAY + hours(6)
    assert offsets(delivered(local, hours(14) + timedelta(seconds=7))) == [14 * 3600.0]
    assert offsets(delivered(local, hours(15) + timedelta(seconds=7))) == []


def test_a_clock_may_be_five_seconds_ahead_of_who_takes_its_records_in() -> None:
    """Forwarding only delays, so that what exceeds a whole hour is delay; a little less than one is two clocks that do not agree."""
    local = DAY + hours(6)
    assert offsets(delivered(local, hours(4) - timedelta(seconds=5))) == [4 * 3600.0]
    assert offsets(delivered(local, hours(4) - timedelta(seconds=6))) == [3 * 3600.0]
    assert offsets(delivered(local, hours(4) + timedelta(minutes=59))) == [4 * 3600.0]


def test_the_delay_of_nine_in_ten_records_says_nothing() -> None:
    """The quickest tenth is closest to no delay at all: a collector that was down sends much of a day hours late."""
    logs = Logs()
    for number in range(20):
        local = DAY + hours(6) + timedelta(minutes=number)
        delay = hours(2) + timedelta(seconds=3 if number < 3 else 3 * 3600)
        logs.security_5145(None, rf"Temp\{number}.txt", event_time=local.isoformat(sep=" "), ingested=stamp(local + delay))
    assert offsets(logs) == [2 * 3600.0]


def test_a_change_of_the_clock_takes_effect_halfway_between_what_shows_it() -> None:
    """Between the last hour of the one and the first of the other nothing was said: each half goes to the nearer."""
    logs = Logs()
    for hour, offset in ((6, 1), (12, 2)):
        utc = DAY + hours(hour)
        logs.sysmon_1(None, r"C:\Windows\x.exe", utc=f"{utc.isoformat(sep=' ')}.000", event_time=shown(utc, hours(offset)))
    # In local time the last hour with +1 ends at 08:00 and the first with +2 begins at 14:00.
    for local in ("10:59:59", "11:00:00"):
        logs.security_5145(None, rf"Temp\{local[:2]}.txt", event_time=f"{DAY.date()} {local}")
    (seen,) = logs.hunt().observations
    assert (seen.first, seen.last) == ("2026-01-05T09:00:00.000000Z", "2026-01-05T09:59:59.000000Z")
