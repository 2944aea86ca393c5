"""Loads: totals that add up, nothing twice, releases that retire, quarantine that ends, and damage of every kind."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from graphcorr.errors import ConfigError, InputError, UsageError
from graphcorr.intel.library import FILE_NAME, Library
from graphcorr.intel.loading import Loading, check_read, load, retry
from graphcorr.intel.reading import Document, Piece, read_documents, split
from tests.intel.mutations import mutate

MALWARE = "malware--11111111-1111-4111-8111-111111111111"
ACTOR = "intrusion-set--22222222-2222-4222-8222-222222222222"


_CACHE: list[Piece] = []


def document(*objects: object, file: str = "mine.json") -> Document:
    content = json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects}).encode()
    return Document(file, None, content, "")


def an_object(identity: str, name: str = "Thing", **values: object) -> dict[str, object]:
    times = {"created": "2024-01-01T00:00:00Z", "modified": "2024-01-01T00:00:00Z"}
    return {"type": identity.partition("--")[0], "id": identity, "name": name} | times | values


def a_use(source: str = ACTOR, target: str = MALWARE, number: int = 3, **values: object) -> dict[str, object]:
    identity = f"relationship--33333333-3333-4333-8333-{number:012}"
    return an_object(identity, relationship_type="uses", source_ref=source, target_ref=target) | values


def check_sums(done: Loading) -> None:
    assert done.read == len(done.records) == done.loaded + done.salvaged + done.quarantined == done.changes.total()
    assert {status: sum(one.status == status for one in done.records) for status in ("loaded", "salvaged", "quarantined")} == {
        "loaded": done.loaded,
        "salvaged": done.salvaged,
        "quarantined": done.quarantined,
    }


def test_the_damaged_records_twice(library: Library, damaged: Document) -> None:
    first = load(library, [damaged])
    check_sums(first)
    assert (first.read, first.salvaged, dict(first.changes)) == (14, 14, {"new": 14})
    held = library.records()
    second = load(library, [damaged])
    assert (second.salvaged, dict(second.changes)) == (14, {"unchanged": 14})
    assert library.records() == held
    assert library.text(held[0].id) == next(split(damaged.content)).text


def test_a_relationship_may_come_before_its_ends(library: Library) -> None:
    done = load(library, [document(a_use(), file="a"), document(an_object(MALWARE), an_object(ACTOR), file="b")])
    check_sums(done)
    assert (done.loaded, done.quarantined) == (3, 0)
    assert (done.records[0].source, done.records[0].target) == (ACTOR, MALWARE)


def test_quarantine_ends_once_more_is_known(library: Library) -> None:
    load(library, [document(a_use(), an_object(ACTOR))])
    (waiting,) = library.records("status = 'quarantined'")
    assert waiting.reasons == (f"target_unknown:{MALWARE}",)
    assert dict(retry(library).changes) == {"unchanged": 1}
    load(library, [document(an_object(MALWARE))])
    done = retry(library)
    check_sums(done)
    assert (done.read, done.loaded, dict(done.changes)) == (1, 1, {"updated": 1})
    assert library.records("status = 'quarantined'") == []
    (use,) = library.records("type = 'relationship'")
    assert (use.source, use.target, use.reasons, use.detail) == (ACTOR, MALWARE, (), None)


def test_newer_replaces_and_older_does_not(library: Library) -> None:
    load(library, [document(an_object(MALWARE, "Old"))])
    newer = document(an_object(MALWARE, "New", modified="2025-01-01T00:00:00Z"))
    assert dict(load(library, [newer]).changes) == {"updated": 1}
    assert dict(load(library, [document(an_object(MALWARE, "Old"))]).changes) == {"older": 1}
    assert [held.name for held in library.records()] == ["New"]


def test_one_id_and_time_with_two_contents_is_put_aside(library: Library) -> None:
    done = load(library, [document(an_object(MALWARE, "One"), an_object(MALWARE, "Two"))])
    check_sums(done)
    assert [(one.status, one.reasons) for one in done.records] == [("loaded", ()), ("quarantined", ("conflicting_content",))]
    assert dict(load(library, [document(an_object(MALWARE, "Two"))]).changes) == {"unchanged": 1}
    assert retry(library).quarantined == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"no json", "not_json"),
        (b'{"id":"x"}', "type_missing"),
        (b'{"type":"malware","id":17}', "wrong_type"),
        (b'{"type":"bundle","id":"bundle--11111111-1111-4111-8111-111111111111","objects":{}}', "bundle_malformed"),
        (b'{"type":"identity"}', "id_missing"),
        (b'{"type":"malware","id":"malware--x","name":"n"}', "id_malformed"),
        (f'{{"type":"malware","id":"{MALWARE}","is_family":true}}'.encode(), "name_missing"),
        (b'{"type":"tool","id":"tool--11111111-1111-4111-8111-111111111111"}', "name_missing"),
        (f'{{"type":"malware","id":"{MALWARE}","name":"n","created":"soon"}}'.encode(), "time_malformed"),
        (f'{{"type":"malware","id":"{MALWARE}","id":"{MALWARE}","name":"n"}}'.encode(), "duplicate_key"),
        (b'{"type":"malware","a":' + b"[" * 9000 + b"]" * 9000 + b"}", "nested_too_deep"),
        (b'{"type":"malware","name":"\\ud800"}', "not_json"),
        (b'{"type":"indicator","id":"indicator--11111111-1111-4111-8111-111111111111"}', "pattern_missing"),
    ],
)
def test_each_reason(library: Library, text: bytes, reason: str) -> None:
    done = load(library, [Document("f", None, text, "")])
    (outcome,) = done.records
    check_sums(done)
    expected = "salvaged" if reason == "id_malformed" else "quarantined"
    assert (outcome.status, outcome.reasons[:1]) == (expected, (reason,))
    assert library.text(outcome.id) == text


@pytest.mark.parametrize("seed", range(4))
def test_mutated_copies_add_up(library: Library, release: Document, seed: int) -> None:
    """Real objects, damaged in every way, as lines, as a bundle and alone. The benchmark runs ten thousand."""
    chance = random.Random(seed)
    texts = [mutate(piece.text, chance) for piece in chance.sample(_pieces(release), 60)]
    forms = [
        Document("lines", None, b"\n".join(texts), ""),
        Document("bundle", None, b'{"type":"bundle","id":"bundle--1","objects":[' + b",".join(texts) + b"]}", ""),
        *(Document(f"alone-{n}", None, text, "") for n, text in enumerate(texts)),
    ]
    done = load(library, forms)
    check_sums(done)
    assert done.read >= len(texts)
    kept = {one.id for one in library.records()}
    assert {one.id for one in done.records if one.change != "older"} <= kept
    check_sums(retry(library))
    again = load(library, forms)
    check_sums(again)
    assert set(again.changes) <= {"unchanged", "older"}


def _pieces(release: Document) -> list[Piece]:
    if not _CACHE:
        _CACHE.extend(split(release.content))
    return _CACHE


def test_a_release_and_the_one_after_it(library: Library, release: Document) -> None:
    objects = [json.loads(piece.text) for piece in _pieces(release)]
    techniques = [one for one in objects if one["type"] == "attack-pattern"][:200]
    few = [one for one in objects if one["type"] in {"x-mitre-matrix", "x-mitre-tactic", "intrusion-set"}] + techniques
    old = document(*few, file="enterprise-attack-17.1.json")
    gone = next(one for one in techniques if not one.get("revoked"))
    new = document(*(one for one in few if one is not gone), file="enterprise-attack-18.0.json")

    first = load(library, [old])
    check_sums(first)
    assert [(one.name, one.version, one.records) for one in first.releases] == [("enterprise-attack", "17.1", len(few))]
    assert library.facts().version == "17.1"

    second = load(library, [new])
    assert (second.retired, library.facts().version) == (1, "18.0")
    (retired,) = library.records("retired IS NOT NULL")
    assert (retired.id, retired.retired) == (gone["id"], "18.0")
    assert load(library, [new]).retired == 0

    # The older one again: nothing comes back.
    again = load(library, [old])
    check_sums(again)
    assert library.facts().version == "18.0"
    assert [held.id for held in library.records("retired IS NOT NULL")] == [gone["id"]]
    assert [one.version for one in library.releases()] == ["17.1", "18.0"]


def test_a_bundle_with_a_matrix_is_no_release(library: Library, release: Document) -> None:
    matrix = next(json.loads(piece.text) for piece in _pieces(release) if b'"x-mitre-matrix"' in piece.text[:60])
    done = load(library, [document(matrix, an_object(MALWARE))])
    assert (done.loaded, done.releases) == (2, [])
    assert len(library.facts().objects) > 2000


def test_strict_puts_aside_what_the_specification_objects_to(library: Library) -> None:
    from graphcorr.intel.strict import check

    good = an_object(MALWARE, spec_version="2.1", is_family=False)
    bad = an_object(ACTOR, spec_version="2.1", first_seen="2025-01-01T00:00:00Z", last_seen="2024-01-01T00:00:00Z")
    assert load(library, [document(good, bad)]).loaded == 2
    library.close()
    other = Library(library.folder.with_name("other"))
    done = load(other, [document(good, bad)], check=check)
    other.close()
    check_sums(done)
    assert [(one.status, one.reasons) for one in done.records] == [("loaded", ()), ("quarantined", ("not_strict",))]
    assert "last_seen" in (done.records[1].detail or "")


def test_an_instance_of_malware_needs_no_name(library: Library) -> None:
    """STIX 2.1, 4.9: a name is optional unless it is a family. It is known by its id, and statements about it are whole."""
    indicator = "indicator--11111111-1111-4111-8111-111111111111"
    objects: list[dict[str, object]] = [
        {"type": "malware", "spec_version": "2.1", "id": MALWARE, "is_family": False},
        {"type": "indicator", "id": indicator, "pattern": "[file:name = 'a']"},
        {
            "type": "relationship",
            "id": "relationship--11111111-1111-4111-8111-111111111111",
            "relationship_type": "indicates",
            "source_ref": indicator,
            "target_ref": MALWARE,
        },
        {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": "marking-definition--94868C89-83C2-464B-929B-A1A8AA3C8487",
            "extensions": {"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {"extension_type": "property-extension"}},
        },
        {"type": "x-acme-thing", "id": "x-acme-thing--11111111-1111-4111-8111-111111111111", "x_acme": {"a": [1]}},
    ]
    done = load(library, [document(*objects)])
    assert [(one.status, one.reasons) for one in done.records] == [("loaded", ())] * len(objects)
    assert (done.records[2].target, library.known().names()[MALWARE]) == (MALWARE, MALWARE)


def test_nothing_to_read_is_an_error(library: Library, tmp_path: Path) -> None:
    (tmp_path / "empty.json").write_bytes(b"")
    done = load(library, read_documents([str(tmp_path / "empty.json")]))
    with pytest.raises(InputError, match=r"empty\.json: it holds no record"):
        check_read(done)


def test_a_file_name_that_is_no_text(library: Library, tmp_path: Path) -> None:
    name = os.fsdecode(b"odd-\xff.json")
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / name).write_text(json.dumps(an_object(MALWARE)))
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR{}")
    done = load(library, read_documents([str(folder)]))
    assert (done.read, [held.file for held in library.records()]) == (1, [f"{folder.as_posix()}/odd-\\xff.json"])
    assert [one.reason for one in done.problems] == ["it is no text, and no STIX"]


def test_two_domains_share_an_object(library: Library, release: Document) -> None:
    """What both have stays with the first, and does not go when only the other one drops it."""
    objects = [json.loads(piece.text) for piece in _pieces(release)]
    base = [one for one in objects if one["type"] == "attack-pattern"][:60]
    matrix = next(one for one in objects if one["type"] == "x-mitre-matrix")
    mobile = json.loads(json.dumps(matrix).replace("enterprise-attack", "mobile-attack").replace("eafc1b4c", "0afc1b4c"))
    load(library, [document(matrix, *base, file="enterprise-attack-1.0.json"), document(mobile, *base, file="mobile-attack-1.0.json")])
    assert {(held.collection, held.version) for held in library.records("type = 'attack-pattern'")} == {("enterprise-attack", "1.0")}
    assert load(library, [document(mobile, *base[1:], file="mobile-attack-2.0.json")]).retired == 0
    assert [one.name for one in library.releases()] == ["enterprise-attack", "mobile-attack", "mobile-attack"]


def some_release(library: Library, release: Document, name: str, version: str, first: str = "") -> Loading:
    """A small release of another name or version; ``first`` renames its first technique."""
    objects = [json.loads(piece.text) for piece in _pieces(release)]
    matrix = next(one for one in objects if one["type"] == "x-mitre-matrix")
    base = [one for one in objects if one["type"] == "attack-pattern"][:60]
    matrix["external_references"][0]["external_id"] = name
    base[0]["name"] = first or base[0]["name"]
    return load(library, [document(matrix, *base)], version=version)


@pytest.mark.parametrize("name", ["../../../../x-attack", "/x-attack", "other-attack"])
def test_a_matrix_of_another_name_is_no_release_and_names_no_file(library: Library, release: Document, name: str) -> None:
    before = set(library.folder.parent.rglob("*"))
    done = some_release(library, release, name, "1.0")
    check_sums(done)
    assert (done.loaded, done.releases, set(library.folder.parent.rglob("*"))) == (61, [], before)


def test_versions_share_no_file(library: Library, release: Document) -> None:
    for version in ("a/b", "a_b"):
        some_release(library, release, "enterprise-attack", version)
    assert [library.facts_of(one).version for one in library.releases()] == ["a/b", "a_b"]


def test_a_load_that_is_given_up_leaves_the_facts(library: Library, release: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    some_release(library, release, "enterprise-attack", "1.0")
    before = library.facts().content

    def fail(*_: object) -> None:
        raise InputError("enough")

    monkeypatch.setattr(library, "put", fail)
    with pytest.raises(InputError, match="enough"):
        some_release(library, release, "enterprise-attack", "1.0", first="Changed")
    assert library.facts().content == before


@pytest.mark.parametrize("version", ["9" * 5000, "1\0", "\ud800", ""])
def test_what_is_no_version_is_refused(library: Library, version: str) -> None:
    with pytest.raises(UsageError, match="is no version"):
        load(library, [document(an_object(MALWARE))], version=version)


def test_a_name_without_end_is_put_aside(library: Library) -> None:
    done = load(library, [document(an_object(MALWARE, "n" * 1001), an_object(ACTOR, "n" * 1000))])
    assert [(one.status, one.reasons) for one in done.records] == [("quarantined", ("name_too_long",)), ("loaded", ())]
    assert {len(held.name or "") for held in library.records()} == {1000}


@pytest.mark.parametrize(
    ("damage", "read"),
    [
        ("UPDATE records SET reasons = '{'", lambda library: library.records()),
        ("UPDATE records SET modified = 'x'", lambda library: library.standings()),
        ("UPDATE records SET text = x'00'", lambda library: library.text(MALWARE)),
        ("UPDATE records SET digest = 'x'", lambda library: library.text(MALWARE)),
        ("INSERT INTO releases VALUES ('r', '1', 'f', NULL, 'many', NULL, 'f')", lambda library: library.releases()),
    ],
    ids=["reasons", "modified", "text", "digest", "release"],
)
def test_a_damaged_value_is_told(library: Library, damage: str, read: Callable[[Library], object]) -> None:
    load(library, [document(an_object(MALWARE))])
    with closing(sqlite3.connect(library.folder / FILE_NAME)) as other, other:
        other.execute(damage)
    with pytest.raises(ConfigError, match=rf"intel\.sqlite: .*({MALWARE}|release r 1) is damaged .* load the files again"):
        read(library)


def test_what_is_no_text_is_told(library: Library) -> None:
    with pytest.raises(UsageError, match="is no text"):
        library.find("\udcff")


_KILLED = """
import sys, os, signal
from pathlib import Path
from graphcorr.intel.library import Library
from graphcorr.intel.loading import load
from graphcorr.intel.reading import Document, read_documents
def documents():
    yield from read_documents([sys.argv[2]])
    os.kill(os.getpid(), signal.SIGKILL)
load(Library(Path(sys.argv[1])), documents())
"""


def test_a_killed_load_changed_nothing(tmp_path: Path, seeds: Path, damaged: Document) -> None:
    folder = tmp_path / "intel"
    path = str(seeds / "damaged-attack-relationships.txt")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(folder), path], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    library = Library(folder)
    assert library.count() == {}
    assert load(library, [damaged]).salvaged == 14
    library.close()
