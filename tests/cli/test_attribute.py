"""``graphcorr attribute``: one question, lines of them, the paths of a case."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from typer.testing import CliRunner, Result

from graphcorr.attribution.knowledge import Knowledge
from graphcorr.cli.main import build_app
from graphcorr.intel.facts import packaged_facts

if TYPE_CHECKING:
    from tests.cli.conftest import Service

Run = Callable[..., Result]
TIED = "No attribution: 5 actors are equally consistent with what was seen."
NOBODY = (
    f"{TIED}\n   Equally consistent: Turla (G0010), Sandworm Team (G0034), Wizard Spider (G0102), Indrik Spider\n"
    "      (G0119) and Play (G1040).\n   --ranking shows how the others compare.\n\n"
    "Known from MITRE ATT&CK 18.1: what reports say of actors, not who this was.\n"
)


@pytest.fixture(scope="module")
def apt29() -> list[str]:
    """Software of nobody but APT29, and two techniques: enough to be named."""
    profiles = Knowledge(packaged_facts()).profiles
    own = sorted(item for item in profiles.direct["G0016"] if item.startswith("S") and profiles.users[item] == ("G0016",))
    return ["-t", "T1021.002", "-t", "T1059.001", *(word for software in own[:6] for word in ("-s", software))]


def test_nobody_is_the_first_line_without_a_name(run: Run) -> None:
    result = run("attribute", "--software", "PsExec", "--software", "s0363")
    assert (result.exit_code, result.stdout, result.stderr) == (0, NOBODY, "")


def test_the_ranking_is_shown_on_request(run: Run) -> None:
    lines = run("attribute", "-s", "PsExec", "-s", "Empire", "--ranking").stdout.splitlines()
    assert lines[0] == TIED
    assert [line[7:] for line in lines if line.startswith("1.000")] == [
        *("Turla (G0010)", "Sandworm Team (G0034)", "Wizard Spider (G0102)", "Indrik Spider (G0119)", "Play (G1040)"),
        *("PsExec (S0029)", "Empire (S0363)"),
    ]
    assert "Silence (G0091) beside Empire and PsExec" in " ".join(line.strip() for line in lines)


def test_somebody_is_consistent_with_and_exit_1(run: Run, apt29: list[str]) -> None:
    result = run("attribute", *apt29)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, "Consistent with APT29 (G0016): likely, not proven.")
    assert "known of 1 of 172" in result.stdout
    for word in (" by APT29", "confirmed", "%"):
        assert word not in result.stdout


def test_single_and_batch_agree(run: Run, apt29: list[str], tmp_path: Path) -> None:
    single = run("attribute", "--json", *apt29)
    question = {
        "id": "q",
        "techniques": [word for option, word in zip(apt29[::2], apt29[1::2], strict=True) if option == "-t"],
        "software": [word for option, word in zip(apt29[::2], apt29[1::2], strict=True) if option == "-s"],
    }
    lines = tmp_path / "questions.ndjson"
    lines.write_text(json.dumps(question) + "\n")
    batch = run("attribute", "--batch", str(lines))
    assert single.exit_code == batch.exit_code == 1
    assert json.loads(batch.stdout) == {**json.loads(single.stdout), "id": "q"}


def test_a_bad_line_is_named_and_the_others_are_answered() -> None:
    text = '{"id":"a","software":["S0029"]}\n{broken\n{"id":"b","techniques":["T1021.002"]}\n'
    result = CliRunner().invoke(build_app(), ["attribute", "--batch", "-"], input=text, catch_exceptions=False)
    assert result.exit_code == 2
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["a", None, "b"]
    assert lines[1]["error"].startswith("line 2 is no JSON")
    assert result.stderr.splitlines()[-1] == "1 of 3 lines of - cannot be used; each has a line with its error."


def test_a_mention_of_a_salvaged_record_is_shown_apart_and_counts_nothing(run: Run, shared: Path) -> None:
    """The record says that Silence obtained Empire and PsExec; five others are reported to use both, and it is not."""
    question = ("attribute", "-s", "PsExec", "-s", "Empire", "--json")
    before = json.loads(run(*question).stdout)
    run("intel", "load", str(shared / "seeds/damaged-attack-relationships.txt"))
    after = json.loads(run(*question).stdout)
    scores = [[(one["id"], one["score"]) for one in answer["actors"]] for answer in (before, after)]
    assert scores[0] == scores[1]
    assert [score for _, score in scores[1][:6]] == [1.0, 1.0, 1.0, 1.0, 1.0, scores[1][5][1]]
    assert (after["verdict"], scores[1][5][1] < 1.0) == ("none", True)
    [silence] = [one for one in after["mentioned"] if one["id"] == "G0091"]
    [known] = [one for one in before["mentioned"] if one["id"] == "G0091"]
    added = [one for one in silence["mentions"] if one not in known["mentions"]]
    assert {one["software"] for one in added} == {"S0029", "S0363"}
    assert [reason["item"] for reason in silence["reasons"]] == ["S0363"]


def test_questions_without_anybody_named_exit_0(tmp_path: Path, run: Run) -> None:
    (tmp_path / "q").write_text('{"id":1,"software":["S0029"]}')
    assert run("attribute", "--batch", "q").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "graphcorr: give --technique and --software, or --batch FILE, or --case DIR\n"),
        (["-s", "S0029", "--batch", "-"], "graphcorr: give --technique and --software, or --batch FILE, or --case DIR\n"),
        (["--batch", "missing"], "graphcorr: missing: No such file or directory\n"),
        (["--batch", "."], "graphcorr: .: Is a directory\n"),
        (["--batch", "empty"], "graphcorr: empty: it holds no question\n"),
    ],
)
def test_what_cannot_be_asked_is_refused(run: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "empty").touch()
    result = run("attribute", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)


def test_what_does_not_count_is_said(run: Run) -> None:
    result = run("attribute", "-t", "T9999", "-s", "play", "-s", "\x1b[2Jx")
    assert result.stdout.splitlines()[:5] == [
        "Not counted: <U+001B>[2Jx is no name of software in ATT&CK 18.1",
        "Not counted: T9999 is not in ATT&CK 18.1",
        "Not counted: play may mean Play (G1040, actor), Playcrypt (S1162, malware): give the id",
        "No attribution: nothing was seen that ATT&CK has a name for.",
        "",
    ]


def test_the_paths_of_a_case(service: Service, run: Run) -> None:
    result = run("attribute", "--case", "other")
    path = service.report.paths[0]
    assert result.stdout.splitlines()[0] == f"{' → '.join(path.hosts)} ({path.id[:8]})"
    assert service.asked == [Path("other")]
    document = json.loads(run("attribute", "--case", "other", "--json").stdout)
    assert (document["schema"], document["attack"]) == ("graphcorr.attribution/1", "18.1")
    assert [line["id"] for line in document["paths"]] == [one.id for one in service.report.paths]
    findings = {
        finding for line in document["paths"] for actor in line["actors"] for reason in actor["reasons"] for finding in reason["findings"]
    }
    assert findings
    assert findings <= {hop for one in service.report.paths for hop in one.hops}


def test_a_case_without_paths_has_nothing_to_attribute(service: Service, run: Run) -> None:
    service.report = msgspec.structs.replace(service.report, paths=[])
    result = run("attribute", "--case", "other")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (
        result.stderr
        == "The case has no path, so there is nothing to attribute. Its findings show S0029: ask about those with --software.\n"
    )
