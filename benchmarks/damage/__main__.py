"""``python -m benchmarks.damage``: records of every format are damaged, read and hunted in; ends with 1 where anything is amiss."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks.damage import event_logs
from benchmarks.damage.slices import SHARE, Outcome, formats, run

SLICE: Final = 20_000
"""Records in one slice."""
_FORMATS: Final = (*formats(), "evtx")
MOST: Final = 1_000_000
"""Damaged records in a whole run."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.damage", description=__doc__)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=f"of {', '.join(_FORMATS)}; default: all, in turn")
    parser.add_argument("--quick", action="store_true", help="one small slice of each format")
    parser.add_argument("--records", type=int, default=MOST, help="damaged records of all slices together; default: %(default)s")
    parser.add_argument("--slice", type=int, default=SLICE, help="records of one slice; default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of the first slice; each further one has the next; default: %(default)s")
    options = parser.parse_args(arguments)
    names = options.formats or list(_FORMATS)
    if strange := set(names) - set(_FORMATS):
        parser.error(f"no format {', '.join(sorted(strange))}; there are {', '.join(_FORMATS)}")
    size, most = (500, len(names) * 500 * SHARE * 0.8) if options.quick else (options.slice, options.records)
    outcomes: list[Outcome] = []
    while sum(outcome.damaged for outcome in outcomes) < most:
        outcomes.append(_run(names[len(outcomes) % len(names)], options.seed + len(outcomes), size))
        _report(outcomes[-1])
    _sum_up(outcomes)
    return int(any(outcome.faults for outcome in outcomes))


def _run(name: str, seed: int, size: int) -> Outcome:
    folder = Path(tempfile.mkdtemp(prefix="graphcorr-damage-"))
    try:
        return run(folder, name, seed, size) if name in formats() else event_logs.run(folder, seed, round(size * SHARE))
    finally:
        shutil.rmtree(folder)


def _report(outcome: Outcome) -> None:
    became = f"{outcome.read} read, {outcome.skipped} skipped, {outcome.unwanted} of no log that is read"
    found = f"{len(outcome.wrong)} wrong and {outcome.lesser} lesser findings"
    print(
        f"{outcome.format} (seed {outcome.seed}): {outcome.damaged} of {outcome.put_in} damaged, {became}; {found}; {outcome.seconds:.1f} s"
    )
    sys.stdout.flush()
    for fault in outcome.faults:
        print(f"   FAULT {fault}")
    for said in outcome.wrong:
        print(f"   wrong: {said}")


def _sum_up(outcomes: list[Outcome]) -> None:
    reasons: Counter[str] = sum((outcome.reasons for outcome in outcomes), Counter())
    print(f"\n{sum(outcome.damaged for outcome in outcomes)} damaged records, {sum(len(outcome.faults) for outcome in outcomes)} faults")
    print("Why records were skipped:")
    for reason, count in reasons.most_common(40):
        print(f"   {count:>8} {reason}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
