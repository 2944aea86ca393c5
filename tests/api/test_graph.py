"""The graph around a node is asked by groups and pages, on the case's own engine, which may die."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from graphcorr.model.progress import Silent
from graphcorr.service.demo import hunt_demo
from graphcorr.service.detecting import detect
from graphcorr.service.engines import Engines
from graphcorr.service.exploring import EntitiesAsked, NeighborsAsked, list_entities, list_neighbors, open_graph, show_node
from graphcorr.service.shelf import case_folder
from graphcorr.settings import Settings
from tests.api.conftest import Running, serving
from tests.intel.load import put_small_release
from tests.servers import Server
from tests.settings import own_settings

SERVER = "srv01.corp.example"


def by_pages(demo: Running, path: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = demo.json(path, limit=3, **query, **cursor)
        found += page["items"]
        if page["next"] is None:
            assert len(found) == page["total"]
            return found
        cursor = {"cursor": page["next"]}


def test_a_node_has_its_neighbors_counted_by_group_and_told_by_pages(demo: Running, case: str) -> None:
    node = demo.json(f"{case}/graph/Host/{SERVER}")
    assert node["properties"] == {"name": SERVER}
    assert {(each["edge"], each["direction"], each["label"]) for each in node["neighbors"]} >= {
        ("OCCURRED_ON", "in", "Write"),
        ("MOVED_TO", "out", "Host"),
    }
    for group in node["neighbors"]:
        query = {name: group[name] for name in ("edge", "direction", "label")}
        found = by_pages(demo, f"{case}/graph/Host/{SERVER}/neighbors", **query)
        assert sum(each["count"] for each in found) == group["count"]
        assert [each["id"] for each in found] == sorted({each["id"] for each in found})
        if group["first"] is not None:
            assert min(each["properties"]["time"] for each in found) == group["first"]
            assert max(each["properties"]["time"] for each in found) == group["last"]


def test_an_edge_is_told_with_what_it_says(demo: Running, case: str) -> None:
    query = {"edge": "MOVED_TO", "direction": "out", "label": "Host"}
    [hop] = demo.json(f"{case}/graph/Host/{SERVER}/neighbors", **query)["items"]
    findings = {each["id"]: each for each in demo.json(f"{case}/report")["findings"]}
    assert hop["id"] == findings[hop["edges"][0]["finding"]]["target"]["host"]


def test_an_entity_is_found_under_whatever_its_key_is(demo: Running, case: str) -> None:
    for kind in ("accounts", "addresses", "files", "shares"):
        found = by_pages(demo, f"{case}/{kind}")
        assert found
        for each in found[:5]:
            path = httpx.URL(demo.address).copy_with(raw_path=f"{case}/{kind}/{quote(each['id'])}".encode())
            answer = demo.client.get(path)
            assert answer.status_code == 200, answer.text
            assert answer.json()["id"] == each["id"]
    [meyer] = demo.json(f"{case}/accounts", q="MEYER")["items"]
    assert meyer["properties"] == {"domain": "CORP", "name": "j.meyer"}


def quote(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/graph/Host/none", 404),
        ("/graph/None/x", 404),
        ("/graph/Host`/x", 404),
        ("/graph/Host/none/neighbors?edge=MOVED_TO&direction=out&label=Host", 404),
        (f"/graph/Host/{SERVER}/neighbors", 400),
        (f"/graph/Host/{SERVER}/neighbors?edge=NONE&direction=in&label=Write", 400),
        (f"/graph/Host/{SERVER}/neighbors?edge=OCCURRED_ON&direction=out&label=Write", 400),
        (f"/graph/Host/{SERVER}/neighbors?edge=OCCURRED_ON&direction=in&label=Write&cursor=AA", 400),
        ("/accounts/none", 404),
    ],
)
def test_what_is_not_there_is_a_problem(demo: Running, case: str, path: str, status: int) -> None:
    assert demo.client.get(case + path).status_code == status


def test_cypher_is_off_until_somebody_turns_it_on(demo: Running, case: str) -> None:
    assert demo.client.post(f"{case}/cypher", json={"query": "RETURN 1 AS one"}).status_code == 403


@pytest.fixture(scope="module")
def open_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    """A server of its own that answers Cypher."""
    state = tmp_path_factory.mktemp("cypher")
    hunt_demo(Settings(state=state, workers=1), Silent())
    options = ("--allow-cypher", "--limit", "query_rows=5", "--limit", "query_time=2")
    with serving(state, options) as running:
        yield running, f"/v1/cases/{running.json('/v1/cases')['items'][0]['id']}"


def ask(running: Running, case: str, query: str) -> httpx.Response:
    return running.client.post(f"{case}/cypher", json={"query": query})


def test_cypher_reads_and_does_nothing_else(open_demo: tuple[Running, str]) -> None:
    running, case = open_demo
    answer = ask(running, case, "MATCH (f:Finding) RETURN f.id AS id, f.time AS time ORDER BY f.time")
    assert answer.json()["columns"] == ["id", "time"]
    assert [row[0] for row in answer.json()["rows"]] == [each["id"] for each in running.json(f"{case}/findings", sort="time")["items"]]
    for query in (
        "MATCH (f:Finding) DELETE f",
        "CREATE (:Host {id: 'x'})",
        "COPY Host FROM '/etc/passwd'",
        "LOAD FROM '/etc/passwd' RETURN *",
    ):
        assert ask(running, case, query).status_code == 400, query
    assert ask(running, case, "MATCH (t:Technique) RETURN t.id AS id").json()["truncated"] is True
    assert len(ask(running, case, "MATCH (t:Technique) RETURN t.id AS id").json()["rows"]) == 5


def test_a_question_has_an_end_and_a_dead_engine_is_replaced(open_demo: tuple[Running, str]) -> None:
    running, case = open_demo
    endless = "MATCH (a:Technique), (b:Technique), (c:Technique), (d:Technique) WHERE a.id + b.id + c.id = d.id RETURN count(*) AS n"
    answer = ask(running, case, endless)
    assert (answer.status_code, "2 s" in answer.json()["detail"]) == (400, True), answer.text
    children = [each for each in psutil.Process(running.process.pid).children() if "graphcorr.service.asker" in each.cmdline()]
    assert children
    for child in children:
        child.kill()
    psutil.wait_procs(children, 5)
    statuses = [running.client.get(f"{case}/graph/Host/{SERVER}").status_code for _ in range(3)]
    assert statuses[-1] == 200
    assert set(statuses) <= {200, 503}


def test_what_was_asked_of_one_generation_is_gone_with_it(open_demo: tuple[Running, str]) -> None:
    running, case = open_demo
    cursors = {
        path: running.json(f"{case}{path}", limit=1)["next"] for path in ("/findings", "/observations", "/paths", "/hosts", "/accounts")
    }
    job = running.client.post(f"{case}/detect", json={}).json()["job"]["id"]
    assert running.wait(job)["state"] == "done"
    for path, cursor in cursors.items():
        answer = running.client.get(f"{case}{path}", params={"limit": 1, "cursor": cursor})
        assert (path, answer.status_code) == (path, 410)
        assert answer.json()["type"].endswith(":gone")
        assert running.json(f"{case}{path}", limit=1)["items"]


@pytest.mark.parametrize(("kind", "label"), [("accounts", "Account"), ("addresses", "Address"), ("shares", "Share")])
def test_entities_are_counted_by_the_events_that_name_them(demo: Running, case: str, kind: str, label: str) -> None:
    found = by_pages(demo, f"{case}/{kind}")
    assert sum(each["count"] > 1 for each in found) > 1
    for each in found:
        around = demo.json(f"{case}/graph/{label}/{each['id']}")["neighbors"]
        events = [group for group in around if group["first"] is not None]
        ids = {
            node["id"]
            for group in events
            for node in by_pages(
                demo, f"{case}/graph/{label}/{each['id']}/neighbors", **{name: group[name] for name in ("edge", "direction", "label")}
            )
        }
        assert each["count"] == len(ids)
        assert each["first"] == min((group["first"] for group in events), default=None)
        assert each["last"] == max((group["last"] for group in events), default=None)


def test_a_file_is_counted_by_the_events_of_its_versions(demo: Running, case: str) -> None:
    [finding] = [each for each in demo.json(f"{case}/report")["findings"] if each["file"] and each["execution"]][:1]
    [file] = demo.json(f"{case}/files", q=finding["file"].lower())["items"]
    assert file["count"] >= 2
    assert file["first"] <= finding["write_time"] < finding["execution_time"] <= file["last"]


def test_a_graph_on_a_server_is_asked_there(server: Server, tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, workers=1)
    put_small_release(tmp_path, "S0029")
    hunt_demo(settings, Silent())
    [id_] = [path.name for path in (tmp_path / "cases").iterdir()]
    folder = case_folder(id_, settings)
    engines = Engines()
    asked = NeighborsAsked(edge="OCCURRED_ON", direction="in", label="Write", limit=5)
    try:
        with open_graph(folder, settings, engines) as graph:
            expected = show_node(graph, "Host", SERVER), list_neighbors(graph, "Host", SERVER, asked)
            accounts = list_entities(graph, "accounts", EntitiesAsked(q="corp"))
        there = own_settings(state=tmp_path, workers=1, store=server.url)
        detect(folder, there, Silent())
        with open_graph(folder, there, engines) as graph:
            assert not graph.embedded
            found = show_node(graph, "Host", SERVER), list_neighbors(graph, "Host", SERVER, asked)
            assert found[0].neighbors == expected[0].neighbors
            assert found[1].items == expected[1].items
            assert list_entities(graph, "accounts", EntitiesAsked(q="corp")).items == accounts.items
    finally:
        engines.close()


def test_where_graphs_are_kept_in_neo4j_its_browser_is_told(tmp_path: Path) -> None:
    where = "http://graphs.example:7474/browser/"
    with serving(tmp_path, ("--store", "neo4j://graphs.example", "--neo4j-browser", where)) as running:
        assert running.json("/v1/session")["neo4j_browser"] == where


@pytest.mark.parametrize("options", [("--neo4j-browser", "http://h/"), ("--store", "neo4j://h", "--neo4j-browser", "javascript:alert(1)")])
def test_a_browser_of_nothing_or_of_no_address_is_refused(tmp_path: Path, options: tuple[str, ...]) -> None:
    with pytest.raises(AssertionError), serving(tmp_path, options):
        pass
