"""Made-up networks whose truth is known: ``docs/recall.md`` is what is found in them, and paths come out whole.

``BLESS=1`` writes the document anew.
"""

from __future__ import annotations

import pytest

from benchmarks.recall import LENGTHS, TARGET, look, measure
from graphcorr.model.findings import Movement
from graphcorr.model.leads import LeadTier
from graphcorr.simulate.journeys import Journey
from graphcorr.simulate.judging import names_source, tells_of
from graphcorr.simulate.moves import Family, Logging
from graphcorr.simulate.naming import Naming
from tests.scenarios.test_datasets import BLESSING
from tests.settings import own_settings


@pytest.mark.parametrize("naming", Naming)
def test_paths_come_out_whole_whatever_tells_of_addresses(naming: Naming) -> None:
    hunted = look(Journey(naming=naming, lengths=LENGTHS[:4], events=400, seed=3), own_settings())
    assert sorted(path.hosts for path in hunted.report.paths) == sorted(hunted.truth.paths)
    assert [len(path) for path in hunted.truth.paths] == [2, 3, 4, 5]
    assert hunted.tally.false == []
    told = hunted.tally.told
    assert all(finding is not None and names_source(finding, move) for move, finding in told)
    # Each hop's source is told as the machine, and not as an address that it shares a name with.
    sources = {(move.target, finding.source.host) for move, finding in told if finding and finding.source}
    assert sources == {(move.target, move.source) for move, _ in told}


@pytest.mark.parametrize("naming", [Naming.ACCOUNTS, Naming.LEASES])
def test_where_somebody_went_on_to_is_told_and_daily_life_is_not(naming: Naming) -> None:
    hunted = look(Journey(naming=naming, lengths=(1, 3), wanders=True, seed=5), own_settings())
    assert [path.hosts for path in hunted.report.paths] == hunted.truth.paths
    told = {
        (lead.source.host, lead.target.host, lead.account, lead.tier is LeadTier.ATTEMPT): lead.confirmed
        for path in hunted.report.paths
        for lead in path.leads
    }
    planted = [(one.source, one.target, one.account, one.attempt) for one in hunted.truth.wanderings]
    assert len(planted) == 6
    assert told == dict.fromkeys(planted)
    assert hunted.tally.false == []


def test_addresses_change_hands_where_dhcp_gives_them() -> None:
    """Otherwise the estate of leases would prove nothing."""
    hunted = look(Journey(naming=Naming.LEASES, lengths=(3, 3, 3), seed=4), own_settings())
    holders: dict[str, set[str]] = {}
    for move in hunted.truth.moves:
        holders.setdefault(move.source_address, set()).add(move.source)
    assert max(map(len, holders.values())) > 1


@pytest.mark.parametrize("naming", [Naming.ACCOUNTS, Naming.KERBEROS])
def test_an_address_that_several_machines_have_joins_no_two_paths(naming: Naming) -> None:
    hunted = look(Journey(naming=naming, pool=True), own_settings())
    told = sorted(path.hosts for path in hunted.report.paths)
    assert told == sorted(hunted.truth.paths)
    assert [len(hosts) for hosts in told] == [2, 2]
    (shared,) = [finding for move, finding in hunted.tally.told if finding and finding.source and finding.source.host is None]
    assert any("several machines had" in limit for limit in shared.limits)


@pytest.mark.parametrize("logging", Logging)
def test_no_look_alike_is_told_as_movement(logging: Logging) -> None:
    hunted = look(Journey(logging=logging, each=1), own_settings())
    assert {decoy.family for decoy in hunted.truth.decoys} == set(Family)
    decoys = {decoy.target for decoy in hunted.truth.decoys}
    told = [(one.pattern, one.movement) for one in hunted.report.findings if one.target.host in decoys]
    assert {movement for _, movement in told} <= {Movement.LOOPBACK}
    assert hunted.tally.false == []


def test_what_whoever_came_did_is_told_beside_the_finding_and_what_the_users_did_is_not() -> None:
    hunted = look(Journey(naming=Naming.ACCOUNTS, lengths=(1, 2), deeds=True, seed=6), own_settings())
    told = {deed: tells_of(hunted.report, deed) for deed in hunted.truth.deeds}
    assert {deed.ours for deed in told} == {True, False}
    assert told == {deed: deed.ours for deed in told}


def test_the_document_is_what_is_measured() -> None:
    found = measure(own_settings())
    if BLESSING:
        TARGET.write_text(found, encoding="utf-8")
    assert found == TARGET.read_text(encoding="utf-8")
