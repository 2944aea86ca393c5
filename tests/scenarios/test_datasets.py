"""Public telemetry, as it is: each data set gives exactly the findings in its golden file, and no other.

The golden files hold what the labels beside the data confirm; ``BLESS=1`` rewrites them. All data sets are read in one
hunt, which must not mix them, and those with a chain once more alone. In the same hunt is a made-up network with every kind
of chain and decoy, in which one file has a name that is Cypher, HTML and shell at once.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from graphcorr.model.findings import Finding
from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service.detecting import detect
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.simulate.estate import ChainKind, DecoyKind, EstateSpec, Truth
from graphcorr.simulate.judging import judge
from graphcorr.simulate.writer import write_estate
from tests.conftest import SHARED
from tests.servers import Server, on_all_versions
from tests.settings import own_settings

GOLDEN = Path(__file__).parent / "golden"
LABELS = SHARED / "datasets" / "labels.json"


def data_sets() -> dict[str, list[dict[str, Any]]]:
    """File below the folder of data sets to the cases that its label describes; empty where the data is not at hand."""
    if not LABELS.exists():
        return {}
    cases: dict[str, list[dict[str, Any]]] = {}
    for case in json.loads(LABELS.read_bytes())["cases"]:
        cases.setdefault(f"{case['repo'].replace('/', '+')}/{case['dataset']}", []).append(case)
    return cases


CASES = data_sets()
CHAINS = {name: cases for name, cases in CASES.items() if any(case["true_chain"] for case in cases)}
QUIET = {name for name, cases in CASES.items() if all(case["class"] in {"NONE", "WRITE-ONLY"} for case in cases)}
"""Nothing was done there from another machine, or only a file was written."""


def expand(name: str) -> list[str]:
    """The files of a data set, whose name may be a pattern."""
    return sorted(str(path) for path in (SHARED / "datasets").glob(name.replace("[", "[[]"))) or [str(SHARED / "datasets" / name)]


def read(names: list[str], case: Path | None = None, *further: Path, state: Path | None = None) -> Report:
    paths = (*(path for name in names for path in expand(name)), *map(str, further))
    return hunt(HuntOptions(paths=paths, case=case, ephemeral=case is None), own_settings(state=state), Silent())


HOSTILE = "it's `$x` &lt;b&gt; ') DETACH DELETE n; --.exe"
"""A name that Windows allows; what it does not is in the tests of stores."""
_SPEC = EstateSpec(seed=3, hosts=8, events=1_500, chains=9, decoys=len(DecoyKind))


def write_network(folder: Path) -> Truth:
    """The made-up network: always the same, with logs in ``folder/logs``."""
    truth = write_estate(folder, _SPEC)
    renamed = next(chain.file for chain in truth.chains if chain.kind is ChainKind.IMAGE).rpartition("\\")[2]
    for path in (folder / "logs").iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace(renamed, HOSTILE), encoding="utf-8")
    chains = [msgspec.structs.replace(chain, file=chain.file.replace(renamed, HOSTILE)) for chain in truth.chains]
    return msgspec.structs.replace(truth, chains=chains)


def other_files() -> list[Path]:
    """What no label speaks of: captures, and logs of the network alone."""
    labelled = {path for name in CASES for path in expand(name)}
    return [path for path in sorted((SHARED / "datasets").glob("*/**/*")) if path.is_file() and str(path) not in labelled]


@pytest.fixture(scope="session")
def everything_case(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case of one hunt over all data sets, made by the first of the test processes that asks."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder
    case = folder / "datasets-case"
    with (folder / "datasets.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "datasets-report.json").exists():
            write_network(folder / "network")
            report = read(sorted(CASES), case, *other_files(), folder / "network" / "logs", state=folder / "datasets-state")
            (folder / "datasets-report.json").write_bytes(msgspec.json.encode(report))
    return case


@pytest.fixture(scope="session")
def everything(everything_case: Path) -> Report:
    """What that hunt found."""
    return msgspec.json.decode(everything_case.with_name("datasets-report.json").read_bytes(), type=Report)


def told(finding: Finding) -> dict[str, Any]:
    """What a finding states; where its evidence stands depends on where the data lies."""
    stated: dict[str, Any] = msgspec.to_builtins(finding)
    stated["evidence"] = [[one.role, one.record, one.time, one.original_time, one.summary] for one in finding.evidence]
    return stated


def golden(name: str) -> Path:
    return GOLDEN / f"{CASES[name][0]['id']}.json"


BLESSING = bool(os.environ.get("BLESS"))
held_to_golden = pytest.mark.skipif(BLESSING, reason="the golden files are being written")


def test_the_labels_are_read(shared: Path) -> None:
    assert sum(map(len, CASES.values())) >= 74
    assert len(CHAINS) == 5


@pytest.mark.parametrize("name", sorted(CASES), ids=lambda name: CASES[name][0]["id"])
def test_a_data_set_gives_exactly_its_findings(name: str, everything: Report) -> None:
    files = set(expand(name))
    found = [told(finding) for finding in everything.findings if files & {evidence.file for evidence in finding.evidence}]
    path = golden(name)
    if BLESSING:
        path.unlink(missing_ok=True)
        if found:
            path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == (json.loads(path.read_text(encoding="utf-8")) if path.exists() else [])
    assert (name in CHAINS) == any(one["file"] and one["execution"] for one in found)
    if name in QUIET:
        assert [one["id"] for one in found if one["movement"] == "remote"] == []


@on_all_versions
def test_a_server_gives_the_same_report(server: Server, everything_case: Path, everything: Report, tmp_path: Path) -> None:
    """All of it through Neo4j; nothing in the report is another but the engine's name."""
    case = tmp_path / "case"
    shutil.copytree(everything_case, case)
    served = detect(case, own_settings(store=server.url), Silent())
    assert served.engine == f"neo4j {server.version}"
    assert msgspec.structs.replace(served, engine=everything.engine, case=everything.case) == everything


