"""An estate's files hold what its truth says, in the formats and the order that were asked for."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from graphcorr.simulate.demo import write_demo
from graphcorr.simulate.estate import ChainKind, DecoyKind, EstateSpec, Format, Truth, WriteEvidence
from graphcorr.simulate.writer import write_estate

SPEC = EstateSpec(seed=3, hosts=12, events=3_000, chains=12, decoys=24)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("estate")
    return folder, write_estate(folder, SPEC)


def windows_records(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for path in sorted((folder / "logs").glob("*.ndjson")) for line in path.read_bytes().splitlines()]


def rows(folder: Path, log: str) -> list[dict[str, str]]:
    lines = (folder / "logs" / f"{log}.log").read_text().splitlines()
    names = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines if not line.startswith("#")]


def test_equal_specs_give_equal_bytes(tmp_path: Path) -> None:
    small = EstateSpec(seed=5, hosts=4, events=400, chains=3, decoys=3)
    for folder in ("one", "two"):
        write_estate(tmp_path / folder, small)
    first = {path.name: path.read_bytes() for path in (tmp_path / "one").rglob("*") if path.is_file()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "two").rglob("*") if path.is_file()}


def test_another_seed_gives_another_estate(tmp_path: Path) -> None:
    truths = [write_estate(tmp_path / str(seed), EstateSpec(seed=seed, hosts=4, events=200, chains=3, decoys=0)) for seed in (1, 2)]
    assert truths[0].chains != truths[1].chains


def test_the_files_hold_as_many_records_as_asked_for(estate: tuple[Path, Truth]) -> None:
    folder, truth = estate
    network = sum(len(rows(folder, log)) for log in ("conn", "smb_files", "dce_rpc", "files"))
    assert truth.events == SPEC.events
    assert len(windows_records(folder)) + network == SPEC.events
    assert sorted(path.name for path in (folder / "logs").iterdir()) == truth.files


def test_the_truth_beside_the_logs_is_the_one_returned(estate: tuple[Path, Truth]) -> None:
    folder, truth = estate
    assert msgspec.json.decode((folder / "truth.json").read_bytes(), type=Truth) == truth


def test_every_kind_is_planted(estate: tuple[Path, Truth]) -> None:
    _, truth = estate
    assert {chain.kind for chain in truth.chains} == set(ChainKind)
    assert {chain.evidence for chain in truth.chains} == set(WriteEvidence)
    assert {decoy.kind for decoy in truth.decoys} == set(DecoyKind)
    assert len({chain.file for chain in truth.chains} | {decoy.file for decoy in truth.decoys}) == SPEC.chains + SPEC.decoys


def test_a_chain_is_written_before_it_runs_and_on_two_hosts(estate: tuple[Path, Truth]) -> None:
    _, truth = estate
    assert all(SPEC.start <= chain.write_time < chain.execution_time <= SPEC.end for chain in truth.chains)
    assert all(chain.source != chain.target for chain in truth.chains)


def test_record_numbers_are_unique_in_each_channel_of_each_host(estate: tuple[Path, Truth]) -> None:
    folder, _ = estate
    nxlog = [record for record in windows_records(folder) if "Hostname" in record]
    keys = [(record["Hostname"], record["Channel"], record["RecordNumber"]) for record in nxlog]
    assert len(keys) > 500
    assert len(set(keys)) == len(keys)


def test_planted_records_stand_out_of_order(estate: tuple[Path, Truth]) -> None:
    """An engine that expects a write to be read before the execution would find only half of the chains."""
    folder, truth = estate
    places: list[tuple[int, int]] = []
    for chain in truth.chains:
        if chain.evidence is WriteEvidence.WIRE or chain.kind is not ChainKind.IMAGE:
            continue
        name = chain.file.rpartition("\\")[2]
        for path in (folder / "logs").glob("*.ndjson"):
            lines = [number for number, line in enumerate(path.read_text().splitlines()) if name in line]
            if lines:
                places.append((lines[0], lines[-1]))
    assert any(last - first > 50 for first, last in places)


def test_a_decoy_of_wrong_order_runs_first(tmp_path: Path) -> None:
    spec = EstateSpec(hosts=3, events=40, chains=0, decoys=1, decoy_kinds=(DecoyKind.WRONG_ORDER,), formats=(Format.WINLOGBEAT,))
    truth = write_estate(tmp_path, spec)
    path = truth.decoys[0].file
    runs, writes = [], []
    for record in windows_records(tmp_path):
        text = json.dumps(record)
        event = record["winlog"]
        assert isinstance(event, dict)
        if json.dumps(path)[1:-1] in text and event["event_id"] in {"1", "4688"}:
            runs.append(record["@timestamp"])
        if json.dumps(path)[1:-1] in text and event["event_id"] == "11":
            writes.append(record["@timestamp"])
    assert len(runs) == len(writes) == 1
    assert str(runs[0]) < str(writes[0])


def test_without_zeek_nothing_depends_on_it(tmp_path: Path) -> None:
    truth = write_estate(tmp_path, EstateSpec(hosts=5, events=300, chains=12, decoys=0, formats=(Format.NXLOG,)))
    assert truth.files == ["nxlog-0.ndjson", "nxlog-1.ndjson", "nxlog-2.ndjson", "nxlog-3.ndjson"]
    assert WriteEvidence.WIRE not in {chain.evidence for chain in truth.chains}


def test_an_estate_of_network_logs_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nxlog or winlogbeat"):
        write_estate(tmp_path, EstateSpec(formats=(Format.ZEEK,)))


def test_a_hot_file_is_as_many_chains_of_one_path(tmp_path: Path) -> None:
    truth = write_estate(tmp_path, EstateSpec(hosts=3, events=100, chains=0, decoys=0, hot_runs=25))
    assert len(truth.chains) == 25
    assert len({(chain.file, chain.target) for chain in truth.chains}) == 1
    gaps = [second.write_time - first.write_time for first, second in zip(truth.chains, truth.chains[1:], strict=False)]
    assert min(gaps) > 2_000_000


def test_too_many_runs_for_the_span_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="do not fit into 1 hours"):
        write_estate(tmp_path, EstateSpec(hosts=3, hours=1, hot_runs=2_000))


def test_the_demo_is_two_hops_with_one_account_and_mixed_formats(tmp_path: Path) -> None:
    truth = write_demo(tmp_path)
    first, second, third = truth.chains
    assert (first.source, first.target) == ("ws01.corp.example", "srv01.corp.example")
    assert (second.source, second.target) == ("srv01.corp.example", "dc01.corp.example")
    assert first.account == second.account == third.account == r"CORP\j.meyer"
    assert first.execution_time < second.write_time
    assert {decoy.kind for decoy in truth.decoys} == set(DecoyKind) - {DecoyKind.LOOPBACK}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("conn.log", "dce_rpc.log", "files.log", "nxlog-0.ndjson", "nxlog-2.ndjson", "smb_files.log", "winlogbeat-1.ndjson")
    ]
