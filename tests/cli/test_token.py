"""Tokens from a shell: made, listed, taken back; two of one name are told."""

from __future__ import annotations

from collections.abc import Callable

from typer.testing import Result

Run = Callable[..., Result]


def test_two_tokens_of_one_name_are_told(run: Run) -> None:
    first = run("token", "add", "siem", "--role", "write")
    assert (first.exit_code, first.stdout.startswith("graphcorr_"), "another" in first.stderr) == (0, True, False)
    id_ = first.stdout.split("_")[1]
    second = run("token", "add", "siem")
    assert second.exit_code == 0
    assert f"another token of that name ({id_})" in second.stderr
    assert "another" not in run("token", "add", "soc").stderr
    run("token", "revoke", id_)
    run("token", "revoke", second.stdout.split("_")[1])
    assert "another" not in run("token", "add", "siem").stderr
