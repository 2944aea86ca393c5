"""The process that reads somebody's pattern: ``python -m graphcorr.service.pattern_check SECONDS``, told by its input what to check."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from graphcorr.machine import bound_process
from graphcorr.patterns.check import check_binding
from graphcorr.patterns.lint import lint
from graphcorr.patterns.load import read_pattern
from graphcorr.service.own_patterns import CheckedPattern, PatternProblem, PatternText
from graphcorr.store.open import open_store

_NAMED: Final = re.compile(r"^id:[ \t]*([a-z0-9]+(?:-[a-z0-9]+)*)[ \t]*(?:#.*)?$", re.MULTILINE)
_MEMORY: Final = 2 << 30
"""Bytes of addresses while the text is read; an engine reserves far more than it uses."""


def main() -> None:
    """Check one pattern and write what is wrong with it; reading it may take so many seconds of processor time."""
    lift = bound_process(_MEMORY, int(sys.argv[1]))
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=PatternText)
    named = _NAMED.search(asked.text)
    with TemporaryDirectory(prefix="graphcorr-") as folder:
        path = Path(folder) / asked.tactic / f"{named[1] if named else 'pattern'}.cypher"
        path.parent.mkdir()
        path.write_text(asked.text, encoding="utf-8")
        read = read_pattern(path)
        errors = read if isinstance(read, list) else lint(read)
        lift()
        if not isinstance(read, list) and not errors:
            errors = check_binding(read, lambda: open_store("ladybug://"))
    problems = [PatternProblem(each.line, each.column, each.reason) for each in errors]
    sys.stdout.buffer.write(msgspec.json.encode(CheckedPattern(named[1] if named else None, problems)))


if __name__ == "__main__":
    main()
