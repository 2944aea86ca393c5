"""A case that cannot be opened, or not read whole, says so: it never gives a report without some of its events."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graphcorr.case.writer import is_used, open_writer
from graphcorr.errors import CaseError
from tests.case.logs import ingest, places, record_numbers, segments, write_log
from tests.conftest import REPOSITORY

AGAIN = "remove the case folder and read the logs again"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with one segment of three events."""
    ingest(tmp_path / "case", write_log(tmp_path / "a.json", 1, 3))
    return tmp_path / "case"


def refusal(folder: Path, *, create: bool = False) -> str:
    with pytest.raises(CaseError) as caught, open_writer(folder, create=create):
        pass
    return str(caught.value)


def segment(case: Path) -> Path:
    return case / "events" / "task-00000001-0.parquet"


def test_a_case_has_what_its_page_says(case: Path) -> None:
    assert {path.name for path in case.iterdir()} == {"case.toml", "case.lock", "events", "state.sqlite"}
    assert segments(case) == [segment(case).name]


def test_a_folder_that_is_no_case_is_not_made_one(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    assert refusal(tmp_path) == f"{tmp_path} is not a case: it has no case.toml"
    assert refusal(tmp_path, create=True) == f"{tmp_path} is neither empty nor a case (it holds notes.txt); name another folder"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_what_a_kill_left_of_a_new_case_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "case.toml.new").write_text("lay")
    with open_writer(tmp_path, create=True):
        pass
    assert places(tmp_path) == []


def test_a_case_of_another_layout_is_refused(case: Path) -> None:
    for layout, way in ((1, ""), (7, "use the graphcorr that wrote it, or ")):
        (case / "case.toml").write_text(f"layout = {layout}\n")
        told = f"{case} was written with case layout {layout}, this version reads 2 to 3; {way}read the logs into a new case"
        assert refusal(case) == told


def test_a_case_file_that_is_no_toml_is_told(case: Path) -> None:
    (case / "case.toml").write_bytes(b"\xff")
    assert refusal(case).startswith(f"{case / 'case.toml'} cannot be read: ")


@pytest.mark.parametrize("name", ["plain", 'say "hi"', "back\\slash", "two\nlines", "🕸", "\x1b[2J"])
def test_a_case_of_any_name_opens_again(tmp_path: Path, name: str) -> None:
    ingest(tmp_path / name, write_log(tmp_path / "a.json", 1, 3))
    assert record_numbers(tmp_path / name) == [1, 2, 3]


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    r"""Neither engine opens such a file; better said before hours of reading than after."""
    folder = tmp_path / os.fsdecode(b"\xff")
    assert refusal(folder, create=True) == rf"{tmp_path}/\xff is no name for a case, because it is not UTF-8; name another folder"
    assert not folder.exists()


def test_a_second_process_is_refused(case: Path) -> None:
    with open_writer(case):
        assert is_used(case)
        assert refusal(case) == f"{case} is in use by another graphcorr process"
    assert not is_used(case)


def break_state(case: Path) -> str:
    (case / "state.sqlite").write_bytes(b"no database" * 1000)
    return f"{case / 'state.sqlite'} is no readable case state (file is not a database); {AGAIN}"


def empty_state(case: Path) -> str:
    (case / "state.sqlite").write_bytes(b"")
    return f"{case / 'state.sqlite'} is lost, and the events beside it are worth nothing without it; {AGAIN}"


def lose_state(case: Path) -> str:
    message = empty_state(case)
    (case / "state.sqlite").unlink()
    return message


def lose_segment(case: Path) -> str:
    segment(case).unlink()
    return f"{segment(case)} is missing; {AGAIN}"


def cut_segment(case: Path) -> str:
    size = segment(case).stat().st_size
    os.truncate(segment(case), 1000)
    return f"{segment(case)} has 1000 bytes where {size} were written; {AGAIN}"


@pytest.mark.parametrize("damage", [break_state, empty_state, lose_state, lose_segment, cut_segment])
def test_damage_is_told_and_nothing_is_made_worse(case: Path, damage: Callable[[Path], str]) -> None:
    message = damage(case)
    left = segments(case)
    assert [refusal(case), refusal(case, create=True)] == [message, message]
    assert segments(case) == left


def test_a_state_that_is_torn_inside_is_told(case: Path) -> None:
    """The header is whole, so that SQLite opens it and only then meets the damage."""
    with (case / "state.sqlite").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)
    assert refusal(case) == f"{case / 'state.sqlite'} is no readable case state (database disk image is malformed); {AGAIN}"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert refusal(tmp_path / "file" / "case", create=True) == f"{tmp_path}/file/case cannot be used: Not a directory"
    # The one folder that refuses the administrator, too.
    assert refusal(Path("/proc/case"), create=True) == "/proc/case cannot be used: No such file or directory"


def test_leftovers_are_swept(case: Path) -> None:
    (case / "events" / "task-00000009-0.parquet").write_bytes(b"never committed")
    (case / "scratch" / "read").mkdir(parents=True)
    (case / "scratch" / "read" / "task-00000009-0.parquet").write_bytes(b"half")

    assert record_numbers(case) == [1, 2, 3]
    assert segments(case) == [segment(case).name]
    assert not (case / "scratch").exists()


@pytest.mark.parametrize("limit", [600, 9_000, 90_000])
def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path, limit: int) -> None:
    """No file of the process may grow beyond so many bytes: case.toml, the state and a segment are each refused once."""
    log = write_log(tmp_path / "a.json", 1, 12_000)
    script = (
        f"import sys; sys.argv[1:] = ['ingest', {str(log)!r}, '--case', {str(tmp_path / 'case')!r}]\n"
        "from graphcorr.cli.main import main\nimport graphcorr.service.hunting\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "GRAPHCORR_STATE": str(tmp_path / "state")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        timeout=60,
        check=False,
    )
    [message] = done.stderr.decode().splitlines()
    print(message)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message.startswith(f"graphcorr: {tmp_path / 'case'}")

    ingest(tmp_path / "case", log)
    assert len(places(tmp_path / "case")) == 12_000
