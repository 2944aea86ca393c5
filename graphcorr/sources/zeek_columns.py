"""Rows of a Zeek text log by columns: what most of them are is split, checked and unescaped by Arrow, and nothing of it row by row.

A row that is anything else (another number of columns, a time that is none, a byte that is no UTF-8) is left to whoever reads rows
one by one, and knows what to say of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from graphcorr.model.blocks import Block
from graphcorr.sources.zeek_rows import Header, split_set
from graphcorr.sources.zeek_text import unescape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphcorr.model.blocks import Column
    from graphcorr.sources.base import Wanted

_LEAST: Final = 64
"""Fewer rows are quicker read one by one."""
_NO: Final = pa.scalar(False)
_PLAIN_TIME: Final = r"^[0-9]{9,10}\.[0-9]{6}$"
"""As Zeek writes times since 1973."""


def read_rows(lines: Sequence[bytes], first: int, header: Header, wanted: Wanted) -> tuple[Block | None, Sequence[int]]:
    """The plain ones of ``lines``, which are rows under one header, numbered from ``first``; and the places of the others."""
    every = range(len(lines))
    separator = header.separator
    if len(lines) < _LEAST or header.log is None or "ts" not in header.fields or len(set(header.fields)) < len(header.fields):
        return None, every
    if len(separator) != 1 or not separator.isascii() or separator in "\r\n":
        return None, every
    text = b"\n".join(lines)
    places = np.arange(len(lines))
    if b"\r" in text or not _is_utf8(text):
        lines = [line.rstrip(b"\r") for line in lines]
        places = np.array([place for place, line in enumerate(lines) if b"\r" not in line and _is_utf8(line)], np.int64)
        lines = [lines[place] for place in places.tolist()]
        text = b"\n".join(lines)
    if not len(places):
        return None, every
    read = wanted.read.get(header.log)
    names = [name for name in header.fields if read is None or name in read or name == "ts"]
    columns, misshapen = _split(text, header, names)
    kept = np.ones(len(places), bool)
    kept[misshapen] = False
    is_plain: Column = pc.coalesce(pc.match_substring_regex(columns["ts"], _PLAIN_TIME), _NO)
    if not is_plain.true_count:
        return None, every
    kept[kept] = is_plain.to_numpy(zero_copy_only=False)
    if is_plain.false_count:
        columns = {name: column.filter(is_plain) for name, column in columns.items()}
    raw = pa.array(lines if kept.all() else [lines[place] for place in np.flatnonzero(kept).tolist()], pa.binary())
    has_empty, has_escapes = header.empty_field.encode() in text, b"\\" in text
    fields = {}
    for name, column in columns.items():
        if name in header.lists:
            fields[name] = _by_value(column, lambda value: split_set(value, header), pa.list_(pa.string()))
            continue
        own = pc.if_else(pc.equal(column, pa.scalar(header.empty_field)), pa.scalar(None, pa.string()), column) if has_empty else column
        fields[name] = _unescape(own) if has_escapes else own
    numbers = pa.array(places[kept] + first)
    others = np.ones(len(every), bool)
    others[places[kept]] = False
    return Block(header.log, numbers, raw, fields, columns["ts"]), np.flatnonzero(others).tolist()


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _split(text: bytes, header: Header, names: list[str]) -> tuple[dict[str, Column], list[int]]:
    """The columns of ``names`` as text, without the rows of another number of columns, whose places are told."""
    misshapen: list[int] = []

    def refuse(row: csv.InvalidRow) -> Literal["skip"]:
        assert row.number is not None  # it is one only where threads read
        misshapen.append(row.number - 1)
        return "skip"

    table = csv.read_csv(
        pa.BufferReader(text),  # type: ignore[arg-type]  # the stub knows files only
        # One block, and so one chunk a column, numbered rows, and no thread beside this one.
        read_options=csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=list(header.fields)),
        parse_options=csv.ParseOptions(
            delimiter=header.separator, quote_char=False, escape_char=False, ignore_empty_lines=False, invalid_row_handler=refuse
        ),
        convert_options=csv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=names,
            null_values=[header.unset_field],
            strings_can_be_null=True,
        ),
    )
    return {name: table[name].combine_chunks() for name in names}, misshapen


def _by_value(column: Column, convert: Callable[[str], object], type_: pa.DataType) -> Column:
    """The column with each distinct text converted."""
    encoded = column.dictionary_encode()
    return pa.array([convert(value) for value in encoded.dictionary.to_pylist()], type_).take(encoded.indices)


def _unescape(column: Column) -> Column:
    r"""The column without Zeek's escapes. Where all that there is are doubled backslashes, Arrow undoes them."""
    if not pc.any(pc.match_substring(column, "\\")).as_py():
        return column
    undone = pc.replace_substring(column, "\\\\", "\\")
    is_other: Column = pc.coalesce(pc.match_substring(pc.replace_substring(column, "\\\\", ""), "\\"), _NO)
    if not is_other.true_count:
        return undone
    return pc.replace_with_mask(undone, is_other, _by_value(column.filter(is_other), unescape, pa.string()))
