"""The whole specification by its library: what it objects to, and that what graphcorr writes is valid."""

from __future__ import annotations

import json

import orjson

from graphcorr.intel.known import Known
from graphcorr.intel.library import Library
from graphcorr.intel.loading import load
from graphcorr.intel.reading import Document, split
from graphcorr.intel.strict import check, write_relationship


def test_attack_is_valid_and_the_damaged_records_are_not(release: Document, damaged: Document) -> None:
    pieces = list(split(release.content))
    kinds: dict[str, bytes] = {}
    for piece in pieces:
        kinds.setdefault(orjson.loads(piece.text)["type"], piece.text)
    assert {kind: check(text) for kind, text in kinds.items()} == dict.fromkeys(kinds)
    assert all(check(piece.text) is not None for piece in split(damaged.content))


def test_it_never_raises() -> None:
    for text in (
        b"",
        b"{}",
        b"[]",
        b"3",
        b'{"type":"malware","id":[]}',
        b'{"type":"bundle","objects":3}',
        b'{"type":"file"}',
    ):
        assert check(text) is not None


def test_salvaged_statements_are_written_as_valid_stix(library: Library, damaged: Document, known: Known) -> None:
    load(library, [damaged])
    written = [write_relationship(held, known) for held in library.records()]
    assert [text is None for text in written] == [n == 1 for n in range(14)]
    assert [check(text) for text in written if text is not None] == [None] * 13
    first = json.loads(written[2] or b"")
    assert (first["relationship_type"], first["confidence"]) == ("uses", 97)
