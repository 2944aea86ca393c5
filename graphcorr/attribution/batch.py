"""Questions as NDJSON: one ``{"id","techniques","software"}`` a line in, one answer a line out, in order, whatever the line holds."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.attribution.answer import Answer, Hypothesis, Unresolved, Verdict
from graphcorr.attribution.attribute import attribute
from graphcorr.attribution.observed import observe
from graphcorr.intel.objects import find_repeated_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from graphcorr.attribution.knowledge import Knowledge

LONGEST_LINE: Final = 64 * 1024 * 1024
"""Bytes; a longer line is refused without holding it."""
_NESTING: Final = "nested too deep"
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_KEYS: Final = frozenset({"id", "techniques", "software"})


class Question(msgspec.Struct, frozen=True):
    id: str | int | None = None
    techniques: list[str] | None = None
    software: list[str] | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one line gives: the answer, or ``error`` with a verdict of none."""

    id: str | int | None
    verdict: Verdict
    why: str
    probability: float | None
    actors: list[Hypothesis]
    software: list[Hypothesis]
    mentioned: list[Hypothesis]
    unresolved: list[Unresolved]
    error: str | msgspec.UnsetType = msgspec.UNSET

    @property
    def failed(self) -> bool:
        return isinstance(self.error, str)

    @property
    def names_somebody(self) -> bool:
        """As :attr:`Answer.names_somebody`."""
        return self.verdict is not Verdict.NONE


def answer_lines(stream: BinaryIO, knowledge: Knowledge) -> Iterator[Line]:
    """One :class:`Line` for each line of the stream, blank and broken ones included."""
    for number, text in enumerate(_lines(stream), 1):
        if text is None:
            yield _refused(None, number, f"is longer than {LONGEST_LINE:,} bytes")
        else:
            yield answer_line(text, number, knowledge)


def answer_line(text: bytes, number: int, knowledge: Knowledge) -> Line:
    """The answer to one line; ``error`` names the line and says what is wrong with it."""
    if not text.strip():
        return _refused(None, number, "is blank")
    if number == 1:
        text = text.removeprefix(codecs.BOM_UTF8)
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _refused(None, number, "is UTF-16: save the questions as UTF-8")
    try:
        fields = msgspec.json.decode(text)
    except UnicodeDecodeError:
        return _refused(None, number, "is not UTF-8")
    except msgspec.DecodeError as error:
        # Of half a surrogate pair the decoder says that the text is cut off.
        return _refused(None, number, f"is no JSON: {'it may hold half of a surrogate pair' if _SURROGATE.search(text) else error}")
    except RecursionError:
        return _refused(None, number, f"is {_NESTING}")
    if not isinstance(fields, dict):
        return _refused(None, number, "is no JSON object")
    if any(text.count(b'"%b"' % key.encode()) > 1 for key in _KEYS) and (twice := find_repeated_keys(text)):
        return _refused(None, number, f"gives {', '.join(twice)} more than once")
    identity = fields.get("id")
    identity = identity if isinstance(identity, str | int) and not isinstance(identity, bool) else None
    try:
        question = msgspec.convert(fields, Question)
    except msgspec.ValidationError as error:
        return _refused(identity, number, f"cannot be used: {error}")
    if question.techniques is None and question.software is None:
        return _refused(identity, number, "has neither techniques nor software")
    observed = observe(dict.fromkeys(question.techniques or (), ()), dict.fromkeys(question.software or (), ()), knowledge.facts)
    # A misspelled key would lose what it holds in silence.
    strange = [Unresolved(key, "is no key of a question; what it holds was not looked at") for key in sorted(fields.keys() - _KEYS)]
    return as_line(identity, msgspec.structs.replace(attribute(observed, knowledge), unresolved=strange + observed.unresolved))


def as_line(identity: str | int | None, answer: Answer) -> Line:
    return Line(
        id=identity,
        verdict=answer.verdict,
        why=answer.why,
        probability=answer.probability,
        actors=answer.actors,
        software=answer.software,
        mentioned=answer.mentioned,
        unresolved=answer.unresolved,
    )


def _refused(identity: str | int | None, number: int, reason: str) -> Line:
    return Line(
        id=identity,
        verdict=Verdict.NONE,
        why="the question cannot be read",
        probability=None,
        actors=[],
        software=[],
        mentioned=[],
        unresolved=[],
        error=f"line {number} {reason}",
    )


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines without their ends; None for one that is too long."""
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield None
