"""``graphcorr intel``: load, list, show, quarantine, retry, diff, fetch over real records."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.intel.taxii_server import Server, serving
from tests.powerless import forbidden, only_readable

Run = Callable[..., Result]
ACTOR = "intrusion-set--d13c8a7f-740b-4efa-a232-de7d6bb05321"
MALWARE = "malware--11111111-1111-4111-8111-111111111111"
USE = "relationship--33333333-3333-4333-8333-333333333333"
TIMES = {"created": "2024-01-01T00:00:00.000Z", "modified": "2024-01-01T00:00:00.000Z"}


@pytest.fixture
def seeds(shared: Path) -> str:
    return str(shared / "seeds" / "damaged-attack-relationships.txt")


@pytest.fixture
def waiting(tmp_path: Path) -> str:
    """A use of something that nobody knows."""
    path = tmp_path / "use.json"
    path.write_text(
        json.dumps({"type": "relationship", "id": USE, "relationship_type": "uses", "source_ref": ACTOR, "target_ref": MALWARE} | TIMES)
    )
    return str(path)


def test_load_as_json_adds_up(run: Run, seeds: str) -> None:
    result = run("intel", "load", seeds, "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["schema"]) == (0, "graphcorr.intel-load/1")
    assert (document["read"], document["loaded"], document["salvaged"], document["quarantined"]) == (14, 0, 14, 0)
    assert [record["record"] for record in document["records"]] == list(range(1, 15))
    silence = document["records"][2]
    assert {key: silence[key] for key in ("file", "status", "source", "target", "relationship", "candidates", "confidence")} == {
        "file": seeds,
        "status": "salvaged",
        "source": "G0091",
        "target": "T1588.002",
        "relationship": "uses",
        "candidates": [],
        "confidence": 0.974,
    }
    assert silence["mentions"] == [["G0091", "S0363"], ["G0091", "S0029"]]
    again = json.loads(run("intel", "load", seeds, "--json").stdout)
    assert again["changes"] == {"unchanged": 14}
    assert [{**one, "change": "new"} for one in again["records"]] == document["records"]


def test_a_file_that_cannot_be_used_is_told_by_the_status_also_beside_good_ones(run: Run, seeds: str, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text('{"Event": {"Attribute": []}}')
    result = run("intel", "load", seeds, str(tmp_path / "event.json"))
    assert result.exit_code == 2
    assert result.stdout.startswith("14 records read: 0 loaded, 14 salvaged")
    assert "event.json: is MISP's own format, which is not read" in " ".join(result.stdout.split())


def test_load_tells_people_what_needs_a_look(run: Run, waiting: str) -> None:
    result = run("intel", "load", waiting)
    assert result.exit_code == 0
    assert result.stdout.startswith("1 record read: 0 loaded, 0 salvaged, 1 quarantined.\nIn the library: 1 new.\n")
    assert f"target_unknown:{MALWARE}" in result.stdout.replace("\n                ", " ")
    assert result.stderr == "Next: graphcorr intel quarantine, and graphcorr intel retry once more is loaded\n"


def test_quarantine_and_retry(run: Run, waiting: str, tmp_path: Path) -> None:
    run("intel", "load", waiting)
    held = json.loads(run("intel", "quarantine", "--json").stdout)
    assert [(one["id"], one["status"]) for one in held["records"]] == [(USE, "quarantined")]
    (tmp_path / "thing.json").write_text(json.dumps({"type": "malware", "id": MALWARE, "name": "Thing"} | TIMES))
    run("intel", "load", str(tmp_path / "thing.json"))
    retried = json.loads(run("intel", "retry", "--json").stdout)
    assert (retried["read"], retried["loaded"]) == (1, 1)
    assert json.loads(run("intel", "quarantine", "--json").stdout)["records"] == []
    assert run("intel", "quarantine").stderr == "Nothing is quarantined.\n"
    assert json.loads(run("intel", "list", "--json").stdout)["totals"] == {"loaded": 2}
    assert "loaded: Silence (G0091) uses Thing (malware--" in run("intel", "list", "--type", "relationship").stdout


def test_show(run: Run, seeds: str) -> None:
    records = json.loads(run("intel", "load", seeds, "--json").stdout)["records"]
    identity = records[2]["id"]
    shown = json.loads(run("intel", "show", identity[:30], "--json").stdout)
    assert (shown["record"]["id"], shown["record"]["source"]) == (identity, "G0091")
    assert json.loads(shown["text"])["source_ref"] == "intrusion-"
    page = " ".join(run("intel", "show", identity).stdout.split())
    assert "salvaged: Silence (G0091) uses Tool (T1588.002) From" in page
    assert "Mentions Silence (G0091) beside Empire (S0363) and Silence (G0091) beside PsExec (S0029): named together, not reported" in page
    stix = json.loads(run("intel", "show", identity, "--stix").stdout)
    assert (stix["source_ref"], stix["target_ref"]) == (ACTOR, "attack-pattern--a2fdce72-04b2-409a-ac10-cc1695f4fce0")
    assert (stix["confidence"], stix["spec_version"]) == (97, "2.1")
    refused = run("intel", "show", records[1]["id"], "--stix")
    assert (refused.exit_code, refused.stderr) == (2, f"graphcorr: {records[1]['id']} cannot be said in STIX: its ends are not both told\n")


def test_show_answers_from_the_facts(run: Run) -> None:
    page = run("intel", "show", "psexec").stdout
    assert page.splitlines()[0] == "S0029 tool PsExec"
    assert "Named with   Ke3chang (G0004) and Silence (G0091)\n" in page
    silence = run("intel", "show", "Silence").stdout
    assert "Software     Empire (S0363), SDelete (S0195) and Winexe (S0191)\n" in silence
    assert "Named with   Mimikatz (S0002) and PsExec (S0029)\n" in silence
    [fact] = json.loads(run("intel", "show", "Silence", "--json").stdout)["facts"]
    assert (fact["id"], fact["related"]["software"], fact["related"]["named_with"]) == (
        "G0091",
        ["S0363", "S0195", "S0191"],
        ["S0002", "S0029"],
    )
    both = run("intel", "show", "akira")
    assert [line.split()[0] for line in both.stdout.splitlines() if not line.startswith(" ")] == ["G1024", "S1129"]
    assert both.stderr == "akira is ambiguous: a name alone does not link.\n"
    assert [one["id"] for one in json.loads(run("intel", "show", "T1086", "--json").stdout)["facts"]] == ["T1059.001"]
    assert run("intel", "show", "nobody").stderr == "graphcorr: nothing is known of nobody\n"


def test_diff_needs_two(run: Run) -> None:
    assert (
        run("intel", "diff").stderr == "graphcorr: there is no release before 18.1 to compare with; load one: graphcorr intel load FILE\n"
    )
    assert run("intel", "diff", "17.0").stderr == "graphcorr: there is no release 17.0; there are 18.1\n"
    assert json.loads(run("intel", "diff", "18.1", "18.1", "--json").stdout)["objects"] == []


def test_fetch(run: Run) -> None:
    objects: list[dict[str, object]] = [{"type": "malware", "id": MALWARE, "name": "Thing", **TIMES}]
    with serving(Server(objects)) as url:
        result = run("intel", "fetch", url, "--json")
        assert (json.loads(result.stdout)["loaded"], result.exit_code) == (1, 0)
        assert run("intel", "fetch", url, "--collection", "none").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("load", "nothing.json"), "graphcorr: nothing.json: no such file or folder\n"),
        (("load", "empty.json"), "graphcorr: empty.json: it holds no record\n"),
        (("list", "--status", "odd"), "graphcorr: --status odd: there are loaded, salvaged and quarantined\n"),
        (("list", "--case", "none"), "graphcorr: none: no such case folder\n"),
    ],
)
def test_bad_usage(run: Run, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    (tmp_path / "empty.json").touch()
    result = run("intel", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)


def test_a_library_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "state" / "intel").mkdir(parents=True)
    (tmp_path / "state" / "intel" / "intel.sqlite").write_bytes(b"no database" * 1000)
    result = run("intel", "list")
    assert result.exit_code == 2
    assert "is no readable library" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_state_folder_that_can_only_be_read_is_read(run: Run, seeds: str, tmp_path: Path) -> None:
    run("intel", "load", seeds)
    asked = [
        ("list",),
        ("list", "--json"),
        ("show", "relationship--"),
        ("show", "PsExec"),
        ("quarantine",),
        ("diff", "18.1", "18.1"),
    ]
    answers = [run("intel", *one) for one in asked]
    assert answers[0].exit_code == 0
    question = ("attribute", "--software", "S0363", "--software", "S0029")
    answer = run(*question)
    with only_readable(tmp_path / "state"):
        again = [run("intel", *one) for one in asked]
        assert run(*question).output == answer.output
        refused = run("intel", "load", seeds)
    assert [(one.exit_code, one.output) for one in again] == [(one.exit_code, one.output) for one in answers]
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert refused.stderr.startswith(f"graphcorr: {tmp_path}/state/intel/intel.sqlite cannot be used: ")


@pytest.mark.parametrize("place", ["state", "state/intel", "state/intel/intel.sqlite"])
def test_a_library_that_may_not_be_read_is_told_in_one_sentence(run: Run, seeds: str, tmp_path: Path, place: str) -> None:
    run("intel", "load", seeds)
    (tmp_path / "logs").mkdir()
    with forbidden(tmp_path / place):
        results = [
            run(*one) for one in (("intel", "list"), ("attribute", "-s", "PsExec"), ("hunt", "--ephemeral", "logs"), ("intel", "retry"))
        ]
    assert [(one.exit_code, one.stdout) for one in results] == [(2, "")] * 4
    for one in results:
        assert one.stderr.count("\n") == 1
        assert one.stderr.startswith(f"graphcorr: {tmp_path}/state/intel")
        assert "cannot be used: " in one.stderr


def test_looking_makes_no_library(run: Run, tmp_path: Path) -> None:
    result = run("intel", "list")
    assert result.exit_code == 0
    assert "18.1" in result.stdout
    assert not (tmp_path / "state").exists()


def test_a_case_of_its_own(run: Run, seeds: str, tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    run("intel", "load", seeds, "--case", "case")
    assert json.loads(run("intel", "list", "--case", "case", "--json").stdout)["totals"] == {"salvaged": 14}
    assert json.loads(run("intel", "list", "--json").stdout)["totals"] == {}
