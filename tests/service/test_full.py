"""A full graph is what people explore in: it is made of every event, and does not become a smaller one without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.errors import StoreError
from graphcorr.service.detecting import detect, rebuild
from graphcorr.service.graphs import remove_graph
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.reading import ingest
from graphcorr.simulate.demo import write_demo
from graphcorr.store.ladybug import LadybugStore
from tests.case.logs import Quiet
from tests.settings import own_settings


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_demo(tmp_path / "logs")
    return tmp_path / "logs"


def count_nodes(graph: Path) -> int:
    store = LadybugStore(graph)
    try:
        [row] = store.query("MATCH (n:Logon) RETURN count(n) AS nodes")
        return int(str(row["nodes"]))
    finally:
        store.close()


def test_a_full_hunt_keeps_every_event_that_reading_alone_keeps(logs: Path, tmp_path: Path) -> None:
    read = ingest([str(logs)], tmp_path / "ingested", own_settings(), Quiet())
    settings = own_settings(store=f"ladybug://{tmp_path / 'hunted.lbug'}")
    hunted = hunt(HuntOptions(paths=(str(logs),), case=tmp_path / "hunted", full=True), settings, Quiet())
    assert hunted.inputs.events == read.events
    small = hunt(HuntOptions(paths=(str(logs),), case=tmp_path / "small"), own_settings(), Quiet())
    assert small.inputs.events < read.events
    ingest([str(logs)], tmp_path / "ingested", own_settings(store=f"ladybug://{tmp_path / 'ingested.lbug'}"), Quiet())
    assert count_nodes(tmp_path / "hunted.lbug") == count_nodes(tmp_path / "ingested.lbug") > 0


def test_a_teams_full_graph_stays_full(logs: Path, tmp_path: Path) -> None:
    """Whoever hunts into it without saying so is told before anything is read."""
    graph, case = tmp_path / "graph.lbug", tmp_path / "case"
    settings = own_settings(store=f"ladybug://{graph}")
    ingest([str(logs)], case, settings, Quiet())
    before = count_nodes(graph)
    more = tmp_path / "more.json"
    more.write_text("{}\n")
    told = rf"^{graph} holds the full graph of this case, .* say --full to keep it full, or take it away first"
    with pytest.raises(StoreError, match=told):
        hunt(HuntOptions(paths=(str(more),), case=case), settings, Quiet())
    with pytest.raises(StoreError, match=told):
        detect(case, settings, Quiet())
    with pytest.raises(StoreError, match=told):
        rebuild(case, settings, Quiet())
    assert count_nodes(graph) == before
    assert len(detect(case, settings, Quiet(), full=True).findings) == 4
    assert count_nodes(graph) == before
    remove_graph(settings.store or "", settings)
    assert len(detect(case, settings, Quiet()).findings) == 4
    assert count_nodes(graph) < before


def test_an_ephemeral_hunt_into_a_store_is_of_no_generation(logs: Path, tmp_path: Path) -> None:
    settings = own_settings(store=f"ladybug://{tmp_path / 'graph.lbug'}")
    hunt(HuntOptions(paths=(str(logs),), ephemeral=True), settings, Quiet())
    store = LadybugStore(tmp_path / "graph.lbug")
    assert store.query("MATCH (c:GraphcorrCase) RETURN c.generation AS generation, c.full AS full") == [
        {"generation": "ephemeral", "full": False}
    ]
    store.close()
