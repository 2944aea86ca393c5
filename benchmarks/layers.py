"""What reading costs, layer by layer: each layer does what the one before does and one thing more, in a process of its own.

``python -m benchmarks.layers LAYER PATH…`` prints how many records it kept. The difference between two layers is the price
of the later one, which is how the table shows what the time of a hunt consists of.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.baselines import files_in
from benchmarks.measure import measure
from graphcorr.case.segments import SegmentWriter
from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import wanted
from graphcorr.model.blocks import Block
from graphcorr.model.kinds import Kind
from graphcorr.model.records import COLLECTOR
from graphcorr.patterns.load import builtin_folder, load
from graphcorr.sources.base import Wanted
from graphcorr.sources.inputs import discover
from graphcorr.sources.reading import read
from graphcorr.sources.streams import Content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.model.records import Record

LAYERS: Final = {
    "nothing": "start of Python and the libraries that reading needs",
    "bytes": "bytes from the files, and their digest",
    "dismiss": "finding the records and dismissing all of them by their heads",
    "decode": "decoding the wanted ones",
    "normalize": "events from records",
    "store": "events to Parquet",
}
"""Layer to what it adds, in order."""
_BATCH: Final = 4_000


def run(layer: str, paths: list[Path]) -> int:
    """Read the files as a hunt does, down to ``layer``; returns the records that were kept."""
    if layer == "nothing":
        return 0
    if layer == "bytes":
        for path in paths:
            for source in discover([str(path)]):
                Content(source.open()).drain()
        return 0
    kinds = frozenset[Kind]().union(*(pattern.header.needs for pattern in load([builtin_folder()])))
    demand = Wanted({}, {}, {}) if layer == "dismiss" else wanted(kinds)
    kept = 0
    with tempfile.TemporaryDirectory() as folder:
        writer = SegmentWriter(Path(folder), "layer")
        gathered: list[Record] = []
        for path in paths:
            for source in discover([str(path)]):
                for batch in read(source, demand, lambda *_: None):
                    kept += len(batch)
                    if layer not in {"normalize", "store"}:
                        continue
                    if isinstance(batch, Block):
                        _take(batch, writer if layer == "store" else None)
                    else:
                        gathered += batch
                        if len(gathered) >= _BATCH:
                            _take(gathered, writer if layer == "store" else None)
                            gathered = []
        _take(gathered, writer if layer == "store" else None)
        writer.finish()
    return kept


def _take(records: Sequence[Record] | Block, writer: SegmentWriter | None) -> None:
    for batch in normalize(records).batches:
        if writer is not None:
            writer.add(batch)


def measure_layers(paths: Sequence[Path], *, runs: int) -> dict[str, float]:
    """CPU seconds that each layer adds, on one core. Not wall time: the differences are small, and other work would drown them."""
    added: dict[str, float] = {}
    before = 0.0
    for layer in LAYERS:
        command = [sys.executable, "-m", "benchmarks.layers", layer, *map(str, paths)]
        total = measure(command, runs=runs, cores=1).cpu_seconds
        added[layer] = total - before
        before = total
    return added


if __name__ == "__main__":
    gc.set_threshold(*COLLECTOR)  # as the command line does
    print(run(sys.argv[1], files_in([Path(argument) for argument in sys.argv[2:]])))
