"""Findings with what people said of them, joined when they are read: a detection neither knows of it nor takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.case.notes import Said, read_notes
from graphcorr.case.pages import Condition, matching_ids
from graphcorr.case.reader import open_reader
from graphcorr.model.findings import Finding, Suppressed
from graphcorr.service.register import now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.case.reader import CaseReader
    from graphcorr.model.judgments import Suppression
    from graphcorr.model.report import Report

NONE: Final = "none"
"""In place of a verdict: nobody said one."""
_NOTHING: Final = Condition("0")
_SIGNER: Final = (
    "EXISTS (SELECT 1 FROM json_each(CAST(body AS TEXT), '$.traits') AS trait"
    " WHERE json_extract(trait.value, '$.what') = 'signer' AND fold(json_extract(trait.value, '$.value')) = ?)"
)


class Judged:
    """What was said in a case, and to which of a generation's findings that applies."""

    def __init__(self, case: CaseReader) -> None:
        self.said: Said = read_notes(case.places)
        self.path: Path | None = case.generation.findings if case.generation is not None else None
        self.rules = [rule for rule in self.said.suppressions if not is_expired(rule)]

    def is_suppressed(self) -> Condition:
        """Set aside by some rule that has not expired."""
        conditions = [condition_of(rule) for rule in self.rules]
        if not conditions:
            return _NOTHING
        return Condition(" OR ".join(f"({each.sql})" for each in conditions), [value for each in conditions for value in each.values])

    def has_verdict(self, verdicts: Sequence[str]) -> Condition:
        """With one of these verdicts, ``none`` among them."""
        held = [id_ for id_, (verdict, _) in self.said.verdicts.items() if verdict.verdict.value in verdicts]
        of_these = "id IN (SELECT value FROM json_each(?))"
        values = [msgspec.json.encode(held).decode()]
        if NONE in verdicts:
            return Condition(f"{of_these} OR NOT {of_these}", [*values, msgspec.json.encode(list(self.said.verdicts)).decode()])
        return Condition(of_these, values)

    def apply(self, findings: Sequence[Finding]) -> list[Finding]:
        """The same findings with what was said of each."""
        if not self.said or self.path is None:
            return list(findings)
        ids = [each.id for each in findings]
        by: dict[str, Suppressed] = {}
        for rule in reversed(self.rules):  # the oldest rule is the one that is told
            told = Suppressed(rule.id, rule.owner, rule.reason, rule.expires)
            by |= dict.fromkeys(matching_ids(self.path, condition_of(rule), ids), told)
        return [self._with(each, by.get(each.id)) for each in findings]

    def _with(self, finding: Finding, suppressed: Suppressed | None) -> Finding:
        verdict = self.said.verdicts.get(finding.id)
        notes = self.said.notes.get(finding.id)
        if suppressed is None and verdict is None and notes is None:
            return finding
        return msgspec.structs.replace(
            finding,
            suppressed=suppressed or finding.suppressed,
            verdict=verdict[0] if verdict is not None else None,
            notes=[note for note, _ in notes or ()],
        )


def judge_report(report: Report, folder: Path) -> Report:
    """A report of the case's current generation with what people said of its findings."""
    with open_reader(folder) as case:
        judged = Judged(case)
        return msgspec.structs.replace(report, findings=judged.apply(report.findings)) if judged.said else report


def is_expired(rule: Suppression) -> bool:
    return rule.expires is not None and rule.expires <= now()


def _of_account(account: str) -> tuple[str, list[str]]:
    r"""One account has its domain by its short and by its full name: ``CORP\alice`` is ``CORP.EXAMPLE\alice``."""
    realm, cut, name = account.casefold().rpartition("\\")
    if not cut:
        return "fold(account) = ?", [name]
    if "." in realm:
        return "fold(account) IN (?, ?)", [account.casefold(), f"{realm.partition('.')[0]}{cut}{name}"]
    full = f"instr(fold(account), ?) = 1 AND substr(fold(account), -{len(name) + 1}) = ?"
    return f"fold(account) = ? OR ({full})", [account.casefold(), f"{realm}.", f"{cut}{name}"]


def condition_of(rule: Suppression) -> Condition:
    """What a finding has to be for the rule to set it aside: all that the rule names."""
    parts: list[tuple[str, list[str]]] = [
        ("number IN (SELECT finding FROM labels WHERE kind = 'pattern' AND label = ?)", [rule.pattern]),
        *([("fold(source_host) = ? OR source_address = ?", [rule.source.casefold(), rule.source])] if rule.source is not None else []),
        *([_of_account(rule.account)] if rule.account is not None else []),
    ]
    if rule.file is not None:
        is_folder = rule.file.endswith(("\\", "/"))
        parts.append(("instr(fold(file), ?) = 1" if is_folder else "fold(file) = ?", [rule.file.casefold()]))
    if rule.signer is not None:  # the last: it reads the whole finding
        parts.append((_SIGNER, [rule.signer.casefold()]))
    return Condition(" AND ".join(f"({sql})" for sql, _ in parts), [value for _, values in parts for value in values])
