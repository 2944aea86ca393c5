"""What a command line does with files: renames, moves and copies, in order, and which of them happen as it begins."""

from __future__ import annotations

import pytest

from graphcorr.syntax.commands import Move, cut

CMD = r"C:\Windows\System32\cmd.exe"
POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"


def moves(command: str, image: str = CMD) -> tuple[Move, ...]:
    return cut(command, image, "W:\\").moves


def test_steps_stand_in_their_order_and_copies_are_told() -> None:
    assert moves(r"cmd /c ren C:\a b & copy C:\b D:\c\ & move C:\b d") == (
        Move(r"C:\a", r"C:\b", copies=False, prompt=True),
        Move(r"C:\b", r"D:\c\b", copies=True, prompt=True),
        Move(r"C:\b", r"W:\d", copies=False, prompt=True),
        Move(r"C:\b", r"W:\d\b", copies=False, prompt=True),
    )


@pytest.mark.parametrize(
    ("command", "image", "prompt"),
    [
        ("cmd /c cd x & echo y & ren a b", CMD, [True]),
        ("cmd /c ping -n 9 127.0.0.1 & ren a b", CMD, [False]),
        ("cmd /c ren a b & x.exe & ren b c", CMD, [True, False]),
        ("cmd /c if exist z ren a b", CMD, [False]),
        ("cmd /c for %i in (1) do ren a b", CMD, [False]),
        ('cmd /c start "" cmd /c ren a b', CMD, [False]),
        ('schtasks /create /tn t /tr "cmd /c ren a b"', r"C:\Windows\System32\schtasks.exe", [False]),
        ("powershell -c mv a b.exe", POWERSHELL, [True, True]),
        ('powershell -c "rni a b; rni b c"', POWERSHELL, [True, True]),
        ('powershell -c "Start-Sleep 9; rni a b"', POWERSHELL, [False]),
        ("cmd /c powershell -c rni a b & ren b c", CMD, [True, False]),
    ],
)
def test_prompt_is_what_nothing_stands_before(command: str, image: str, prompt: list[bool]) -> None:
    assert [move.prompt for move in moves(command, image)] == prompt
