"""Documents in every form, and damaged ones: which texts come out, and that none is lost."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.errors import UsageError
from graphcorr.intel.reading import Document, read_documents, split

A = b'{"type":"malware","id":"malware--1","x":"a } , { b"}'
B = b'{"type":"tool","id":"tool--2","y":{"z":[{"name":"q"}]}}'


def texts(data: bytes) -> list[bytes]:
    pieces = list(split(data))
    assert [piece.number for piece in pieces] == list(range(1, len(pieces) + 1))
    return [piece.text for piece in pieces]


@pytest.mark.parametrize(
    "data",
    [
        b'{"type":"bundle","id":"bundle--1","objects":[' + A + b"," + B + b"]}",
        b'{"type":"bundle","spec_version":"2.0","objects":[\n' + A + b" ,\n" + B + b"]\n}\n",
        b"[" + A + b"," + B + b"]",
        b'[{"type":"bundle","objects":[' + A + b"]}," + B + b"]",
        A + b"\n" + B + b"\n",
        A + b"\r\n\r\n" + B,
        A + b", " + B,
        A + b" " + B + b"\n",
        A + b",\n" + B + b",\n",
    ],
    ids=["bundle", "2.0", "array", "array of bundles", "lines", "crlf", "one line", "no comma", "trailing commas"],
)
def test_forms(data: bytes) -> None:
    assert texts(data) == [A, B]


def test_an_object_over_several_lines() -> None:
    first, second = json.dumps(json.loads(A), indent=1).encode(), json.dumps(json.loads(B), indent=1).encode()
    assert texts(first) == [first]
    assert texts(first + b"\n" + second) == [first, second]


@pytest.mark.parametrize(("data", "found"), [(b"", []), (b" \n,", []), (b"[]", []), (b"hello\nworld", [b"hello\nworld"]), (b"3", [b"3"])])
def test_nothing_and_no_stix(data: bytes, found: list[bytes]) -> None:
    assert texts(data) == found


def test_damage_in_the_middle_costs_the_object_it_is_in() -> None:
    broken = b'{"type":"malware","id":malware--1","x":"a { b"}'  # a lost quote turns inside and outside of strings around
    data = b'{"type":"bundle","objects":[' + b",".join([A, broken, B, A]) + b"]}"
    assert texts(data) == [A, broken, B, A]
    assert texts(b"\n".join([A, broken, B])) == [A, broken, B]


def test_a_cut_bundle_gives_what_stands_before_the_cut() -> None:
    data = b'{"type":"bundle","objects":[' + A + b"," + B + b"," + A
    assert texts(data[:-10])[:2] == [A, B]
    assert len(texts(data[:-10])) == 3


def test_one_object_that_is_nested_too_deep() -> None:
    deep = b'{"type":"x","a":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    assert texts(b'{"type":"bundle","objects":[' + A + b"," + deep + b"," + B + b"]}") == [A, deep, B]


def test_objects_that_are_never_closed_stay_linear() -> None:
    """Each would be looked through to the end; two million bytes of them are read in a moment."""
    assert len(texts(b'{"type":"x","a":{"b":1},\n' * 80_000)) >= 1


@given(st.binary(max_size=300))
def test_no_byte_is_lost(data: bytes) -> None:
    """Of what is no JSON everything but separators comes out, in order."""
    pieces = texts(data)
    position = 0
    for piece in pieces:
        assert piece
        if b"bundle" not in data and not data.strip(b" \t\r\n,\x00").startswith(b"["):
            position = data.index(piece, position) + len(piece)


def test_compressed_and_archived(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(A))
    (tmp_path / "b.zst").write_bytes(zstandard.compress(B))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("in/a.json", A)
        archive.writestr("b.json", B)
    (tmp_path / "d.json").write_text(A.decode(), encoding="utf-16")
    (tmp_path / "e.json").write_bytes(b"\xef\xbb\xbf" + B)
    found = {(Path(one.file).name, one.member): texts(one.content) for one in read_documents([str(tmp_path)])}
    assert found == {
        ("a.gz", None): [A],
        ("b.zst", None): [B],
        ("c.zip", "in/a.json"): [A],
        ("c.zip", "b.json"): [B],
        ("d.json", None): [A],
        ("e.json", None): [B],
    }


def test_standard_input() -> None:
    (document,) = read_documents(["-"], io.BytesIO(A))
    assert (document.file, texts(document.content)) == ("-", [A])


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(A * 1000)[:-40])
    (document,) = read_documents([str(tmp_path)])
    assert document.problem == "the compressed content is cut off; what it still holds was read"
    with pytest.raises(UsageError, match="no such file"):
        list(read_documents([str(tmp_path / "none")]))


def test_the_damaged_records_are_fourteen(damaged: Document) -> None:
    pieces = list(split(damaged.content))
    assert [piece.alone for piece in pieces] == [n not in {1, 2, 12, 13} for n in range(14)]
    assert sum(len(piece.text) for piece in pieces) + 2 * len(b", ") + 11 == len(damaged.content.rstrip(b"\n"))
