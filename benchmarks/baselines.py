"""What one measures against: the same bytes through a parser that does nothing with them.

``python -m benchmarks.baselines NAME PATH…`` prints how many records it saw.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import Final

import orjson
import polars as pl
from evtx import PyEvtxParser

ZEEK_COLUMNS: Final = {
    "conn": ("ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", "orig_bytes"),
    "smb_files": ("ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "fuid", "action", "path", "name", "size", "prev_name"),
}
"""The columns that a hunt reads of these logs."""


def decode_json(paths: list[Path]) -> int:
    """Decode every line with orjson."""
    records = 0
    for path in paths:
        with path.open("rb") as lines:
            for line in lines:
                orjson.loads(line)
                records += 1
    return records


def parse_evtx(paths: list[Path]) -> int:
    """Parse every record to JSON text with the ``evtx`` package, in one thread."""
    records = 0
    for path in paths:
        for _ in PyEvtxParser(str(path), number_of_threads=1).records_json():
            records += 1
    return records


def read_zeek(paths: list[Path]) -> int:
    """Read the same columns with polars, as text."""
    records = 0
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            names = next(line for line in lines if line.startswith("#fields")).rstrip("\n").split("\t")[1:]
        wanted = [names.index(name) for name in ZEEK_COLUMNS[path.stem]]
        frame = pl.read_csv(
            path, separator="\t", comment_prefix="#", has_header=False, columns=wanted, quote_char=None, infer_schema=False, null_values="-"
        )
        records += frame.height
    return records


def read_rows(paths: list[Path]) -> int:
    """Read every row with Python's csv module."""
    csv.field_size_limit(1 << 24)
    records = 0
    for path in paths:
        with path.open(newline="", encoding="utf-8") as lines:
            records += sum(1 for _ in csv.reader(lines)) - 1
    return records


def dissect(paths: list[Path]) -> int:
    """Have tshark print the time, ends and commands of every packet."""
    records = 0
    fields = ("frame.time_epoch", "ip.src", "tcp.srcport", "ip.dst", "tcp.dstport", "smb2.cmd", "smb2.filename", "dcerpc.opnum")
    for path in paths:
        command = ["tshark", "-n", "-r", str(path), "-T", "fields", *(part for name in fields for part in ("-e", name))]
        records += len(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.splitlines())
    return records


BASELINES: Final = {"json": decode_json, "evtx": parse_evtx, "zeek": read_zeek, "csv": read_rows, "capture": dissect}


def files_in(paths: list[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]


if __name__ == "__main__":
    print(BASELINES[sys.argv[1]](files_in([Path(argument) for argument in sys.argv[2:]])))
