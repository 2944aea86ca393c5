"""What only a process of its own shows: start-up, broken pipes, terminals."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

HEAVY = ("duckdb", "pyarrow", "ladybug", "networkx", "numpy", "lxml", "polars", "evtx", "graphcorr.service.hunting")
MAIN = "from graphcorr.cli.main import main; main()"
STAND_IN = """
import sys, types, msgspec
from pathlib import Path
import graphcorr.service
from graphcorr.model.report import Report
report = msgspec.json.decode(Path({report!r}).read_bytes(), type=Report)
report.findings = report.findings * 2000
def stand_in(name, **functions):
    module = types.ModuleType("graphcorr.service." + name)
    vars(module).update(functions)
    sys.modules[module.__name__] = module
    setattr(graphcorr.service, name, module)
def hunt(options, settings, progress):
    progress.phase("Reading [bold]x[/]\\u202e", 2_000_000)
    progress.advance(1_000_000)
    progress._live.refresh() if hasattr(progress, "_live") else None
    report.findings = report.findings[:5]
    return report
stand_in("hunting", hunt=hunt, HuntOptions=lambda **values: values)
stand_in(
    "cases", find_case=lambda case, settings: Path("c"), load_report=lambda case: report, can_remember=lambda settings: True,
    why_kept=lambda *_: None, is_last=lambda *_: True,
)
"""
REPORT = Path(__file__).parents[1] / "outputs" / "golden" / "report.json"
SCRIPT = STAND_IN.format(report=str(REPORT)) + MAIN
ROOT = Path(__file__).parents[2]


def environment(**changes: str) -> dict[str, str]:
    # Unbuffered, Python takes a short write to a closed pipe for a whole one and raises nothing.
    kept = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "COLUMNS", "BLESS", "PYTHONUNBUFFERED"}}
    return kept | {"PYTHONPATH": str(ROOT), "TERM": "xterm"} | changes


def run_on_a_terminal(*arguments: str, **changes: str) -> str:
    """Everything that the terminal receives, with its line ends."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments], stdin=slave, stdout=slave, stderr=slave, env=environment(COLUMNS="80", **changes)
    )
    os.close(slave)
    received = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        received += part
    os.close(master)
    process.wait()
    return received.decode()


def test_help_imports_nothing_heavy() -> None:
    script = f"import atexit, sys; atexit.register(lambda: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)); {MAIN}"
    for arguments in (["--help"], ["hunt", "--help"]):
        result = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, env=environment(), check=False)
        assert (result.returncode, result.stderr) == (0, "[]\n")


def test_a_reader_who_goes_away_is_no_error() -> None:
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, "show"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert (process.stderr.read(), process.wait()) == (b"", 141)
    process.stderr.close()


def test_a_full_disk_is_an_error_and_no_silence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, "show"], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False, timeout=60
        )
    assert (done.returncode, done.stderr) == (2, b"graphcorr: stdout cannot be written: No space left on device\n")


def test_a_pipe_gets_no_progress_and_no_color() -> None:
    result = subprocess.run([sys.executable, "-c", SCRIPT, "hunt", "x"], capture_output=True, env=environment(), check=False)
    assert (result.returncode, result.stderr, b"\x1b" in result.stdout) == (1, b"", False)


def test_a_terminal_gets_progress_with_rate_and_time_left_and_color() -> None:
    received = run_on_a_terminal("hunt", "x")
    progress, _, report = received.partition("\x1b[1;31m2 files were written")

    assert "Reading [bold]x[/]<U+202E>" in progress
    assert "1.0/2.0 MB" in progress
    assert "left" in progress
    assert report != ""


def test_no_color_is_honored() -> None:
    received = run_on_a_terminal("show", NO_COLOR="1")
    assert received.startswith("4,000 files were written")
    assert "\x1b" not in received


def test_text_that_the_terminal_cannot_encode_is_escaped() -> None:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, "hunt", "x"], capture_output=True, env=environment(PYTHONIOENCODING="ascii"), check=False
    )
    assert (result.returncode, result.stderr) == (1, b"")
    assert b"ws01.corp.example \\u2192 file01.corp.example" in result.stdout
