"""Knowledge → tables: the declared columns, the statements with their provenance, and what the graph answers."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.graph.kinds import EDGES, NODES, Part
from graphcorr.intel.facts import packaged_facts
from graphcorr.intel.knowledge import Knowledge, intel_folder, load_knowledge, read_knowledge
from graphcorr.intel.library import Library
from graphcorr.intel.loading import load
from graphcorr.intel.reading import Document
from graphcorr.intel.tables import make_tables, write_intelligence

MALWARE = "malware--11111111-1111-4111-8111-111111111111"
INDICATOR = "indicator--22222222-2222-4222-8222-222222222222"
NAMES = {node.label for node in NODES if node.part is Part.INTELLIGENCE}
DECLARED = {"__".join((edge.type, *pair)) for edge in EDGES if edge.part is Part.INTELLIGENCE for pair in edge.pairs}

Tables = dict[str, dict[str, pa.Table]]


@pytest.fixture
def tables(library: Library, damaged: Document) -> Tables:
    load(library, [damaged])
    return make_tables(read_knowledge(library))


def rows(tables: Tables, edge: str, source: str) -> list[tuple[object, object]]:
    return sorted((row["to"], row["provenance"]) for row in tables["edges"][edge].to_pylist() if row["from"] == source)


def test_every_table_is_declared_and_every_end_is_a_node(tables: Tables) -> None:
    assert tables["nodes"].keys() == NAMES
    assert tables["edges"].keys() <= DECLARED
    ids = {label: set(table["id"].to_pylist()) for label, table in tables["nodes"].items()}
    for label, table in tables["nodes"].items():
        assert len(ids[label]) == table.num_rows, label
    for name, table in tables["edges"].items():
        _, source, target = name.split("__")
        assert set(table["from"].to_pylist()) <= ids[source], name
        assert set(table["to"].to_pylist()) <= ids[target], name
        assert set(table["provenance"].to_pylist()) <= ids["IntelRecord"], name


def test_counts_of_the_package() -> None:
    knowledge = load_knowledge(None)
    tables = make_tables(knowledge)
    counts = {name: table.num_rows for part in tables.values() for name, table in part.items()}
    assert sum(count for name, count in counts.items() if name.startswith("USES__")) == 17_270
    assert counts["DETECTS__DetectionStrategy__Technique"] == 691
    assert counts["SUBTECHNIQUE_OF__Technique__Technique"] == 477
    assert counts["ATTRIBUTED_TO__Campaign__Actor"] == 25
    assert counts["Actor"] == 187
    assert counts["Indicator"] == 0


def test_silence_is_mentioned_with_the_record_as_provenance(tables: Tables, library: Library) -> None:
    (record,) = (held for held in library.records() if held.source == "G0091")
    mentions = rows(tables, "MENTIONED_WITH__Actor__Software", "G0091")
    assert [(to, provenance) for to, provenance in mentions if provenance == record.id] == [("S0029", record.id), ("S0363", record.id)]
    assert ("T1588.002", record.id) in rows(tables, "USES__Actor__Technique", "G0091")
    (use,) = (row for row in tables["edges"]["USES__Actor__Technique"].to_pylist() if row["provenance"] == record.id)
    assert use["since"].isoformat() == "2017-11-01T00:00:00"  # of the earlier of its two sources
    assert "S0029" not in {to for to, _ in rows(tables, "USES__Actor__Software", "G0091")}


def test_a_set_of_candidates_is_no_edge(tables: Tables, library: Library) -> None:
    (record,) = (held for held in library.records() if held.candidates)
    assert all(record.id not in table["provenance"].to_pylist() for table in tables["edges"].values())
    assert record.id in tables["nodes"]["IntelRecord"]["id"].to_pylist()


def test_own_objects_and_indicators(library: Library) -> None:
    times = {"created": "2024-01-01T00:00:00Z", "modified": "2024-01-01T00:00:00Z"}
    use = {"type": "relationship", "id": "relationship--33333333-3333-4333-8333-333333333333", "relationship_type": "uses"}
    indicates = {"type": "relationship", "id": "relationship--44444444-4444-4444-8444-444444444444", "relationship_type": "indicates"}
    objects = [
        {"type": "malware", "id": MALWARE, "name": "Ours", "aliases": ["Ours", "Other"]} | times,
        {"type": "indicator", "id": INDICATOR, "pattern": "[file:name = 'x']", "valid_from": "2024-01-01T00:00:00Z"} | times,
        {"source_ref": "intrusion-set--d13c8a7f-740b-4efa-a232-de7d6bb05321", "target_ref": MALWARE} | use | times,
        {"source_ref": INDICATOR, "target_ref": MALWARE} | indicates | times,
    ]
    done = load(library, [Document("mine.json", None, json.dumps(objects).encode(), "")])
    assert done.loaded == 4
    tables = make_tables(read_knowledge(library))
    (ours,) = (row for row in tables["nodes"]["Software"].to_pylist() if row["id"] == MALWARE)
    assert (ours["name"], ours["kind"], ours["aliases"]) == ("Ours", "malware", "Other")
    (indicator,) = tables["nodes"]["Indicator"].to_pylist()
    assert (indicator["id"], indicator["pattern"], indicator["valid_until"]) == (INDICATOR, "[file:name = 'x']", None)
    assert indicator["valid_from"].isoformat() == "2024-01-01T00:00:00"
    assert (MALWARE, use["id"]) in rows(tables, "USES__Actor__Software", "G0091")
    assert rows(tables, "INDICATED_BY__Software__Indicator", MALWARE) == [(INDICATOR, indicates["id"])]


def test_what_is_written_can_be_read_and_is_the_same_again(tmp_path: Path, tables: Tables) -> None:
    knowledge = Knowledge(facts=packaged_facts(), file="x")
    write_intelligence(tmp_path / "a", knowledge)
    write_intelligence(tmp_path / "b", knowledge)
    first = {path.relative_to(tmp_path / "a"): path.read_bytes() for path in (tmp_path / "a").rglob("*.parquet")}
    assert first == {path.relative_to(tmp_path / "b"): path.read_bytes() for path in (tmp_path / "b").rglob("*.parquet")}
    assert not (tmp_path / "a" / "nodes" / "Indicator.parquet").exists()
    read = pq.read_table(tmp_path / "a" / "nodes" / "Actor.parquet")
    assert read.equals(make_tables(knowledge)["nodes"]["Actor"])


def test_a_case_has_its_own_folder_once_it_has_a_library(tmp_path: Path) -> None:
    state, case = tmp_path / "state", tmp_path / "case"
    assert intel_folder(state, case) == intel_folder(state) == state / "intel"
    Library(case / "intel").close()
    assert intel_folder(state, case) == case / "intel"
    assert load_knowledge(state / "intel").release == "enterprise-attack-18.1"
