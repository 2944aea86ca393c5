"""Hunt over a folder of logs from Python and read what was found: ``python examples/hunting.py FOLDER CASE``.

The command line does no more than this: it calls the functions of ``graphcorr.service`` and prints what they return.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphcorr.errors import GraphcorrError
from graphcorr.service.explaining import explain
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.settings import Settings

if TYPE_CHECKING:
    from graphcorr.model.findings import Endpoint, Finding
    from graphcorr.model.report import Report


class Phases:
    """Says on standard error what is being done; ``advance`` would tell how far it is."""

    def phase(self, name: str, total: int | None) -> None:
        print(f"{name} …" if total is None else f"{name} {total:,} bytes …", file=sys.stderr)

    def advance(self, done: int) -> None: ...

    def finish(self) -> None: ...


def place(end: Endpoint | None) -> str:
    """A machine by the best name that is known of it."""
    return (end.host or end.address if end is not None else None) or "unknown"


def tell(finding: Finding) -> str:
    """One line: when, from where to where, what, and how sure that is."""
    what = finding.file or (finding.executions[0].image if finding.executions else None) or finding.title
    return f"{finding.time} {place(finding.source)} → {place(finding.target)}: {what} ({finding.level}, confidence {finding.confidence})"


def main(logs: str, case: Path) -> Report:
    # What was read stays in the case: look again with other patterns, or explain what was found, without reading anew.
    report = hunt(HuntOptions(paths=(logs,), case=case), Settings(state=case.parent), Phases())
    for finding in report.findings:
        print(tell(finding))
        for step in explain(case, finding.id).steps:
            print(f"    {step.evidence.file}:{step.evidence.record} {step.evidence.summary}")
    for path in report.paths:
        print(f"path {' → '.join(path.hosts)}, {path.first} to {path.last}: {path.attribution.verdict}")
    # What nobody could have seen is not clean.
    for pattern in report.coverage.patterns:
        if pattern.status != "evaluated":
            hosts = ", ".join(missing.host for missing in pattern.hosts_missing)
            print(f"{pattern.pattern}: {pattern.status}, for want of logs of {hosts or 'any machine'}")
    return report


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print("usage: python examples/hunting.py FOLDER CASE", file=sys.stderr)
        sys.exit(2)
    try:
        main(sys.argv[1], Path(sys.argv[2]))
    except GraphcorrError as error:
        sys.exit(str(error))
