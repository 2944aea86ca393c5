"""Cases whose findings are made up, published as a detection publishes them: hostile names, and very many."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from graphcorr.case.findings import write_findings
from graphcorr.case.folder import Folder, create_case
from graphcorr.case.generations import building
from graphcorr.case.writer import open_writer
from graphcorr.model.findings import Basis, Confidence, Endpoint, Evidence, Execution, Finding, Level, Movement, Role, Step
from graphcorr.model.leads import Direction, Lead, LeadTier
from graphcorr.model.report import (
    Attribution,
    Coverage,
    Gap,
    HopPath,
    HostCoverage,
    InputFile,
    Inputs,
    KindCoverage,
    PatternCoverage,
    Report,
)

BEGIN = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)
HOUR = 3600.0


def moment(seconds: float) -> str:
    return (BEGIN + timedelta(seconds=seconds)).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass
class Made:
    """What a case is to hold."""

    findings: list[Finding] = field(default_factory=list)
    hosts: dict[str, int] = field(default_factory=dict)

    def host(self, name: str) -> Endpoint:
        number = self.hosts.setdefault(name, len(self.hosts))
        return Endpoint(name, f"10.{20 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}")

    def hop(self, source: str, target: str, seconds: float, file: str, **changes: object) -> Finding:
        """A file written from one host to another and run there 20 seconds later."""
        ends = self.host(source), self.host(target)
        written, ran = moment(seconds), moment(seconds + 20)
        evidence = [
            Evidence("write", "security.evtx", None, 1, target, "security", 1, written, written, f"write access to {file}"),
            Evidence("execution", "sysmon.evtx", None, 2, target, "sysmon", 2, ran, ran, f"process started: {file}"),
        ]
        made = Finding(
            id=f"{len(self.findings):08x}-0000-5000-8000-000000000000",
            pattern="smb-write-then-image",
            patterns=["smb-write-then-image"],
            title="File written over SMB, then run on the same host",
            level=Level.HIGH,
            confidence=Confidence.MEDIUM,
            basis=Basis.OBSERVED,
            why=["it ran 20.0 s after it was written"],
            techniques=["T1021.002"],
            detection_strategies=[],
            software=[],
            source=ends[0],
            target=ends[1],
            account="CORP\\a.admin",
            movement=Movement.REMOTE,
            execution="image",
            execution_time=ran,
            executions=[Execution("image", ran, file, f"{file} -q", "NT AUTHORITY\\SYSTEM", None)],
            file=file,
            write_time=written,
            time=ran,
            started_by="service",
            steps=[
                Step(Role.WROTE, written, ends[0], "CORP\\a.admin", file, [0]),
                Step(Role.RAN, ran, ends[1], "NT AUTHORITY\\SYSTEM", file, [1]),
            ],
            suppressed=None,
            limits=[],
            evidence=evidence,
        )
        self.findings.append(msgspec.structs.replace(made, **changes))
        return self.findings[-1]

    def publish(self, state: Path, id_: str, name: str, word: str = "read") -> None:
        """Make the case; ``word`` stands where a log says something about itself."""
        findings = sorted(self.findings, key=lambda each: each.time)
        first, last = findings[0].time, findings[-1].time
        hosts = [HostCoverage(each, [KindCoverage("Write", first, last, 3)], [Gap(first, last, word)]) for each in sorted(self.hosts)]
        path = HopPath(
            id="00000000-0000-5000-8000-00000000000a",
            hosts=[findings[0].source.host or "", *(findings[0].target.host or "",)] if findings[0].source else [],
            hops=[findings[0].id],
            first=first,
            last=last,
            score=0.5,
            why=[word],
            attribution=Attribution("none", None, [], []),
            leads=[_lead(findings[0].target, Endpoint(word, None), word, last)],
        )
        report = Report(
            version="0",
            engine="none",
            attack=None,
            case=id_,
            inputs=Inputs([InputFile(f"/{word}", None, "evtx", "partly", word, 1, 1, 0, 0, first, last)], 1, 1, 0, 0, []),
            coverage=Coverage(hosts, [PatternCoverage("smb-write-then-image", "evaluated", [])]),
            clocks=[],
            findings=findings,
            observations=[],
            paths=[path],
        )
        folder = state / "cases" / id_
        create_case(Folder(folder), name)
        with open_writer(folder) as case, building(case.places) as built:
            built.report.write_bytes(msgspec.json.encode(msgspec.structs.replace(report, findings=[])))
            write_findings(built.findings, report, {})
            built.graph.write_text("", encoding="utf-8")
            case.publish(built)


def _lead(source: Endpoint, target: Endpoint, word: str, time: str) -> Lead:
    evidence = [Evidence("logon", f"{word}.evtx", None, 7, word, "security", 7, time, time, f"network logon of {word}")]
    return Lead(
        direction=Direction.ONWARD,
        tier=LeadTier.LOGON,
        source=source,
        target=target,
        account=word,
        ways=["network logon"],
        count=1,
        first=time,
        last=time,
        confirmed=None,
        found=[],
        why=[word],
        evidence=evidence,
    )


def estate(hosts: int, hops: int) -> Made:
    """Hosts that are reached one after the other over five days, each from one that was reached before, in bursts."""
    made = Made()
    names = [f"{'srv' if number % 5 == 0 else 'ws'}-{number:03d}.corp.example" for number in range(hosts)]
    for number in range(hops):
        reached = min(1 + number * 2, hosts - 1)
        target = names[reached] if number * 2 < hosts - 1 else names[(number * 7919) % (hosts - 1) + 1]
        source = names[(number * 104_729) % reached]
        if source == target:
            source = names[0]
        seconds = (number * 5 * 8 * HOUR) / hops
        # Eight hours a day, then a night in which nothing happens.
        seconds += int(seconds // (8 * HOUR)) * 16 * HOUR
        made.hop(source, target, seconds, rf"C:\Windows\Temp\beacon{number % 40:02d}.exe", level=list(Level)[number % 5])
    return made
