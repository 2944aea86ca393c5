"""Archives that the system's library reads: 7-Zip's, and zips with a password; what cannot be had says why, and what to do."""

from __future__ import annotations

import importlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

from graphcorr.errors import InputError
from graphcorr.sources import compression
from graphcorr.sources.files import LimitedFile
from graphcorr.sources.inputs import Input, discover
from graphcorr.sources.walked_library import LOCKED, walk_library
from tests.sources.reads import flat, read_input

# In continuous integration what is missing is a failure.
libarchive = importlib.import_module("libarchive") if os.environ.get("CI") else pytest.importorskip("libarchive")

LINES = b"\n".join(flat(1, CommandLine=f"run {number}") for number in range(500)) + b"\n"
MEMBERS = {
    "uploads/auto/C%3A/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%254Operational.jsonl": LINES,
    "results/Generic.Client.Info.json": flat(1) + b"\n",
    "deep/b.jsonl": flat(11) + b"\n",
}

WRONG = "other"


def packed(path: Path, format_: str, options: str = "", password: str | None = None, members: dict[str, bytes] = MEMBERS) -> Path:
    with libarchive.file_writer(str(path), format_, options=options, passphrase=password) as archive:
        for name, content in members.items():
            archive.add_file_from_memory(name, len(content), content)
    return path


def found(path: Path, password: str | None = None) -> list[Input]:
    return list(discover([str(path)], password=password))


def read_all(path: Path, password: str | None = None) -> dict[str, int]:
    """Member to records; each is read while discovery stands at it, as a case does."""
    return {str(one.member): len(read_input(one).records) for one in discover([str(path)], password=password)}


KINDS = {
    "7z": ("7zip", "", None),
    "stored 7z": ("7zip", "compression=store", None),
    "zip of old": ("zip", "encryption=zipcrypt", "infected"),
    "AES zip": ("zip", "encryption=aes256", "infected"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_member_is_read_without_unpacking(tmp_path: Path, kind: str) -> None:
    path = packed(tmp_path / "a.bin", *KINDS[kind])
    assert read_all(path, "infected") == dict(zip(MEMBERS, (500, 1, 1), strict=True))


def test_a_member_can_be_read_later(tmp_path: Path) -> None:
    inputs = found(packed(tmp_path / "a.7z", "7zip"))
    assert [len(read_input(one).records) for one in reversed(inputs)] == [1, 1, 500]


def test_a_member_behind_which_the_walk_went_on_gives_nothing(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.7z", "7zip")
    walk = walk_library(path, "7zip", None, LimitedFile(path, None))
    first = next(walk).content()
    next(walk)
    with pytest.raises(InputError, match="read on before this was read"):
        first.read()
    last = next(walk).content()
    del walk
    with pytest.raises(InputError, match="read on before this was read"):
        last.read()


@pytest.mark.parametrize("encryption", ["zipcrypt", "aes256"])
def test_a_locked_zip_without_its_password(tmp_path: Path, encryption: str) -> None:
    path = packed(tmp_path / "a.zip", "zip", f"encryption={encryption}", "infected")
    inputs = found(path)
    assert {one.problem for one in inputs} == {LOCKED}
    assert {one.is_short for one in inputs} == {True}


@pytest.mark.parametrize("encryption", ["zipcrypt", "aes256"])
def test_a_locked_zip_with_another_password(tmp_path: Path, encryption: str) -> None:
    path = packed(tmp_path / "a.zip", "zip", f"encryption={encryption}", "infected")
    for one in discover([str(path)], password=WRONG):
        result = read_input(one)
        if one.member == next(iter(MEMBERS)):
            assert result.records == []
            assert result.reason is not None
            assert result.reason != "the file is empty"


def test_a_zip_that_is_not_locked_needs_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libarchive", None)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.jsonl", LINES)
    (one,) = found(tmp_path / "a.zip", "infected")
    assert (len(read_input(one).records), one.sequential) == (500, False)


def test_a_system_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "a.7z", "7zip")
    monkeypatch.setitem(sys.modules, "libarchive", None)
    (one,) = found(path)
    assert (one.member, one.is_short) == (None, True)
    assert str(one.problem).startswith("7-Zip's archives and locked zips need the library libarchive")


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_damaged_archive_is_told(tmp_path: Path, cut: int) -> None:
    path = packed(tmp_path / "a.7z", "7zip")
    path.write_bytes(path.read_bytes()[:-cut])
    inputs = found(path)
    assert inputs[-1].is_short
    assert inputs[-1].problem is not None
    assert "damaged" in inputs[-1].problem


def test_a_bomb_is_not_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "RATIO_GRACE", 1 << 20)
    path = packed(tmp_path / "a.7z", "7zip", members={"a.jsonl": (flat(1) + b"\n") * 100_000})
    (result,) = [read_input(one) for one in discover([str(path)])]
    assert result.reason is not None
    assert "decompression bomb" in result.reason


def test_an_archive_of_7_zip_in_another_one_is_refused(tmp_path: Path) -> None:
    inner = packed(tmp_path / "a.7z", "7zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.7z", inner)
    (one,) = found(tmp_path / "a.zip")
    assert read_input(one).reason == "an archive inside an archive is not opened; unpack it first"
