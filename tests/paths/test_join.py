"""Hops joined into paths: in time order, no host twice, whatever the order of the findings, and in bounded work."""

from __future__ import annotations

import random
import time
import uuid
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcorr.model.findings import Basis, Confidence, Endpoint, Finding, Level, Movement, Role, Step
from graphcorr.model.report import HopPath
from graphcorr.paths.hops import Tier, hop_tier
from graphcorr.paths.join import MOST_PATHS, join_hops

START = datetime.fromisoformat("2026-01-05T10:00:00")


def moment(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat(timespec="microseconds") + "Z"


def hop(
    source: str,
    target: str,
    wrote: float,
    ran: float | None = None,
    *,
    account: str | None = None,
    confidence: Confidence = Confidence.HIGH,
    movement: Movement = Movement.REMOTE,
    executed: bool = True,
) -> Finding:
    """A move from ``source`` to ``target``: written and run so many seconds after the start."""
    run = moment(wrote + 5 if ran is None else ran) if executed else None
    return Finding(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{source}|{target}|{wrote}|{ran}")),
        pattern="p",
        patterns=["p"],
        title="t",
        level=Level.HIGH,
        confidence=confidence,
        basis=Basis.OBSERVED,
        why=[],
        techniques=[],
        detection_strategies=[],
        software=[],
        source=Endpoint(source, None),
        target=Endpoint(target, None),
        account=account,
        movement=movement,
        execution="image" if run else None,
        execution_time=run,
        executions=[],
        file="f",
        write_time=moment(wrote),
        time=run or moment(wrote),
        started_by=None,
        steps=[Step(Role.RAN, run, None, None, None, [0])] if run else [],
        suppressed=None,
        limits=[],
        evidence=[],
    )


def hosts(paths: list[HopPath]) -> list[str]:
    return ["".join(path.hosts) for path in paths]


def test_a_lone_hop_is_a_path_of_one() -> None:
    (path,) = join_hops([hop("A", "B", 0)])
    assert (path.hosts, path.first, path.last, path.score) == (["A", "B"], moment(0), moment(5), 1.0)


def test_no_finding_no_path() -> None:
    assert join_hops([]) == []


def test_two_hops_in_order_are_one_path() -> None:
    assert hosts(join_hops([hop("A", "B", 0), hop("B", "C", 60)])) == ["ABC"]


def test_the_other_way_around_in_time_they_are_two() -> None:
    assert hosts(join_hops([hop("B", "C", 0), hop("A", "B", 60)])) == ["BC", "AB"]


def test_a_c_b_is_not_a_b_c() -> None:
    assert hosts(join_hops([hop("A", "C", 0), hop("C", "B", 60)])) == ["ACB"]


def test_a_hop_goes_on_after_it_ran_not_after_it_was_written() -> None:
    assert hosts(join_hops([hop("A", "B", 0, 100), hop("B", "C", 50, 60)])) == ["AB", "BC"]


@pytest.mark.parametrize(("early", "found"), [(0.4, ["ABC"]), (1, ["ABC"]), (1.000001, ["AB", "BC"])])
def test_clocks_that_differ_by_a_second_do_not_break_a_path(early: float, found: list[str]) -> None:
    """Logs that know whole seconds put two moments of one second up to a second apart, in either order; no more is owed to them."""
    assert hosts(join_hops([hop("A", "B", 0, 100 + early), hop("B", "C", 100)])) == found


def test_what_led_to_a_hop_may_seem_to_have_run_after_it_began() -> None:
    """The hop that is looked at first is the one that ran first; what led to it is found backwards, with the same second to spare."""
    assert hosts(join_hops([hop("A", "B", 0, 100.4), hop("B", "C", 100, 100.1)])) == ["ABC"]
    assert sorted(hosts(join_hops([hop("A", "B", 0, 101.1), hop("B", "C", 100, 100.1)]))) == ["AB", "BC"]


@pytest.mark.parametrize(("away", "cut"), [(63, False), (64, True)])
def test_of_the_hops_at_a_host_the_64_nearest_are_looked_at(away: int, *, cut: bool) -> None:
    """Work between busy hosts stays bounded, and what may lie beyond is said."""
    back = [hop("B", "A", 10 + number) for number in range(away)]  # to a host of the path: looked at, and not taken
    found = join_hops([hop("A", "B", 0), *back, hop("B", "C", 200)])
    said = "it may go on: of the hops at one end only the nearest 64 were looked at"
    assert ("AB" in hosts(found), any(path.why[-1] == said for path in found if path.hosts == ["A", "B"])) == (cut, cut)


def test_no_host_occurs_twice() -> None:
    assert hosts(join_hops([hop("A", "B", 0), hop("B", "A", 60), hop("A", "C", 120)])) == ["AB", "BAC"]


def test_every_hop_of_a_circle_is_in_a_path() -> None:
    """C→A→B→C: the last hop can follow the second, but not both of those before it."""
    assert hosts(join_hops([hop("C", "A", 0), hop("A", "B", 60), hop("B", "C", 120)])) == ["CAB", "ABC"]


@pytest.mark.parametrize(("rest", "found"), [(7 * 86_400, ["ABC"]), (7 * 86_400 + 0.000001, ["AB", "BC"])])
def test_patience_ends(rest: float, found: list[str]) -> None:
    """A week: an intruder goes on after a weekend; what rests longer is as likely another story on a host that many pass through."""
    assert hosts(join_hops([hop("A", "B", 0, 5), hop("B", "C", 5 + rest)])) == found


def test_fan_out_is_one_path_for_each_target() -> None:
    found = join_hops([hop("A", "B", 0), *(hop("B", target, 60 + number) for number, target in enumerate("CDE"))])
    assert sorted(hosts(found)) == ["ABC", "ABD", "ABE"]


def test_fan_in_is_one_path_for_each_source() -> None:
    assert sorted(hosts(join_hops([hop("A", "C", 0), hop("B", "C", 10), hop("C", "D", 60)]))) == ["ACD", "BCD"]


def test_a_diamond() -> None:
    found = join_hops([hop("A", "B", 0), hop("A", "C", 10), hop("B", "D", 60), hop("C", "D", 70)])
    assert {"ABD", "ACD"} <= set(hosts(found))


@pytest.mark.parametrize("movement", [Movement.LOOPBACK, Movement.LOCAL, Movement.UNKNOWN_SOURCE])
def test_what_did_not_move_is_no_hop(movement: Movement) -> None:
    assert join_hops([hop("A", "B", 0, movement=movement)]) == []


def test_what_did_not_run_is_no_hop() -> None:
    assert join_hops([hop("A", "B", 0, executed=False)]) == []


def test_the_same_account_is_preferred_and_said() -> None:
    found = join_hops(
        [hop("A", "B", 0, account="CORP\\eve"), hop("B", "C", 60, account="CORP\\bob"), hop("B", "D", 90, account="corp\\EVE")]
    )
    path = next(path for path in found if path.hosts == ["A", "B", "D"])
    assert path.why == ["2 hops, each of high confidence", "CORP\\eve carries over at B"]
    assert path.score == 1.0
    other = next(path for path in found if path.hosts == ["A", "B", "C"])
    assert (other.why[1], other.score) == ("joined at B by time alone", 0.8)


def test_a_path_is_as_good_as_its_hops() -> None:
    """Each reason that takes something of the score is named, with the machine that it applies to."""
    (path,) = join_hops([hop("A", "B", 0, confidence=Confidence.LOW), hop("B", "C", 60, confidence=Confidence.MEDIUM)])
    assert path.score == round(0.3 * 0.6 * 0.8, 3)
    assert path.why == [
        "2 hops",
        "the hop to B is of low confidence",
        "the hop to C is of medium confidence",
        "joined at B by time alone",
    ]


def test_a_lone_hop_says_how_sure_it_is() -> None:
    assert [path.why for path in join_hops([hop("A", "B", 0)])] == [["1 hop, of high confidence"]]
    (path,) = join_hops([hop("A", "B", 0, confidence=Confidence.MEDIUM)])
    assert (path.why, path.score) == (["1 hop", "the hop to B is of medium confidence"], 0.6)


def session(source: str, target: str, seconds: float, role: Role = Role.CONNECTED, file: str | None = None) -> Finding:
    """A move of which no run was seen."""
    told = hop(source, target, seconds, executed=False)
    steps = [Step(role, moment(seconds), None, None, None, [0])]
    return msgspec.structs.replace(told, file=file, write_time=moment(seconds) if file else None, steps=steps)


def test_a_hop_without_a_run_is_one_of_a_lower_tier() -> None:
    (path,) = join_hops([session("A", "B", 0), hop("B", "C", 60)])
    assert (path.hosts, path.first, path.last, path.score) == (["A", "B", "C"], moment(0), moment(65), 0.4)
    assert path.why == [
        "2 hops, each of high confidence",
        "nothing is seen to run on B: the hop to it is a connection or a registration alone",
        "joined at B by time alone",
    ]


@pytest.mark.parametrize(
    ("role", "file", "tier"),
    [
        (Role.CONNECTED, None, Tier.CONNECTION),
        (Role.CALLED, None, Tier.CONNECTION),
        (Role.REGISTERED, None, Tier.CONNECTION),
        (Role.REGISTERED, "f", Tier.CONNECTION),
        (Role.CONNECTED, "f", None),  # the session that a file came over: every file server has thousands
        (Role.WROTE, "f", None),
        (Role.WROTE, None, None),
        (Role.REFUSED, None, None),
        (Role.ATTEMPTED, None, None),
        (Role.BLOCKED, "f", None),
    ],
)
def test_what_reaches_a_machine(role: Role, file: str | None, tier: Tier | None) -> None:
    assert hop_tier(session("A", "B", 0, role, file)) is tier
    assert len(join_hops([session("A", "B", 0, role, file)])) == (tier is not None)


def test_a_machine_without_a_name_or_an_address_is_no_end_of_a_hop() -> None:
    nobody = msgspec.structs.replace(hop("A", "B", 0), target=Endpoint(None, None))
    assert (hop_tier(hop("A", "B", 0)), hop_tier(nobody)) == (Tier.EXECUTION, None)


HOPS = st.lists(
    st.builds(
        lambda ends, wrote, ran: hop(ends[0], ends[1], wrote, wrote + ran),
        st.sampled_from([(a, b) for a in "ABCDE" for b in "ABCDE" if a != b]),
        st.integers(0, 2_000),
        st.integers(0, 100),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@settings(deadline=None, max_examples=150)
@given(HOPS, st.randoms(use_true_random=False))
def test_paths_hold_what_they_promise(hops: list[Finding], shuffle: random.Random) -> None:
    found = join_hops(hops)
    by_id = {one.id: one for one in hops}
    assert {id_ for path in found for id_ in path.hops} == set(by_id)
    assert len({path.id for path in found}) == len(found)
    for path in found:
        assert len(set(path.hosts)) == len(path.hosts) == len(path.hops) + 1
        chain = [by_id[id_] for id_ in path.hops]
        for before, after in pairwise(chain):
            assert before.target == after.source
            assert datetime.fromisoformat(str(after.write_time)) >= datetime.fromisoformat(str(before.execution_time)) - timedelta(
                seconds=1
            )
    shuffled = list(hops)
    shuffle.shuffle(shuffled)
    assert msgspec.json.encode(join_hops(shuffled)) == msgspec.json.encode(found)


def test_ten_thousand_hops_between_few_hosts_take_seconds() -> None:
    """All their paths would be more than there are atoms; the list is bounded and says so."""
    chooses = random.Random(1)
    pairs = [chooses.sample("ABCDEFGH", 2) for _ in range(10_000)]
    hops = [hop(source, target, number * 3) for number, (source, target) in enumerate(pairs)]
    started = time.perf_counter()
    found = join_hops(hops)
    assert time.perf_counter() - started < 15
    assert len(found) == MOST_PATHS == 1_000
    assert found[0].why[-1].startswith(f"only the {MOST_PATHS:,} longest of ")


def test_a_hub_of_ten_thousand_takes_seconds() -> None:
    hops = [hop(f"in{number}", "HUB", number) for number in range(5_000)] + [
        hop("HUB", f"out{number}", 6_000 + number) for number in range(5_000)
    ]
    started = time.perf_counter()
    found = join_hops(hops)
    assert time.perf_counter() - started < 15
    assert {len(path.hosts) for path in found} == {3}
