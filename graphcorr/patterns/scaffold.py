"""The stubs of a new pattern: a query that runs and a case file with a hit and a decoy to fill in."""

from __future__ import annotations

import re
from string import Template
from typing import TYPE_CHECKING, Final

from graphcorr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DESCRIPTION: Final = "What happened, why it matters, and what it is not."
_PATTERN: Final = Template(
    """\
/*---
id: $id
title: $title
status: experimental
level: medium
description: >-
  $description
attack: [T1570]
needs: [Write, ProcessStart]
result: finding
execution: image
identity: [version]
evidence: [writes, executions]
false_positives:
  - Software deployment
---*/
MATCH (:ProcessStart)-[:RAN]->(v:FileVersion)
WITH DISTINCT v
/* One MATCH for both kinds of edge: a list carried through a second MATCH is copied for every row, and 10,000 writes of
   a file that ran 10,000 times do not fit into memory. WROTE alone has no basis. */
MATCH (e:Write|ProcessStart)-[r:WROTE|RAN]->(v)
WITH v,
     collect(DISTINCT CASE WHEN r.basis IS NULL THEN e.id END) AS writes,
     collect(DISTINCT CASE WHEN r.basis IS NOT NULL THEN e.id END) AS executions
WHERE size(writes) > 0
RETURN v.id AS version, writes AS writes, executions AS executions
"""
)

_CASES: Final = r"""# Each case sends logged events the whole way. A decoy expects nothing: wrong host, wrong order, other folder …
- name: written by a client, then started
  events:
    - as: w
      log: security-5145
      computer: target.corp.example
      time: 2026-01-05T10:00:00.000000Z
      fields: &write
        SubjectUserName: alice
        SubjectDomainName: CORP
        IpAddress: 10.0.0.5
        ShareName: '\\*\ADMIN$'
        ShareLocalPath: '\??\C:\Windows'
        RelativeTargetName: Temp\tool.exe
        AccessMask: '0x2'
    - as: p
      log: sysmon-1
      computer: target.corp.example
      time: 2026-01-05T10:00:05.000000Z
      fields: &start
        UtcTime: '2026-01-05 10:00:05.000'
        Image: C:\Windows\Temp\tool.exe
        CommandLine: C:\Windows\Temp\tool.exe
        ProcessId: '4242'
  expect:
    - {writes: [w], executions: [p]}

- name: started on another machine
  events:
    - {as: w, log: security-5145, computer: target.corp.example, time: 2026-01-05T10:00:00.000000Z, fields: *write}
    - {as: p, log: sysmon-1, computer: other.corp.example, time: 2026-01-05T10:00:05.000000Z, fields: *start}
  expect: []
"""


MODEL: Final = "smb-write-then-image"
"""The pattern whose query the stub has."""
_END: Final = "---*/"
"""Of the front matter; the query follows."""


def unfilled(pattern_id: str, text: str) -> Iterator[tuple[int, str]]:
    """What of a pattern's file is still as :func:`scaffold` wrote it: the offset in the file, and the reason not to keep it."""
    if (place := text.find(_DESCRIPTION)) >= 0:
        yield place, "nobody has filled in the description: say what happened, why it matters, and what it is not"
    query = _PATTERN.template.partition(_END)[2]
    if pattern_id != MODEL and text.partition(_END)[2].strip() == query.strip():
        yield text.find(query.strip()), f"the query is still that of the stub, which finds what {MODEL} finds"


def is_unfilled(cases: str) -> bool:
    """Whether a case file is still as :func:`scaffold` wrote it."""
    return cases.strip() == _CASES.strip()


def scaffold(folder: Path, pattern_id: str, tactic: str = "lateral_movement") -> list[Path]:
    """Write ``<folder>/<tactic>/<id>.cypher`` and its cases, and return both paths; nothing that exists is touched.

    In a checkout's own ``cypher`` folder the cases go to ``tests/cases``, elsewhere beside the pattern.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", pattern_id):
        raise UsageError(f"{pattern_id!r} is no pattern id: lower-case words joined by hyphens, as smb-write-then-image")
    tactic = tactic.replace("-", "_")  # ATT&CK writes lateral-movement, folders here do not
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*", tactic):
        raise UsageError(f"{tactic!r} is no tactic: lower-case words joined by hyphens or underscores, as lateral_movement")
    pattern = folder / tactic / f"{pattern_id}.cypher"
    checkout_cases = folder.absolute().parent / "tests" / "cases"
    in_checkout = folder.name == "cypher" and checkout_cases.is_dir()
    cases = checkout_cases / f"{pattern_id}.yaml" if in_checkout else pattern.with_name(f"{pattern_id}.cases.yaml")
    if existing := [path for path in (pattern, cases) if path.exists()]:
        raise UsageError(f"{existing[0]} exists already")
    title = pattern_id.replace("-", " ").capitalize()
    for path, text in ((pattern, _PATTERN.substitute(id=pattern_id, title=title, description=_DESCRIPTION)), (cases, _CASES)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [pattern, cases]
