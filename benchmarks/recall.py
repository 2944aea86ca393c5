"""``python -m benchmarks.recall``: hunt in made-up networks whose truth is known; rewrites docs/recall.md.

Everything in the document is counted in the same few hunts, which a test repeats: it fails where the document says something else.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.model.findings import Confidence
from graphcorr.model.progress import Silent
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.settings import load_settings
from graphcorr.simulate.journeys import Journey, Journeys, write_journeys
from graphcorr.simulate.judging import Tally, judge_moves, names_source, tells_of
from graphcorr.simulate.moves import Family, Logging
from graphcorr.simulate.naming import Naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.model.findings import Finding
    from graphcorr.model.report import Report
    from graphcorr.settings import Settings
    from graphcorr.simulate.deeds import Deed
    from graphcorr.simulate.moves import Move

TARGET: Final = Path(__file__).parent.parent / "docs" / "recall.md"
EACH: Final = 2
LENGTHS: Final = (1, 2, 3, 4, 5)
NOISE: Final = (0, 4_000, 16_000)

_HEADER: Final = """# Recall and precision in made-up networks

Written by `python -m benchmarks.recall`, and held by a test that does the same: do not edit. In public telemetry nobody knows what
else happened; here it is known. Every family of remote execution is planted beside a decoy that looks like it (a service installed
at the machine, `schtasks` at a prompt, WMI called by the machine's own user, remoting to the machine itself, a console of
administration, a program that software deployment brought), in machines whose users and services log on over the network all day.
*Default* is what Windows logs when nobody has set anything up, *audited* adds the audit of processes, services, tasks, shares and
connections, *Sysmon* adds Sysmon to the default. Made-up records are cleaner than real ones: what is missed here is missed
everywhere, and what is found here may be missed elsewhere ([accuracy](accuracy.md) has the real ones).
"""


class Hunted(NamedTuple):
    """A network with its truth, and what was found in it."""

    journey: Journey
    truth: Journeys
    report: Report

    @property
    def tally(self) -> Tally:
        return judge_moves(self.report.findings, self.truth.moves)

    @property
    def whole(self) -> list[list[str]]:
        """Planted paths that are told as they were planted, neither shorter nor longer."""
        told = [path.hosts for path in self.report.paths]
        return [path for path in self.truth.paths if path in told]


def look(journey: Journey, settings: Settings) -> Hunted:
    """Make a network and hunt in it."""
    with tempfile.TemporaryDirectory(prefix="graphcorr-recall-") as folder:
        truth = write_journeys(Path(folder), journey)
        return Hunted(journey, truth, hunt(HuntOptions(paths=(str(Path(folder) / "logs"),), ephemeral=True), settings, Silent()))


def measure(settings: Settings) -> str:
    """The whole document."""
    families = [look(Journey(logging=logging, each=EACH, events=2_000), settings) for logging in Logging]
    namings = [look(Journey(naming=naming, lengths=LENGTHS, events=2_000), settings) for naming in Naming]
    noises = [look(Journey(naming=Naming.ACCOUNTS, lengths=LENGTHS[1:4], each=1, events=events), settings) for events in NOISE]
    done = [look(Journey(logging=logging, naming=Naming.ACCOUNTS, lengths=(1, 2, 3), deeds=True), settings) for logging in Logging]
    return "\n".join((_HEADER, _by_family(families), _by_length(namings), _by_noise(noises), _by_deed(done)))


def _by_family(hunts: list[Hunted]) -> str:
    rows: defaultdict[Family, list[str]] = defaultdict(list)
    for one in hunts:
        for family in Family:
            rows[family].append(_cell([(move, found) for move, found in one.tally.told if move.family is family]))
    counts = ["found"], ["of them with the source"], ["false"], ["precision"]
    for one in hunts:
        found = [(move, finding) for move, finding in one.tally.told if finding is not None]
        counts[0].append(f"{len(found)} of {len(one.truth.moves)}")
        counts[1].append(str(sum(names_source(finding, move) for move, finding in found)))
        counts[2].append(f"{len(one.tally.false)} of {len(one.truth.decoys)} decoys")
        counts[3].append(_share(len(found), len(found) + len(one.tally.false)))
    return (
        "## By family\n\nFound of those planted, how surely, and how many with the machine that they came from where that is not all.\n\n"
        + _table(["family", *(one.journey.logging for one in hunts)], [*([family, *cells] for family, cells in rows.items()), *counts])
    )


def _cell(told: list[tuple[Move, Finding | None]]) -> str:
    found = [(move, one) for move, one in told if one is not None]
    if not found:
        return f"0/{len(told)}"
    sure = Counter(one.confidence for _, one in found)
    words = ", ".join(level for level in reversed(Confidence) if sure[level])
    sourced = sum(names_source(one, move) for move, one in found)
    return f"{len(found)}/{len(told)} {words}" + ("" if sourced == len(found) else f", {sourced} with source")


def _by_length(hunts: list[Hunted]) -> str:
    rows = [
        [one.journey.naming or "", *("whole" if path in one.whole else "not whole" for path in one.truth.paths), str(len(one.tally.false))]
        for one in hunts
    ]
    said = (
        "## By path length\n\nPaths of so many hops, each by other families, in networks where one thing alone tells which machine\n"
        "has which address. Whole is a path that is told with exactly its machines.\n\n"
    )
    return said + _table(["addresses are known from", *(f"{length} hop{'s' * (length > 1)}" for length in LENGTHS), "false findings"], rows)


def _by_noise(hunts: list[Hunted]) -> str:
    rows = [
        [
            f"{one.truth.events:,}",
            f"{sum(found is not None for _, found in one.tally.told)} of {len(one.truth.moves)}",
            f"{len(one.whole)} of {len(one.truth.paths)}",
            str(len(one.tally.false)),
            f"{len(one.report.observations):,}",
        ]
        for one in hunts
    ]
    return (
        "## By noise\n\nThe same moves, audited and with addresses known from computer accounts, in ever more records of a quiet day.\n\n"
        + _table(["records", "moves found", "paths whole", "false findings", "observations"], rows)
    )


def _by_deed(hunts: list[Hunted]) -> str:
    techniques = sorted({deed.technique for one in hunts for deed in one.truth.deeds})
    rows = [
        [technique, *(_told([deed for deed in one.truth.deeds if deed.technique == technique], one) for one in hunts)]
        for technique in techniques
    ]
    return (
        "## What was done afterwards\n\nOn each machine of three paths whoever came asks, packs, sends, fetches, runs and deletes; its\n"
        "own user does all of it as well, an hour before and half a minute after. Told beside the finding that says who came; what the\n"
        "user did is wrong there, and counted as wrong. What only the wire shows, long parameters of digits (T1132.001), is told as an\n"
        "observation on its machine, and a digest in an address is wrong; what is staged on a web server (T1074.002) is a finding by\n"
        "itself, and a page of its web site is wrong.\n\n" + _table(["technique", *(one.journey.logging for one in hunts)], rows)
    )


def _told(deeds: list[Deed], one: Hunted) -> str:
    if not deeds:
        return "not logged"
    ours, theirs = ([deed for deed in deeds if deed.ours is own] for own in (True, False))
    wrong = sum(tells_of(one.report, deed) for deed in theirs)
    return f"{sum(tells_of(one.report, deed) for deed in ours)} of {len(ours)}" + (f", {wrong} wrong" if wrong else "")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def main() -> int:
    TARGET.write_text(measure(load_settings({})), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
