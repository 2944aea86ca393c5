"""``make bench``: runs the measurements, prints the table and writes it to docs/benchmarks.md."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.cases import CASES, FULL, QUICK, Line
from benchmarks.measure import BenchmarkError
from benchmarks.table import render

DOCUMENT: Final = Path(__file__).parents[1] / "docs/benchmarks.md"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="small inputs and one run, to try it out; writes no document")
    parser.add_argument(
        "--folder", type=Path, help="where inputs are made and removed again (up to 15 GB); default: the system's temporary folder"
    )
    options = parser.parse_args(arguments)
    if strange := [case for case in options.cases if case not in CASES]:
        parser.error(f"no case {', '.join(strange)}; there are {', '.join(CASES)}")
    lines: list[Line] = []
    failed = False
    for name in options.cases or CASES:
        folder = Path(tempfile.mkdtemp(prefix=f"graphcorr-{name}-", dir=options.folder))
        try:
            print(f"{name} …", file=sys.stderr, flush=True)
            lines += CASES[name](folder, QUICK if options.quick else FULL)
        except BenchmarkError as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = True
        finally:
            shutil.rmtree(folder)
    document = render(lines, quick=options.quick)
    print(document)
    # Half a table would pass for a whole one.
    if not failed and not options.quick and not options.cases:
        DOCUMENT.write_text(document, encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
