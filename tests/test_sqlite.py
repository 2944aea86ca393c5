"""The file of a case's state and of the library: what is told when it cannot be used, and that reading writes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graphcorr.errors import CaseError
from graphcorr.sqlite import SqliteFile
from tests.powerless import only_readable


def opened(path: Path, *, reading: bool = False) -> SqliteFile:
    return SqliteFile(path, CaseError, what="list", remedy="make it again", patience=0.1, reading=reading)


def filled(path: Path) -> Path:
    with closing(opened(path)) as file, file.transaction():
        file.create("CREATE TABLE words (word TEXT); CREATE INDEX by_word ON words (word)")
        file.change_many("INSERT INTO words VALUES (?)", [("one",), ("two",)])
    return path


def words(file: SqliteFile) -> list[str]:
    return [word for (word,) in file.rows("SELECT word FROM words ORDER BY rowid")]


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    with closing(opened(filled(tmp_path / "file"))) as file:
        with pytest.raises(CaseError), file.transaction():
            assert file.change("UPDATE words SET word = ?", "three") == file.change("no statement")
        assert words(file) == ["one", "two"]
        with file.transaction():
            file.change("DELETE FROM words WHERE word = ?", "one")
        assert words(file) == ["two"]


def test_what_is_wrong_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "none").write_bytes(b"no database" * 1000)
    for reading in (False, True):
        with pytest.raises(CaseError) as caught:
            opened(tmp_path / "none", reading=reading)
        assert str(caught.value) == f"{tmp_path}/none is no readable list (file is not a database); make it again"
    with pytest.raises(CaseError, match=rf"^{tmp_path}/no/file cannot be used: unable to open database file$"):
        opened(tmp_path / "no" / "file")
    path = filled(tmp_path / "file")
    with closing(opened(path)) as file, closing(opened(path)) as other:
        with file.transaction(), pytest.raises(CaseError, match=rf"^{path} cannot be used: database is locked$"), other.transaction():
            pass
        with pytest.raises(CaseError, match="cannot be used: no such table: others"):
            file.rows("SELECT * FROM others")


def test_reading_makes_nothing(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "folder" / "file", reading=True)) as file:
        assert file.rows("SELECT * FROM sqlite_master") == []
    (tmp_path / "empty").touch()
    with closing(opened(tmp_path / "empty", reading=True)) as file:
        assert file.rows("SELECT * FROM sqlite_master") == []
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
    assert (tmp_path / "empty").stat().st_size == 0


def test_a_reader_sees_what_was_there_before(tmp_path: Path) -> None:
    path = filled(tmp_path / "file")
    with closing(opened(path)) as file, closing(opened(path, reading=True)) as reader, file.transaction():
        file.change("DELETE FROM words")
        assert words(reader) == ["one", "two"]


@pytest.mark.parametrize("name", ["file", "a b?c#d%e", "ü"])
def test_it_is_read_where_nothing_can_be_written(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    path = filled(folder / name)
    with only_readable(folder):
        with closing(opened(path, reading=True)) as file:
            assert words(file) == ["one", "two"]
            with pytest.raises(CaseError, match="cannot be used: attempt to write a readonly database"):
                file.change("DELETE FROM words")
        with pytest.raises(CaseError, match="cannot be used: "):
            opened(path)
    assert [each.name for each in folder.iterdir()] == [name]


def test_a_journal_that_is_not_settled_is_no_old_state(tmp_path: Path) -> None:
    """What was committed and not yet written into the file is not passed over in silence."""
    folder, copy = tmp_path / "folder", tmp_path / "copy"
    for each in (folder, copy):
        each.mkdir()
    path = filled(folder / "file")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("INSERT INTO words VALUES ('three')")
        for name in ("file", "file-wal"):
            (copy / name).write_bytes((folder / name).read_bytes())
    with only_readable(copy), closing(opened(copy / "file", reading=True)) as file:
        assert words(file) == ["one", "two", "three"]
    assert sorted(each.name for each in copy.iterdir()) == ["file", "file-wal"]
    with closing(opened(copy / "file", reading=True)) as file:
        assert words(file) == ["one", "two", "three"]
