"""Blocks: the events of many records by columns are those of the records one by one, the skips too."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcorr.logs.batch import Normalized, normalize
from graphcorr.logs.catalog import log_types, read_names
from graphcorr.logs.fields import Field, Joint
from graphcorr.model.blocks import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

LOGS = ["zeek-conn", "zeek-smb-files", "zeek-files", "zeek-http", "sysmon-1", "sysmon-11", "security-4624", "security-5145", "system-7045"]
TIMES = [
    "1521911754.600639",
    "2021-03-04T05:06:07.123456Z",
    "2021-03-04 05:06:07.123",
    "1601-01-01T00:00:00Z",
    "999999999.000000",
    "-",
    "x",
    None,
]
TEXTS = [
    *(
        "10.0.0.5",
        "::1",
        "445",
        "0",
        "65536",
        "99999999999999999999",
        "0x1f",
        " 7 ",
        "3.500000",
        "0.000000",
        "S-1-5-18",
        "-",
        "",
        "(empty)",
    ),
    *(
        "N/A",
        "<unknown process>",
        "<un\u212anown>",
        "C:\\a.exe",
        "\\\\srv\\share",
        "\\\\srv\\IPC$",
        "\\svcctl",
        "\\a.txt",
        "<share_root>",
        "a\\b",
    ),
    *("SMB::PIPE_OPEN", "SMB::FILE_OPEN", "true", "F", "d41d8cd98f00b204e9800998ecf8427e", "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", None),
    *(
        "2021-03-04 05:06:07.123",
        "\u00fc",
        "1521911754.600639",
        "-3.000000",
        "000000000000000001",
        "%%1833",
        "%%1801",
        "%%4417: %%1805",
        "a" * 600,
    ),
]
LISTS = [None, [], ["10.0.0.5"], ["10.0.0.5", "-"], ["a", "b"]]
SETS = {"tx_hosts", "rx_hosts", "conn_uids", "orig_fuids", "resp_mime_types"}
HEADERS = {"computer": ["SRV01", " srv01 ", "-", None], "channel": ["Security", "", None], "outcome": ["success", None]}


def same(block: Block) -> None:
    found, expected = normalize(block), normalize(list(block))
    assert found.skips == expected.skips
    assert events(found) == events(expected)


def events(normalized: Normalized) -> list[dict[str, object]]:
    return sorted((row for batch in normalized.batches for row in batch.to_pylist()), key=lambda row: int(str(row["record"])))


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    log = draw(st.sampled_from(LOGS))
    count = draw(st.integers(1, 8))
    log_type = log_types()[log]

    def column(values: Sequence[object], type_: pa.DataType) -> pa.Array[pa.Scalar[pa.DataType]]:
        array = pa.array(draw(st.lists(st.sampled_from(values), min_size=count, max_size=count)), type_)
        return array.dictionary_encode() if type_ == pa.string() and draw(st.booleans()) else array

    names = sorted(read_names(log_type) or ())
    few = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4))  # so that whole columns are of one kind, too
    fields = {
        name: column(LISTS, pa.list_(pa.string())) if name in SETS else column(TIMES if name == log_type.utc_field else few, pa.string())
        for name in names
        if draw(st.booleans())
    }
    return Block(
        log,
        pa.array(range(5, count + 5)),
        pa.array([b"record %d" % place for place in range(count)], pa.binary()),
        fields,
        column(TIMES if draw(st.booleans()) else TIMES[:1], pa.string()),
        **{name: column(values, pa.string()) for name, values in HEADERS.items() if not log.startswith("zeek")},
        record_id=None if log.startswith("zeek") else column([1, 2, None], pa.int64()),
        input=3,
    )


@settings(max_examples=600, deadline=None)
@given(blocks())
def test_a_block_gives_what_its_records_give(block: Block) -> None:
    same(block)


BY_COLUMN = [
    (log, column) for log, kind in log_types().items() for column, read in kind.columns.items() if getattr(read, "by_column", None)
]


@pytest.mark.parametrize(("log", "column"), BY_COLUMN, ids=map("/".join, BY_COLUMN))
def test_what_is_done_by_column_is_what_is_done_to_each(log: str, column: str) -> None:
    """Each text alone, so that no other of the column has it read one by one; of several fields each combination."""
    read = log_types()[log].columns[column]
    assert isinstance(read, Field | Joint)
    if isinstance(read, Field):
        assert read.by_column is not None
        for text in TEXTS:
            found = read.by_column(pa.array([text], pa.string()))
            assert found is None or found.to_pylist() == [read.convert(text)], text
        return
    rows = list(product(*([TEXTS[10:26]] * (len(read.names) - 1)), [*TEXTS[25:27], None]))
    assert read.by_column is not None
    made = read.by_column(*(pa.array([row[place] for row in rows], pa.string()) for place in range(len(read.names))))
    assert dict(zip(rows, made.to_pylist(), strict=True)) == {row: read.combine(*row) for row in rows}


def test_a_misfit_costs_its_record_and_no_other() -> None:
    users = pa.array(["anna", "bert", "S-1-5-18"] * 4)
    block = Block(
        "security-4624",
        pa.array(range(12)),
        pa.array([b"{}"] * 12),
        {"TargetUserName": users, "TargetDomainName": pa.array(["CORP"] * 12)},
        pa.array(["2021-03-04T05:06:07.123456Z"] * 12),
    )
    normalized = normalize(block)
    assert [batch.num_rows for batch in normalized.batches] == [8]
    assert [(skip.number, skip.reason) for skip in normalized.skips] == [
        (place, "the fields do not fit their names: TargetUserName 'S-1-5-18' is not an account") for place in (2, 5, 8, 11)
    ]
    same(block)
    same(block)  # what was refused once is refused again


def test_a_log_type_that_nobody_knows_is_said_for_each_record() -> None:
    block = Block("sysmon-99", pa.array([1, 2]), pa.array([b"a", b"b"]), {}, pa.array(["x", "y"]))
    assert [skip.reason for skip in normalize(block).skips] == ["no log type sysmon-99"] * 2


@pytest.mark.parametrize("log", sorted(log_types()))
def test_what_is_not_there_gives_nothing(log: str) -> None:
    """A column of nulls is not converted at all."""
    assert [name for name, read in log_types()[log].columns.items() if isinstance(read, Field) and read({}) is not None] == []


def test_iterating_gives_records_and_places_of_them() -> None:
    block = Block("zeek-conn", pa.array([1, 2]), pa.array([b"a", b"b"]), {"uid": pa.array(["C1", None])}, pa.array(["1", "2"]), input=9)
    assert [(record.number, record.raw, record.fields, record.created, record.input) for record in block] == [
        (1, b"a", {"uid": "C1"}, "1", 9),
        (2, b"b", {}, "2", 9),
    ]
    assert list(block.at(pa.array([1]))) == list(block)[1:]
    empty = Block("zeek-conn", pa.array([1]), pa.array([b"a"]), {}, pa.array(["1"]))
    assert [record.fields for record in empty] == [{}]
