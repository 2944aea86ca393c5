"""What readers made of texts before: each distinct one is converted once, also from batch to batch."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from graphcorr.logs.fields import Field, Fit, Joint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphcorr.logs.base import Read

_MOST: Final = 16_384
"""Texts that are known of one reader; beyond, it begins anew."""
_LONGEST: Final = 512
"""Letters of a text that is worth remembering: longer ones are command lines and scripts, which rarely repeat."""


class Memo(dict[object, object]):
    """What a field's converter made of each text, or a joint's of each combination of texts.

    Texts only: 1, 1.0 and True are one key and may convert differently, and an event must not depend on its neighbors.
    """

    def __init__(self, convert: Callable[..., object], fit: Fit | None, *, joint: bool) -> None:
        super().__init__()
        self._convert = convert
        self._may_be = None if fit is None else fit.may_be
        self._joint = joint
        self.has_misfit = False
        """Some value since this was last set was none that the field can have; such values are never remembered."""

    def __missing__(self, key: object) -> object:
        values: Sequence[object] = key if self._joint and isinstance(key, tuple) else (key,)
        converted = self._convert(*values)
        if self._may_be is not None and not self._may_be(*values):
            self.has_misfit = True
        elif all(value is None or (type(value) is str and len(value) <= _LONGEST) for value in values):
            if len(self) >= _MOST:
                self.clear()
            self[key] = converted
        return converted


class _Known(threading.local):
    def __init__(self) -> None:
        self.memos: dict[int, tuple[Read, Memo]] = {}


_KNOWN: Final = _Known()
"""By identity of the reader, which is held so that no other takes its place; a thread has its own."""


def forget() -> None:
    """Drop what this thread remembers, which is a hundred megabytes after millions of records: nothing more is read."""
    _KNOWN.memos.clear()


def memo_of(read: Read) -> Memo | None:
    """The memo of a reader, without misfits so far; None of one that looks at whole records."""
    found = _KNOWN.memos.get(id(read))
    if found is None:
        if isinstance(read, Field):
            found = (read, Memo(read.convert, read.fit, joint=False))
        elif isinstance(read, Joint):
            found = (read, Memo(read.combine, read.fit, joint=True))
        else:
            return None
        _KNOWN.memos[id(read)] = found
    found[1].has_misfit = False
    return found[1]
