"""Records for tests: by hand, or one real record of a public dataset, read by the JSON shapes of ``graphcorr.sources``."""

from __future__ import annotations

import gzip
import zipfile
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

import orjson
from evtx import PyEvtxParser

from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import log_types, wanted
from graphcorr.model.records import Record
from graphcorr.sources.base import Context
from graphcorr.sources.shapes.flat import SHAPE as FLAT
from graphcorr.sources.shapes.zeek import SHAPE as ZEEK
from graphcorr.sources.windows import read_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TIME = "2021-03-04T05:06:07.123456Z"
MICROSECONDS = 1_614_834_367_123_456


def make(log: str, fields: dict[str, object], **header: object) -> Record:
    """A record of ``log`` whose header has a time and nothing else, unless ``header`` says otherwise."""
    values: dict[str, object] = {"number": 1, "raw": b"{}", "created": TIME, "input": 1}
    return Record(log=log, fields=fields, **(values | header))  # type: ignore[arg-type]


def columns(record: Record) -> dict[str, object]:
    """The columns of the record's event that are not null."""
    record.input = 1
    batches, skips = normalize([record])
    assert skips == []
    ((row,),) = [batch.to_pylist() for batch in batches]
    return {name: value for name, value in row.items() if value is not None}


def read_own(log: str, fields: dict[str, object], **header: object) -> dict[str, object]:
    """As :func:`columns`, but only what the log type itself fills."""
    found = columns(make(log, fields, **header))
    return {name: value for name, value in found.items() if name in log_types()[log].columns}


def read_real(shared: Path, file: str, number: int) -> Record:
    """Record ``number`` of a file in the datasets: JSON lines (zipped, gzipped or plain), or EVTX."""
    path = shared / "datasets" / file
    if path.suffix == ".evtx":
        read = next(islice(PyEvtxParser(str(path)).records_json(), number - 1, None))
        assert read is not None
        raw = read["data"].encode()
        record = read_event(orjson.loads(raw)["Event"], raw, number, wanted())
    else:
        with _open(path) as lines:
            raw = next(islice(lines, number - 1, None)).rstrip(b"\r\n")
        row = orjson.loads(raw)
        shape = FLAT if "EventID" in row else ZEEK
        record = shape.read(row, raw, number, Context(wanted(), path.name, _refuse))
    assert record is not None, "no log type wants this record"
    return record


@contextmanager
def _open(path: Path) -> Iterator[Iterable[bytes]]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            # The dataset's archives hold one file each.
            (member,) = archive.namelist()
            with archive.open(member) as lines:
                yield lines
    elif path.suffix == ".gz":
        with gzip.open(path, "rb") as lines:
            yield lines
    else:
        with path.open("rb") as lines:
            yield lines


def _refuse(number: int | None, reason: str) -> None:
    raise AssertionError(f"record {number}: {reason}")
