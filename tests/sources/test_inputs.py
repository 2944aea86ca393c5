"""What arguments name: files once, folders without circles, what may not be opened."""

from __future__ import annotations

import io
import os
import pickle
import socket
from pathlib import Path

import pytest

from graphcorr.errors import InputError, UsageError
from graphcorr.sources.inputs import Input, discover
from tests.sources.reads import flat, read_input


def files(*arguments: str) -> list[str]:
    return [source.file for source in discover(list(arguments))]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs" / "deep").mkdir(parents=True)
    for name in ("logs/b.json", "logs/.hidden", "logs/deep/a.json", "other.json"):
        (tmp_path / name).write_bytes(flat())
    return tmp_path


def test_a_folder_gives_every_file_below_it_sorted_and_named_by_the_argument(folder: Path) -> None:
    assert files("logs") == ["logs/.hidden", "logs/b.json", "logs/deep/a.json"]
    assert files("logs/") == ["logs/.hidden", "logs/b.json", "logs/deep/a.json"]


def test_a_file_named_twice_is_read_once_under_its_shortest_name_whatever_the_order(folder: Path) -> None:
    expected = ["logs/.hidden", "logs/b.json", "logs/deep/a.json"]
    assert files("logs/b.json", "logs") == files("logs", "logs/b.json") == expected
    assert files("logs/./b.json", "logs") == files("logs", "logs/./b.json") == expected


def test_a_case_among_the_logs_is_not_read_as_logs(tmp_path: Path) -> None:
    (tmp_path / "logs/case/events").mkdir(parents=True)
    for name in ("a.json", "case/case.toml", "case/state.sqlite", "case/report.json", "case/events/x.parquet"):
        (tmp_path / "logs" / name).write_bytes(b"{}")
    found = [(Path(source.file).name, source.problem) for source in discover([str(tmp_path / "logs")])]
    assert found == [("a.json", None), ("case", "a case of graphcorr, not logs")]


def test_globs_find_hidden_files_and_folders(folder: Path) -> None:
    assert files("logs/*") == ["logs/.hidden", "logs/b.json", "logs/deep/a.json"]
    assert files("**/*.json") == ["logs/b.json", "logs/deep/a.json", "other.json"]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("nowhere", "nowhere: no such file or folder"),
        ("no*where", "nothing matches no*where"),
        ("logs/b.json/x", "logs/b.json/x: no such file or folder"),
        ("x" * 300, f"{'x' * 300}: no such file or folder"),
        ("", "an empty path names nothing to read"),
    ],
)
def test_a_missing_path_is_told_before_anything_is_opened(folder: Path, argument: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        next(discover(["logs", argument]))
    assert str(caught.value) == message


def test_links_are_followed_once_and_never_in_a_circle(folder: Path) -> None:
    (folder / "logs" / "deep" / "loop").symlink_to(folder / "logs", target_is_directory=True)
    (folder / "logs" / "alias.json").symlink_to(folder / "logs" / "b.json")
    assert files("logs") == ["logs/.hidden", "logs/b.json", "logs/deep/a.json"]


def test_what_is_no_file_is_named_and_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "logs" / "pipe")
    (folder / "logs" / "gone").symlink_to(folder / "nowhere")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("logs/socket")
        problems = {source.file: source.problem for source in discover(["logs"]) if source.problem}
    assert problems == {
        "logs/gone": "cannot be opened: No such file or directory",
        "logs/pipe": "not a regular file (a device, pipe or socket) and not opened",
        "logs/socket": "not a regular file (a device, pipe or socket) and not opened",
    }


def test_a_file_that_may_not_be_read_is_explained(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opening = Path.open

    def refuse(path: Path, *arguments: object, **named: object) -> object:
        if path.name == "b.json":
            raise PermissionError(13, "Permission denied")
        return opening(path, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    (source,) = discover(["logs/b.json"])
    result = read_input(source)
    assert (result.status, result.reason) == ("not_understood", "cannot be opened: Permission denied")


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert files(str(tmp_path)) == []


def test_standard_input_is_read_once() -> None:
    (source,) = discover(["-"], io.BytesIO(flat(1) + b"\n" + flat(11)))
    assert (source.file, source.member, source.sequential) == ("-", None, True)
    assert read_input(source).numbers == [1, 2]
    with pytest.raises(InputError, match="only once"):
        source.open()


def test_a_named_pipe_given_by_name_is_read(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, flat(1))
    os.close(writer)
    (source,) = discover([f"/dev/fd/{reader}"])
    assert read_input(source).numbers == [1]
    os.close(reader)


def test_a_file_that_grows_is_read_up_to_the_size_it_had(tmp_path: Path) -> None:
    path = tmp_path / "live.json"
    path.write_bytes(flat(1) + b"\n")
    (source,) = discover([str(path)])
    with path.open("ab") as file:
        file.write(flat(11) + b"\n")
    result = read_input(source)
    assert result.numbers == [1]
    assert result.status == "partly"
    assert result.reason == f"the file grew while it was read; its first {len(flat(1)) + 1} bytes were read"


def test_an_input_can_be_sent_to_another_process(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(flat(1))
    (source,) = discover([str(path)])
    sent: Input = pickle.loads(pickle.dumps(source))  # noqa: S301
    assert read_input(sent).numbers == [1]
