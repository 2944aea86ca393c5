"""Archives and compressed files: whole, cut off, locked, nested, hostile."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from graphcorr.errors import InputError
from graphcorr.sources import compression
from graphcorr.sources.inputs import Input, discover
from graphcorr.sources.walked_library import LOCKED
from tests.sources.reads import flat, read_input

LINES = b"\n".join(flat(1, CommandLine=f"run {number}") for number in range(50)) + b"\n"
OTHER = flat(11) + b"\n"


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(members: dict[str, bytes], format_: int = tarfile.GNU_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format_) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def found(path: Path, content: bytes) -> list[Input]:
    path.write_bytes(content)
    return list(discover([str(path)]))


MEMBERS = {"a.json": LINES, "deep/b.json": OTHER}
PACK: dict[str, Callable[[], bytes]] = {
    "zip": lambda: zipped(MEMBERS),
    "stored zip": lambda: zipped(MEMBERS, zipfile.ZIP_STORED),
    "tar": lambda: tarred(MEMBERS),
    "pax tar": lambda: tarred(MEMBERS, tarfile.PAX_FORMAT),
    "tar.gz": lambda: gzip.compress(tarred(MEMBERS)),
    "tar.zst": lambda: zstandard.compress(tarred(MEMBERS)),
}


@pytest.mark.parametrize("kind", PACK)
def test_members_are_inputs_whatever_the_archive_is_called(tmp_path: Path, kind: str) -> None:
    inputs = found(tmp_path / "evidence.bin", PACK[kind]())
    assert [(source.member, source.size) for source in inputs] == [("a.json", len(LINES)), ("deep/b.json", len(OTHER))]
    # Backwards: a member that discovery has passed is found again.
    assert [len(read_input(source).records) for source in reversed(inputs)] == [1, 50]
    assert {source.file for source in inputs} == {(tmp_path / "evidence.bin").as_posix()}


@pytest.mark.parametrize("kind", PACK)
def test_members_are_read_in_passing_also_from_standard_input(kind: str) -> None:
    read = [(source.member, len(read_input(source).records)) for source in discover(["-"], io.BytesIO(PACK[kind]()))]
    assert read == [("a.json", 50), ("deep/b.json", 1)]


@pytest.mark.parametrize("kind", PACK)
def test_members_can_be_sent_to_another_process(tmp_path: Path, kind: str) -> None:
    sent: list[Input] = pickle.loads(pickle.dumps(found(tmp_path / "x", PACK[kind]())))  # noqa: S301
    assert [len(read_input(source).records) for source in sent] == [50, 1]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, lambda data: gzip.compress(data[:99]) + gzip.compress(data[99:])])
def test_a_compressed_file_is_one_input_without_a_member(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (source,) = found(tmp_path / "log", pack(LINES))
    result = read_input(source)
    assert (source.member, result.status, len(result.records)) == (None, "read", 50)
    assert result.digest == read_input(found(tmp_path / "plain", LINES)[0]).digest


@pytest.mark.parametrize("level", [1, 19])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_compressed_event_log_is_read_as_the_plain_one(
    tmp_path: Path, shared: Path, pack: Callable[[bytes, int], bytes], level: int
) -> None:
    """Its chunks are of one size, whatever the pieces of the compressed content unpack to."""
    plain = shared / "datasets/sbousseaden+EVTX-ATTACK-SAMPLES/Lateral Movement/LM_5145_Remote_FileCopy.evtx"
    result = read_input(found(tmp_path / "x", pack(plain.read_bytes(), min(level, 9 if pack is gzip.compress else level)))[0])
    assert (result.status, result.count, result.skips) == ("read", 869, [])
    assert result.numbers == list(range(1, 870))


@pytest.mark.parametrize("cut", [None, 40_000])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, lambda data: zipped({"x": data}, zipfile.ZIP_DEFLATED)])
def test_a_source_never_gives_more_than_is_asked_for(tmp_path: Path, pack: Callable[[bytes], bytes], cut: int | None) -> None:
    content = bytes(300_000) + b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(3_000)) + bytes(300_000)
    path = tmp_path / "x"
    path.write_bytes(pack(content)[:cut])
    read = []
    with contextlib.closing(next(iter(discover([str(path)]))).open()) as source, contextlib.suppress(InputError):
        while data := source.read(777):
            read.append(data)
    assert max(map(len, read)) <= 777
    assert content.startswith(b"".join(read))
    assert cut is not None or b"".join(read) == content


def test_a_compressed_member_is_read_and_an_archive_in_an_archive_is_not(tmp_path: Path) -> None:
    inner = zipped({"x": OTHER})
    inputs = found(tmp_path / "x", zipped({"1.gz": gzip.compress(LINES), "2.zip": inner, "3.tgz": gzip.compress(tarred({"x": OTHER}))}))
    results = {source.member: read_input(source) for source in inputs}
    refused = ("not_understood", "an archive inside an archive is not opened; unpack it first")
    assert len(results["1.gz"].records) == 50
    assert [(results[name].status, results[name].reason) for name in ("2.zip", "3.tgz")] == [refused, refused]


def test_an_encrypted_member_is_explained(tmp_path: Path) -> None:
    content = bytearray(zipped({"secret.json": OTHER, "open.json": OTHER}))
    content[6] |= 1  # the flag in the local header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    results = {source.member: read_input(source) for source in found(tmp_path / "x", bytes(content))}
    assert (results["secret.json"].status, results["secret.json"].reason) == (
        "not_understood",
        LOCKED,
    )
    assert results["open.json"].numbers == [1]


def test_hostile_member_names_are_shown_and_lead_nowhere(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "/etc/passwd", "C:\\x\\y.json"]
    inputs = found(tmp_path / "x", tarred(dict.fromkeys(names, OTHER)))
    assert [(source.member, len(read_input(source).records)) for source in inputs] == [(name, 1) for name in names]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x"]


def test_a_zip_without_its_end_is_walked_through(tmp_path: Path) -> None:
    whole = zipped(MEMBERS)
    inputs = found(tmp_path / "x", whole[: whole.index(b"PK\x01\x02") + 10])
    assert [(source.member, source.is_archive) for source in inputs] == [("a.json", False), ("deep/b.json", False), (None, True)]
    results = [read_input(source) for source in inputs]
    assert [(result.status, len(result.records)) for result in results] == [("read", 50), ("read", 1), ("partly", 0)]
    assert results[2].reason == (
        "the archive's directory is missing or damaged (File is not a zip file); its members were found by walking through it"
    )


def test_a_zip_cut_off_inside_a_member_gives_what_it_holds(tmp_path: Path) -> None:
    content = zipped({"a.json": OTHER, "b.json": LINES}, zipfile.ZIP_STORED)
    inputs = found(tmp_path / "x", content[: content.index(b"run 20")])
    results = [(source.member, read_input(source)) for source in inputs]
    assert [(member, len(result.records)) for member, result in results] == [("a.json", 1), ("b.json", 20), (None, 0)]
    assert results[1][1].status == "partly"
    assert results[1][1].reason == "the archive is cut off; 1 of 21 records skipped"


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_cut_off_compressed_file_gives_what_it_holds(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    lines = b"".join(flat(1, CommandLine=hashlib.sha256(b"%d" % number).hexdigest()) + b"\n" for number in range(20_000))
    packed = pack(lines)
    (source,) = found(tmp_path / "x", packed[: len(packed) * 2 // 3])
    result = read_input(source)
    assert result.status == "partly"
    assert result.reason is not None
    assert result.reason.startswith("the compressed content is cut off; what it still holds was read")
    assert 10_000 < len(result.records) < 20_000
    assert len(result.skips) <= 1


def test_a_cut_off_tar_says_so(tmp_path: Path) -> None:
    content = tarred({"a.json": OTHER, "b.json": LINES, "c.json": OTHER})
    results = [(source.member, read_input(source)) for source in found(tmp_path / "x", content[: content.index(b"run 20")])]
    assert [(member, result.status, len(result.records)) for member, result in results] == [
        ("a.json", "read", 1),
        ("b.json", "partly", 20),
        (None, "partly", 0),
    ]


def test_garbage_between_the_members_of_a_tar_is_not_its_end(tmp_path: Path) -> None:
    content = bytearray(tarred({"a.json": OTHER, "b.json": OTHER}))
    content[1024 : 1024 + 512] = b"\xff" * 512
    inputs = found(tmp_path / "x", bytes(content))
    assert [(source.member, source.is_archive) for source in inputs] == [("a.json", False), (None, True)]


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, zstandard.compress, lambda data: zipped({"x": data}), lambda data: gzip.compress(tarred({"x": data}))],
)
def test_a_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    monkeypatch.setattr(compression, "RATIO_GRACE", 1 << 20)
    packed = pack(OTHER + b" " * (8 << 20))
    path = tmp_path / "x"
    path.write_bytes(packed)
    source, *_ = discover([str(path)])
    result = read_input(source)
    assert (result.status, result.reason) == (
        "partly",
        "unpacks to more than 400 times its size (a decompression bomb?) and is not read further",
    )
    assert result.numbers == [1]


def test_a_dull_log_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "RATIO_GRACE", 1 << 16)
    (source,) = found(tmp_path / "x", gzip.compress(LINES * 60))
    assert read_input(source).status == "read"


def test_bytes_after_the_content_are_told(tmp_path: Path) -> None:
    (source,) = found(tmp_path / "x", gzip.compress(OTHER) + b"trailing")
    result = read_input(source)
    assert (result.numbers, result.status) == ([1], "partly")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_could_fill_the_memory_in_one_read_is_refused(tmp_path: Path, method: int) -> None:
    (source,) = found(tmp_path / "x.zip", zipped({"a.json": bytes(1 << 20)}, method))
    result = read_input(source)
    assert (result.status, result.reason) == ("not_understood", f"compressed by method {method}, which is not read; unpack it first")


def test_an_archive_without_files_is_no_log(tmp_path: Path) -> None:
    (source,) = found(tmp_path / "x.zip", zipped({}))
    assert (read_input(source).status, read_input(source).reason) == ("not_understood", "the archive holds no files")


def test_a_member_that_states_more_than_any_disk_holds_ends(tmp_path: Path) -> None:
    info = tarfile.TarInfo("huge.json")
    info.size = 2**80
    content = info.tobuf(tarfile.GNU_FORMAT) + LINES
    results = [read_input(source) for source in found(tmp_path / "x.tar", content)]
    assert [result.status for result in results if result.status == "read"] == []
    assert any("the archive is cut off or damaged" in (result.reason or "") for result in results)
