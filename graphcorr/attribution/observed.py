"""What was seen, as ATT&CK ids with the findings that show it; and what of a question means nothing, with the reason.

A sub-technique counts as itself and not as its technique: rolling up was measured and costs .06 of MRR. Where both were
seen, both count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING, Final

from graphcorr.attribution.answer import Unresolved
from graphcorr.intel.facts import SOFTWARE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphcorr.intel.facts import Fact, Facts

_TECHNIQUE: Final = re.compile(r"T\d{4}(\.\d{3})?", re.IGNORECASE)
_ID: Final = re.compile(r"[A-Z]{1,3}\d{4}(\.\d{3})?", re.IGNORECASE)
MOST_LISTED: Final = 50
"""What does not count is listed so far, then counted."""
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Observed:
    """Items by kind, each with the sorted ids of the findings that show it."""

    techniques: dict[str, tuple[str, ...]]
    software: dict[str, tuple[str, ...]]
    unresolved: list[Unresolved]

    @property
    def items(self) -> frozenset[str]:
        return frozenset((*self.techniques, *self.software))

    def findings(self, item: str) -> list[str]:
        return list(self.techniques.get(item) or self.software.get(item) or ())


def observe(techniques: Mapping[str, Iterable[str]], software: Mapping[str, Iterable[str]], facts: Facts) -> Observed:
    """Ids, and names of software, to what they mean in this release; the values are ids of findings.

    Revoked ids are followed to what replaced them. A name with several meanings links nothing.
    """
    unresolved: dict[str, str] = {}
    seen: dict[bool, dict[str, set[str]]] = {False: {}, True: {}}
    for is_software, asked in ((False, techniques), (True, software)):
        for text, findings in asked.items():
            found = (_software if is_software else _technique)(text, facts)
            if isinstance(found, str):
                unresolved[text] = found
            else:
                seen[is_software].setdefault(found.id, set()).update(findings)
    return Observed(
        techniques={item: tuple(sorted(findings)) for item, findings in sorted(seen[False].items())},
        software={item: tuple(sorted(findings)) for item, findings in sorted(seen[True].items())},
        unresolved=_listed(unresolved),
    )


def _technique(text: str, facts: Facts) -> Fact | str:
    """The technique, or why there is none."""
    word = text.strip().upper()
    if not _TECHNIQUE.fullmatch(word):
        return "is no technique id (as T1021 or T1021.002)"
    fact = facts.follow(word)
    if fact is None:
        return f"is not in ATT&CK {facts.version}"
    return _active(fact, facts) or fact


def _software(text: str, facts: Facts) -> Fact | str:
    word = text.strip()
    if _ID.fullmatch(word):
        fact = facts.follow(word.upper())
        if fact is None:
            return f"is not in ATT&CK {facts.version}"
        if fact.kind not in SOFTWARE_KINDS:
            return f"is {_article(fact)}, not software"
        return _active(fact, facts) or fact
    meanings = facts.resolve(word) if word else ()
    if not meanings:
        return f"is no name of software in ATT&CK {facts.version}"
    if len(meanings) > 1:
        return f"may mean {', '.join(f'{one.name} ({one.id}, {one.kind})' for one in meanings)}: give the id"
    if meanings[0].kind not in SOFTWARE_KINDS:
        return f"is the name of {_article(meanings[0])} ({meanings[0].id}), not of software"
    return _active(meanings[0], facts) or meanings[0]


def _active(fact: Fact, facts: Facts) -> str | None:
    return None if fact.active else f"was withdrawn and not replaced ({fact.id} in ATT&CK {facts.version})"


def _article(fact: Fact) -> str:
    kind = fact.kind.replace("_", " ")
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _listed(unresolved: dict[str, str]) -> list[Unresolved]:
    """In the order of the texts, long ones cut; a last entry counts those that are not listed."""
    listed = [
        Unresolved(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…", unresolved[text])
        for text in nsmallest(MOST_LISTED, unresolved)
    ]
    if len(unresolved) > MOST_LISTED:
        listed.append(Unresolved("…", f"and {len(unresolved) - MOST_LISTED:,} more that do not count"))
    return listed
