"""Which logon an attempt is told with, and that it is found at once."""

from __future__ import annotations

import random
import time

from graphcorr.links.contacts import LOGGED_ON
from graphcorr.paths.beside import find_logons
from graphcorr.paths.contacted import CONFIRMS, Contacted
from graphcorr.paths.visits import Visit

SECOND = 1_000_000
LOGON = min(LOGGED_ON)


def visit(account: str | None, *spans: tuple[int, int], way: str = LOGON, source: str = "a", target: str = "b") -> Visit:
    """Times in seconds."""
    ways = tuple(Contacted(source, target, account, way, 1, first * SECOND, last * SECOND, []) for first, last in spans)
    return Visit(source, target, account, ways, ways[0].first, None, ())


def attempt(account: str | None, at: int, *, source: str = "a", target: str = "b") -> Visit:
    return visit(account, (at, at), way="command net use", source=source, target=target)


def test_the_account_or_the_time_tells() -> None:
    logons = [visit("x", (5_000, 6_000)), visit("y", (10_000, 10_000), (20_000, 20_000))]
    assert find_logons([attempt("y", 0)], logons) == [1]
    assert find_logons([attempt(None, 20_000 + CONFIRMS)], logons) == [1]
    assert find_logons([attempt(None, 20_000 + CONFIRMS + 1)], logons) == [None]
    assert find_logons([attempt("z", 5_000 - CONFIRMS)], logons) == [0]
    assert find_logons([attempt("z", 5_000 - CONFIRMS - 1)], logons) == [None]


def test_of_several_the_first_counts_and_other_machines_do_not() -> None:
    logons = [visit("x", (100, 100)), visit("y", (100, 900)), visit("y", (100, 100), target="c")]
    assert find_logons([attempt("y", 100), attempt("y", 700), attempt(None, 100, target="c")], logons) == [0, 1, 2]
    assert find_logons([attempt(None, 100, source="c"), attempt("y", 100, source="c")], logons) == [None, None]


def test_no_account_is_nobodys() -> None:
    assert find_logons([attempt(None, 90_000)], [visit(None, (0, 0))]) == [None]


def test_it_is_what_looking_at_each_pair_says() -> None:
    rng = random.Random(7)
    for _ in range(30):
        logons = [
            visit(rng.choice([None, "x", "y"]), *((start, start + rng.randrange(3_000)) for start in rng.sample(range(9_000), 3)))
            for _ in range(20)
        ]
        attempts = [attempt(rng.choice([None, "x", "z"]), rng.randrange(12_000)) for _ in range(40)]
        near = CONFIRMS * SECOND
        slowly = [
            next(
                (
                    place
                    for place, logon in enumerate(logons)
                    if any(way.first - near <= one.first <= way.last + near for way in logon.ways)
                    or (one.account is not None and one.account == logon.account)
                ),
                None,
            )
            for one in attempts
        ]
        assert find_logons(attempts, logons) == slowly


def test_many_accounts_between_two_machines_cost_each_a_look() -> None:
    logons = [visit(f"user{number}", (number * 1_000, number * 1_000)) for number in range(20_000)]
    attempts = [attempt(f"other{number}", number * 1_000 + 500) for number in range(20_000)]
    begun = time.process_time()
    assert find_logons(attempts, logons) == [None] * 20_000
    # Looking at each pair takes minutes.
    assert time.process_time() - begun < 10