def test_the_made_up_network_is_found_among_the_rest(everything: Report, everything_case: Path, tmp_path: Path) -> None:
    place = str(everything_case.with_name("network"))
    found = [finding for finding in everything.findings if finding.evidence[0].file.startswith(place)]
    truth = write_network(tmp_path)
    assert {chain.kind for chain in truth.chains} == set(ChainKind)
    assert {decoy.kind for decoy in truth.decoys} == set(DecoyKind)
    verdict = judge(found, truth)
    assert (verdict.missed, verdict.false, verdict.duplicates) == ([], [], 0)
    assert [finding.file.rpartition("\\")[2] for finding in found if finding.file and "DETACH" in finding.file] == [HOSTILE]
    labelled = {path for name in CASES for path in expand(name)}
    # What no label of hosts' logs speaks of is the wire alone: more of what the labelled half of it has, and what a label of captures has.
    others = [finding for finding in everything.findings if finding not in found and finding.evidence[0].file not in labelled]
    assert {(finding.pattern, finding.file) for finding in others} <= {
        ("remote-call", None),
        ("smb-write-then-call", r"C:\Windows\PSEXESVC.exe"),
    }


def test_no_finding_mixes_data_sets(everything: Report, everything_case: Path) -> None:
    """Of the made-up network the folder is one, its collectors write a file each; one public wire is there in two formats; and of some
    runs there are the hosts' logs and a capture, under one name.
    """
    folders = (str(everything_case.with_name("network")), str(SHARED / "datasets" / "brimdata+zed-sample-data"))
    for finding in everything.findings:
        homes = {next((one for one in folders if evidence.file.startswith(one)), Path(evidence.file).name) for evidence in finding.evidence}
        assert len(homes) == 1


@held_to_golden
def test_every_golden_file_belongs_to_a_data_set(shared: Path) -> None:
    names = {path.name for path in GOLDEN.glob("*.json")}
    assert {golden(name).name for name in CHAINS} <= names <= {golden(name).name for name in CASES}


@held_to_golden
@pytest.mark.parametrize("name", sorted(CHAINS), ids=lambda name: CASES[name][0]["id"])
def test_alone_a_data_set_gives_the_same(name: str, shared: Path) -> None:
    capture = name.replace("/host/", "/network/")
    both = [name, capture] if capture != name and (SHARED / "datasets" / capture).exists() else [name]
    assert [told(finding) for finding in read(both).findings] == json.loads(golden(name).read_text(encoding="utf-8"))


@held_to_golden
@pytest.mark.parametrize("name", sorted(CHAINS), ids=lambda name: CASES[name][0]["id"])
def test_a_golden_file_says_what_the_label_says(name: str) -> None:
    """To the millisecond that the label is given in."""
    (label,) = (case for case in CASES[name] if case["true_chain"])
    (stated,) = (one for one in json.loads(golden(name).read_text(encoding="utf-8")) if one["file"] and one["execution"])
    kinds = {"W2X-image": {"image", "service", "task"}, "W2X-cmdline": {"command_line"}, "W2X-load": {"module_load"}}[label["class"]]
    assert stated["file"].lower() == label["path"].lower()
    assert stated["execution"] in kinds
    assert (stated["write_time"][:23], stated["execution_time"][:23]) == (label["write_time"][:23], label["exec_time"][:23])
    assert stated["target"]["host"] == label["target"]["host"].lower()
    source = label["expected_source"]
    if source["ip"] is None:
        assert stated["source"] is None
    else:
        assert stated["source"]["address"] == source["ip"]
