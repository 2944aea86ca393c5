"""Every error that graphcorr raises on purpose.

GraphcorrError
├── UsageError       the request makes no sense (bad option, no such case)
│   ├── NotDetectedError  the case was read and nothing was looked for in it yet
│   ├── NotFoundError     nothing of that name is there
│   ├── KeyUsedError      a request that is told from others by a key that another one has
│   └── GoneError         what is asked for was replaced by something newer
├── ConfigError      a setting has no usable value
├── InputError       a file cannot be read at all, or not further
├── RecordError      one record cannot be used: the only error that is counted and skipped
├── CaseError        the case folder is damaged, or of another version
│   └── CaseInUseError  another process writes it
├── CancelledError   the work was asked to stop before it was done
├── PatternError     a pattern file is wrong, with line, column and caret
└── StoreError       a graph engine refused or failed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphcorr.model.records import Origin


class GraphcorrError(Exception):
    """Something that a person has to be told in one sentence; never a bug in graphcorr."""


class UsageError(GraphcorrError):
    """The request makes no sense: a bad option, a path that does not exist, no case to show."""


class NotDetectedError(UsageError):
    """Nothing was looked for in the case yet, so that there is no report to read."""


class NotFoundError(UsageError):
    """Nothing of that name is there."""


class GoneError(UsageError):
    """What is asked for belongs to something that was replaced since; ask anew."""


class KeyUsedError(UsageError):
    """A key that tells a request from others was used for another one: doing nothing would lose what is asked."""


class ConfigError(GraphcorrError):
    """A setting has no usable value."""


class InputError(GraphcorrError):
    """A file cannot be read, or not further; the records read before it stay read."""

    def __init__(self, reason: str, file: str | None = None, member: str | None = None) -> None:
        self.reason = reason
        self.file = file
        self.member = member
        where = "!".join(part for part in (file, member) if part)
        super().__init__(f"{where}: {reason}" if where else reason)


class RecordError(GraphcorrError):
    """One record cannot be used. It is counted, explained and skipped; the records around it are read."""

    def __init__(self, reason: str, origin: Origin | None = None) -> None:
        self.reason = reason
        self.origin = origin
        super().__init__(f"{origin}: {reason}" if origin else reason)


class CaseError(GraphcorrError):
    """The case folder is damaged, in use by another process, or written by another version."""


class CaseInUseError(CaseError):
    """Another process writes the case."""


class CancelledError(GraphcorrError):
    """The work was asked to stop before it was done. What was committed stays, and the same work goes on from there."""


class PatternError(GraphcorrError):
    """A pattern file is wrong. ``str()`` is ``path:line:column: reason`` with the line and a caret below it."""

    def __init__(self, reason: str, path: str, line: int = 1, column: int = 1, source: str | None = None) -> None:
        self.reason = reason
        self.path = path
        self.line = line
        self.column = column
        text = f"{path}:{line}:{column}: {reason}"
        if source is not None:
            text += f"\n    {source}\n    {' ' * (column - 1)}^"
        super().__init__(text)


class StoreError(GraphcorrError):
    """A graph engine refused or failed; ``query`` is what it was asked, where there was one."""

    def __init__(self, reason: str, query: str | None = None) -> None:
        self.reason = reason
        self.query = query
        super().__init__(f"{reason}\n    in: {query.strip()[:400]}" if query else reason)


class StoreLimitError(StoreError):
    """A question was ended by a limit on its time or memory; nothing is wrong with the graph, and another one may be asked."""
