"""What the machine offers, on systems that say it and on those that do not."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from graphcorr import machine


@pytest.mark.parametrize(("allowed", "cores"), [({0, 1, 5}, 3), (None, 7)])
def test_cores(monkeypatch: pytest.MonkeyPatch, allowed: set[int] | None, cores: int) -> None:
    """Those that this process may use, where the system limits processes; else all."""
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    if allowed is None:
        monkeypatch.delattr("os.sched_getaffinity")
    else:
        monkeypatch.setattr("os.sched_getaffinity", lambda _: allowed)
    assert machine.count_cores() == cores


@pytest.mark.parametrize(("system", "folder"), [("nt", r"C:\logs"), ("posix", "/logs")])
def test_a_folder_in_an_example_is_one_of_this_system(monkeypatch: pytest.MonkeyPatch, system: str, folder: str) -> None:
    monkeypatch.setattr("graphcorr.machine.os.name", system)
    assert machine.example_folder() == folder


@pytest.mark.parametrize(("system", "word"), [("posix", "'my case'"), ("nt", '"my case"')])
def test_a_path_in_a_command_is_one_word_of_this_systems_shell(monkeypatch: pytest.MonkeyPatch, system: str, word: str) -> None:
    spaced, plain = Path("my case"), Path("case")
    monkeypatch.setattr("graphcorr.machine.os.name", system)
    assert (machine.shell_word(spaced), machine.shell_word(plain)) == (word, "case")


def test_memory_is_the_machines() -> None:
    [line] = [line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal:")]
    assert machine.count_memory() == int(line.split()[1]) * 1024


def test_ctrl_c_is_kept_from_children_where_that_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
    with machine.ctrl_c_kept_from_children():
        inside = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=True)
    after = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=True)
    assert (inside.stdout, after.stdout) == ("True\n", "False\n")

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(signal, "pthread_sigmask")
    with machine.ctrl_c_kept_from_children():
        pass


def test_a_file_and_a_folder_are_flushed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    machine.flush(tmp_path / "file")
    machine.flush(tmp_path)
    with pytest.raises(FileNotFoundError):
        machine.flush(tmp_path / "gone")


def test_who_stands_back_has_less_of_the_time_and_so_have_its_children() -> None:
    said = (
        "import os, subprocess, sys; from graphcorr.machine import stand_back; before = os.nice(0); stand_back(); "
        "child = subprocess.run([sys.executable, '-c', 'import os; print(os.nice(0))'], capture_output=True, text=True).stdout; "
        "print(os.nice(0) - before, int(child) - before); print(open('/proc/self/autogroup').read())"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, start_new_session=True)
    first, *group = done.stdout.splitlines()
    assert first == "5 5"
    assert not group[0].startswith("/autogroup") or group[0].endswith("nice 5")
