"""Links, dates and digests of descriptions."""

from __future__ import annotations

from datetime import date

import pytest

from graphcorr.intel.descriptions import date_of_citation, digest, earliest_date, find_links


def test_links_in_order_with_the_types_they_may_be_of() -> None:
    text = (
        "[Silence](https://attack.mitre.org/groups/G0091) used [PsExec](https://attack.mitre.org/software/S0029/) "
        "and [x](http://attack.mitre.org/techniques/T1021/002), not [y](https://attack.mitre.org.evil.example/groups/G0001)."
    )
    assert find_links(text) == [
        ("G0091", ("intrusion-set",)),
        ("S0029", ("malware", "tool")),
        ("T1021.002", ("attack-pattern",)),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Group-IB. (2019, August). Silence 2.0.", date(2019, 8, 31)),
        ("GReAT. (2017, November 1). Silence.", date(2017, 11, 1)),
        ("X. (2020). Y.", date(2020, 12, 31)),
        ("X. (n.d.). Y. Retrieved May 5, 2020.", None),
        ("X. (2020, February 31). Y.", None),
        ("X. (0000). Y.", None),
        ("", None),
    ],
)
def test_dates_of_citations(text: str, day: date | None) -> None:
    assert date_of_citation(text) == day


def test_the_earliest_of_several() -> None:
    assert earliest_date(["(2020)", "(n.d.)", "(2019, May)"]) == date(2019, 5, 31)
    assert earliest_date([]) is None


def test_a_digest_outlasts_lost_tags_and_white_space() -> None:
    assert digest("a <code>b</code> c") == digest(" a b  c\n")
    assert digest("a b c") != digest("a b d")
    assert digest("lone \ud800") != digest("lone")
