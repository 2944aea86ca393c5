"""Findings → techniques, strategies and software: followed, validated, and each with what it rests on."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from graphcorr.engine.database import connect
from graphcorr.intel.enrichment import link_findings
from graphcorr.intel.facts import Facts
from graphcorr.intel.linking import (
    MARKS,
    Identified,
    Observed,
    find_strategies,
    identify,
    identify_finding,
    link_strategies,
    link_techniques,
    observe,
)
from graphcorr.model.report import Report
from graphcorr.patterns.load import builtin_folder, load

REPORT = Path(__file__).parents[1] / "outputs" / "golden" / "report.json"


def test_techniques_are_followed_and_validated(facts: Facts) -> None:
    linked = link_techniques(["T1021.002", "T1086", "T9999", "T1021.002", "S0029"], facts)
    assert linked.ids == ("T1021.002", "T1059.001")
    assert linked.unknown == ("T9999", "S0029")
    assert linked.followed == (("T1086", "T1059.001"),)


def test_a_deprecated_technique_is_said(facts: Facts) -> None:
    deprecated = next(fact.id for fact in facts.objects.values() if fact.kind == "technique" and not fact.active and not fact.replaced_by)
    assert link_techniques([deprecated], facts).retired == (deprecated,)


def test_strategies(facts: Facts) -> None:
    strategies = find_strategies(["T1021.002"], facts)
    assert strategies
    assert link_strategies([*strategies, "DET9999"], facts).unknown == ("DET9999",)
    assert all("T1021.002" in facts.detects[one] for one in strategies)


@pytest.mark.parametrize("pattern", load([builtin_folder()]), ids=lambda pattern: pattern.id)
def test_what_our_patterns_state_is_in_the_release(pattern: object, facts: Facts) -> None:
    header = pattern.header  # type: ignore[attr-defined]
    assert link_techniques(header.attack, facts).ids == tuple(dict.fromkeys(header.attack))
    assert link_strategies(header.detection_strategy, facts).unknown == ()
    assert all(facts.resolve(one) for one in header.software)


@pytest.mark.parametrize(
    ("observed", "software"),
    [
        (Observed(services=("PSEXESVC",)), ("S0029", "service", "PSEXESVC")),
        (Observed(pipes=("renamed-attacker-pc-4711-stdin",)), ("S0029", "pipe", "renamed-attacker-pc-4711-stdin")),
        (Observed(original_file_names=("psexesvc.exe",)), ("S0029", "original_file_name", "psexesvc.exe")),
        (Observed(paths=("C:\\Windows\\PSEXESVC.exe",)), ("S0029", "file_name", "C:\\Windows\\PSEXESVC.exe")),
        (Observed(paths=("C:\\Windows\\PSEXEC-PC1-0A1B2C3D.key",)), ("S0029", "path", "C:\\Windows\\PSEXEC-PC1-0A1B2C3D.key")),
        (
            Observed(command_lines=("powershell -noP -sta -w 1 -enc SQ==",)),
            ("S0363", "command_line", "powershell -noP -sta -w 1 -enc SQ=="),
        ),
        (
            Observed(command_lines=("cmd.exe /Q /c whoami 1> \\\\127.0.0.1\\ADMIN$\\__1601400000.1 2>&1",)),
            ("S0357", "command_line", "cmd.exe /Q /c whoami 1> \\\\127.0.0.1\\ADMIN$\\__1601400000.1 2>&1"),
        ),
        (Observed(pipes=("msagent_0f",)), ("S0154", "pipe", "msagent_0f")),
        (Observed(services=("winexesvc",)), ("S0191", "service", "winexesvc")),
        # A service's command line.
        (
            Observed(paths=("%COMSPEC% /Q /c echo whoami ^> \\\\127.0.0.1\\C$\\__output 2^>^&1 > %TEMP%\\execute.bat",)),
            ("S0357", "command_line", "%COMSPEC% /Q /c echo whoami ^> \\\\127.0.0.1\\C$\\__output 2^>^&1 > %TEMP%\\execute.bat"),
        ),
        (
            Observed(command_lines=("cmd.exe /C whoami > %windir%\\Temp\\CYAlyNSS.tmp 2>&1",)),
            ("S0357", "command_line", "cmd.exe /C whoami > %windir%\\Temp\\CYAlyNSS.tmp 2>&1"),
        ),
        (Observed(pipes=("RemCom_communicaton",)), ("RemCom", "pipe", "RemCom_communicaton")),
        (Observed(services=("RemComSvc",)), ("RemCom", "service", "RemComSvc")),
        (Observed(paths=("C:\\Windows\\PAExec-4711-PC1.exe -service",)), ("PAExec", "path", "C:\\Windows\\PAExec-4711-PC1.exe -service")),
        (Observed(services=("csexecsvc",)), ("CSExec", "service", "csexecsvc")),
        (
            Observed(paths=("%COMSPEC% /b /c start /b /min powershell.exe -nop -w hidden -e aQBm",)),
            ("Metasploit psexec", "command_line", "%COMSPEC% /b /c start /b /min powershell.exe -nop -w hidden -e aQBm"),
        ),
    ],
)
def test_direct_evidence(facts: Facts, observed: Observed, software: tuple[str, str, str]) -> None:
    assert identify(observed, facts) == (Identified(*software),)


@pytest.mark.parametrize(
    "observed",
    [
        Observed(),
        Observed(services=("spooler",), paths=("C:\\psexesvc.exe.txt", "C:\\psexesvc\\a.exe"), pipes=("svcctl", "x-stdin")),
        Observed(command_lines=("powershell -nop -enc SQ==", "cmd.exe /c whoami > out.txt")),
        Observed(command_lines=("cmd.exe /C dir > C:\\Windows\\Temp\\report.tmp 2>&1", "cmd /c start /min powershell -nop -w hidden")),
        Observed(services=("remcom",), pipes=("remcom", "paexecutor", "csexec"), paths=("C:\\paexec-a\\x.exe", "C:\\remcom\\a.exe")),
    ],
)
def test_look_alikes_are_nothing(facts: Facts, observed: Observed) -> None:
    assert identify(observed, facts) == ()


def test_the_marks_are_of_the_release_and_case_folded(facts: Facts) -> None:
    import tomllib

    marks = tomllib.loads(MARKS.read_text(encoding="utf-8"))["software"]
    assert len({mark.get("id", mark.get("name")) for mark in marks}) == len(marks)
    for mark in marks:
        assert ("id" in mark) != ("name" in mark)
        if "id" in mark:
            assert facts.objects[mark["id"]].active
            assert facts.objects[mark["id"]].kind in {"malware", "tool"}
        else:
            assert mark["name"] not in {fact.name for fact in facts.objects.values()}
        for key in ("file_names", "original_file_names", "services"):
            assert [value.lower() for value in mark.get(key, [])] == mark.get(key, [])
        for key in ("pipes", "paths", "command_lines"):
            assert all(re.compile(pattern) for pattern in mark.get(key, []))


def test_a_finding_and_its_events(facts: Facts) -> None:
    finding = msgspec.json.decode(REPORT.read_bytes(), type=Report).findings[0]
    stated = msgspec.structs.replace(finding, software=["S0029"], file="C:\\Windows\\PSEXESVC.exe", executions=[])
    assert observe(stated).paths == ("C:\\Windows\\PSEXESVC.exe",)
    events = Observed.of_rows([(None, None, None, "psexesvc.exe", "renamed", None, None, "SHA1=AA,MD5=BB")])
    assert events == Observed(original_file_names=("psexesvc.exe",), services=("renamed",), hashes=("AA", "BB"))
    assert identify_finding(stated, facts, events) == (
        Identified("S0029", "file_name", "C:\\Windows\\PSEXESVC.exe"),
        Identified("S0029", "original_file_name", "psexesvc.exe"),
        Identified("S0029", "pattern", stated.pattern),
    )


def test_what_the_records_of_each_finding_show_is_asked_for_once(facts: Facts, tmp_path: Path) -> None:
    report = msgspec.json.decode(REPORT.read_bytes(), type=Report)
    first, second = (
        msgspec.structs.replace(
            one,
            software=[],
            techniques=["T1021.002", "T1086", "T0000"],
            detection_strategies=["DET0530"],
            executions=[],
            file=None,
            evidence=[msgspec.structs.replace(one.evidence[0], event=event)],
        )
        for one, event in zip(report.findings, ["e1", "e2"], strict=False)
    )
    database = connect(tmp_path)
    database.execute(
        "CREATE TABLE events AS SELECT * FROM (VALUES "
        "('e1', NULL, NULL, NULL, NULL, 'psexesvc', NULL, NULL, NULL), ('e2', NULL, NULL, NULL, NULL, 'other', NULL, NULL, NULL)"
        ") t(id, path, relative_path, image, original_file_name, service, pipe, command_line, hashes)"
    )
    (one, other), identified = link_findings([first, second], database, facts)
    database.close()
    assert (one.software, other.software) == (["S0029"], [])
    assert identified == {first.id: (Identified("S0029", "service", "psexesvc"),)}
    assert one.why[-1] == "PsExec (S0029) is told by a service name: psexesvc"
    # A revoked technique is followed, one that no release has is kept and said to be unknown.
    assert one.techniques == ["T1021.002", "T1059.001", "T0000"]
    assert one.limits[-1] == "T0000 is not in ATT&CK 18.1"
