"""``graphcorr browser``: what it writes and what it says."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from graphcorr.browser.material import make_material
from graphcorr.cli.main import build_app


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(build_app(), ["browser", *words])
    return result.exit_code, result.stdout, result.stderr


def test_it_writes_every_file_and_leaves_others(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    status, out, err = run("--output", str(tmp_path))
    assert status == 0
    files = make_material()
    assert out.splitlines() == [(tmp_path / name).as_posix() for name in files]
    assert err.startswith("Drag style.grass and saved-queries.zip onto Neo4j Browser's window")
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == {
        **files,
        "mine.txt": b"mine",
    }


def test_a_folder_that_cannot_be_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, out, err = run("--output", str(tmp_path / "file"))
    assert (status, out) == (2, "")
    assert err == f"graphcorr: --output {tmp_path / 'file'}: is no folder\n"
