"""Where output goes: data to stdout or a file, talk to stderr, color and width as the terminal has them."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from contextlib import contextmanager, suppress
from mimetypes import MimeTypes
from typing import TYPE_CHECKING, Final, TextIO

from graphcorr.errors import UsageError
from graphcorr.outputs.escapes import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from graphcorr.outputs.layout import Page

DEFAULT_WIDTH: Final = 100
WIDEST: Final = 140
"""Longer lines are hard to read, however wide the terminal is."""


def page_width() -> int:
    """``COLUMNS``, else the terminal's width, else 100."""
    return min(shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns, WIDEST)


def wants_color(stream: TextIO) -> bool:
    """A terminal that can, and nobody who asked for none (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def talk(text: str) -> None:
    """Say something that is not data. Lines stay lines: some messages point with a caret; all else is escaped."""
    with suppress(OSError):  # nobody can be told that nobody can be told
        for line in text.splitlines():
            print(escape(line), file=sys.stderr)


def tell_of_pipes(paths: Sequence[str]) -> None:
    """Say of each named pipe that it is waited for: without a writer nothing else would be seen. ``<(…)`` of a shell has one."""
    for path in paths:
        with suppress(OSError, ValueError):
            if stat.S_ISFIFO(os.stat(path).st_mode) and not path.startswith(_DESCRIPTORS):  # noqa: PTH116 - a name may be too long
                talk(f"{path} is a named pipe: waiting until it is written to and closed.")


_DESCRIPTORS: Final = ("/dev/fd/", "/proc/self/fd/", "/dev/stdin")


@contextmanager
def printing() -> Iterator[None]:
    """Written to stdout and on its way when this ends; ``UsageError`` when it takes no more, as on a full disk."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise  # a reader that went away is no error
    except OSError as error:
        drop_stdout()
        raise UsageError(f"stdout cannot be written: {error.strerror or error}") from error


def drop_stdout() -> None:
    """Let what is still held for stdout go nowhere: Python would complain once more when it closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def put_page(page: Page, output: Path | None = None) -> None:
    """Print a page, or write it to a file without colors."""
    if output is None:
        with printing():
            sys.stdout.write(page.colored() if wants_color(sys.stdout) else page.plain())
    else:
        _write(output, page.plain().encode("utf-8", "backslashreplace"))


def put_text(text: str) -> None:
    """Print text that has lines and tabs of its own; all else that acts on a terminal is escaped."""
    with printing():
        for line in text.splitlines():
            print(escape(line.expandtabs(4)))


def put_json(document: bytes, output: Path | None = None) -> None:
    """Print encoded JSON as it is, or write it to a file."""
    if output is None:
        with printing():
            sys.stdout.flush()
            sys.stdout.buffer.write(document)
    else:
        _write(output, document)


_TYPES: Final = MimeTypes(filenames=())
_WRITTEN: Final = frozenset({"text/plain", "text/markdown", "application/json", None})
"""Types of files that a page or a document can stand in; a name without a known type is text."""
_OTHERS: Final = frozenset({".csv", ".docx", ".htm", ".html", ".jsonl", ".ndjson", ".parquet", ".pdf", ".xlsx", ".xml", ".yaml", ".yml"})
"""Endings of what we do not write, whether Python knows them or not."""


def check_output(output: Path | None, case: Path | None, inputs: Sequence[str] = ()) -> None:
    """Refuse before hours of work what could not be written after them, and what would replace a log or a case: it is evidence.

    ``case`` is the folder that is worked on; None where it has no name yet.
    """
    if output is None:
        return
    type_, packed = _TYPES.guess_type(output.name)
    if packed or type_ not in _WRITTEN or output.suffix.lower() in _OTHERS:
        raise UsageError(f"--output {output}: {output.suffix} is not written; FILE.json gets JSON, FILE.txt the text")
    if output.is_dir() or not output.absolute().parent.is_dir():
        raise UsageError(f"--output {output}: {'is a folder' if output.is_dir() else 'its folder does not exist'}")
    from graphcorr.service.cases import why_kept

    if reason := why_kept(output, case, inputs):
        raise UsageError(f"--output {output}: {reason}; name another")


def _write(output: Path, data: bytes) -> None:
    """Whole or not at all: a reader of the old file never sees half of the new one."""
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        if output.exists() and not output.is_file():  # /dev/stdout, a named pipe: nothing to replace
            output.write_bytes(data)
            return
        beside.write_bytes(data)
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"--output {output}: {error.strerror or error}") from error
