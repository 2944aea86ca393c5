"""How sure a finding is, from a small table of reasons: each doubt that applies is named, and their number decides.

No doubt is high, one is medium, more are low; a run more than a day after the write is two doubts by itself. The
table is short so that an analyst can check it, which a formula would not let them.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from graphcorr.model.findings import Confidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.model.records import Microseconds

_MINUTE: Final = 60 * 1_000_000
STRONG: Final = 10 * _MINUTE
"""A run so soon after the write needs no further argument."""
MEDIUM: Final = 24 * 60 * _MINUTE


class Doubt(Enum):
    """A reason to be less sure: what it weighs, and the sentence that a finding lists in ``why``."""

    WRITE_INFERRED = (1, "the write is concluded from a record by System alone: no record shows a client writing the file")
    WRITE_GUESSED_FROM_WIRE = (1, "the write is concluded from the transfer on the wire, where no write operation was logged")
    ACCESS_ONLY = (1, "only the access check (5145) shows the write, neither Sysmon 11 nor the wire confirms it")
    OUTCOME_OPEN = (1, "whether it was granted is not known: the record has no outcome, or none in words that are known here")
    FOLDER_ASSUMED = (1, "the share's folder is Windows' default, no log states it")
    SUFFIX = (1, "the share's folder is unknown: the end of the path is what matches")
    CONTENT = (1, "what ran has another path: by its hash it is the content that was written")
    OWN_ADDRESS = (1, "it was run over an address that no log names, taken to be the host's own")
    MOVED = (1, "what ran has another path: a command on the host named it so, or made a copy there")
    VOLUME = (1, "one log names a volume and the other a drive: the path below it is what matches")
    SHORT_NAME = (1, "the path matches by an 8.3 short name")
    SIMULTANEOUS = (1, "write and run lie within what the clocks can tell apart: their order is not certain")
    WITHIN_A_DAY = (1, "more than 10 minutes between write and run")
    LATER = (2, "more than 24 hours between write and run, without a known overwrite")
    CLOCK_BORROWED = (1, "this host's clock offset is borrowed from another machine")
    SOURCES_DIFFER = (1, "more than one client wrote the file at that time")
    LOADER_ONLY = (1, "the run is concluded from a module-load record of the program itself")
    ASKED = (1, "its records tell what was asked for, none what came of it")
    IMPLIED = (1, "a part of it is concluded from records that have other causes as well")
    ONE_SIDE = (1, "only one side tells of it: no log of the other machine or of the network does")
    SOURCE_UNKNOWN = (1, "no record of it says which machine it came from")
    SOURCE_UNSTATED = (1, "none of its records names the source that the pattern states")
    ADDRESS_LEARNED_APART = (1, "which machine had the source's address is known from half a day or more away from it")
    RIVALS = (1, "its records name more than one machine that it could have come from")
    ASKED_BY_INTERFACE = (1, "who asked for it is told by the one client of what does such things at that time, not by its session")
    ASKED_BY_OUTPUT = (1, "who asked for it is told by the one client that read the output of its command, not by its session")
    ASKED_BY_PROGRAM = (1, "who asked for it is told by the one connection to the program that did it, not by its session")
    ASKED_BY_PORT = (2, "who asked for it is told by the one connection to the port mapper at that time, which may have been for anything")
    NOBODY_NAMED = (2, "nothing shows who asked for it, or that somebody did so from elsewhere")
    NOBODY_CERTAIN = (1, "more than one client could have asked for it")
    NOT_STARTED = (1, "it was set up, and no start of it is logged")
    PROVIDER_UNNAMED = (1, "no record names what started it: told by the form of the command, and by who was connected")
    WIRE_ONLY = (1, "seen on the wire alone: no log of the machine shows what ran")
    FILE_GUESSED = (1, "the calls do not say what they are about: it is the last program that the same client wrote there before them")
    SERVICE_ONLY = (1, "the service's own log says that it served somebody: what ran for them is not logged")
    ORDER_UNCERTAIN = (1, "its steps lie within what the clocks can tell apart: their order is not certain")
    APART = (1, "more than 10 minutes between its steps")
    USUAL = (1, "it is usual here: what its records name was seen on most days of the history")
    FAR_APART = (2, "more than 24 hours between its steps")

    @property
    def weight(self) -> int:
        return self.value[0]

    @property
    def sentence(self) -> str:
        return self.value[1]


MATCH_DOUBTS: Final = {
    "suffix": Doubt.SUFFIX,
    "share_name": Doubt.SUFFIX,
    "volume": Doubt.VOLUME,
    "own_address": Doubt.OWN_ADDRESS,
    "hash": Doubt.CONTENT,
    "moved": Doubt.MOVED,
    "short_name": Doubt.SHORT_NAME,
    "program": Doubt.LOADER_ONLY,
    "calls": Doubt.FILE_GUESSED,
}
"""Doubts by how an execution's path matched the written file's (``basis`` of the link)."""


def delay_doubt(delay: Microseconds) -> Doubt | None:
    """The doubt that the time between write and run brings."""
    return _by_tier(delay, Doubt.WITHIN_A_DAY, Doubt.LATER)


def gap_doubt(gap: Microseconds) -> Doubt | None:
    """The doubt that the time between any other two steps brings."""
    return _by_tier(gap, Doubt.APART, Doubt.FAR_APART)


def _by_tier(time: Microseconds, within_a_day: Doubt, later: Doubt) -> Doubt | None:
    if time > MEDIUM:
        return later
    return within_a_day if time > STRONG else None


def lessen(confidence: Confidence, doubt: Doubt) -> Confidence:
    """The confidence that one more doubt leaves."""
    rungs = [Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW]
    return rungs[min(rungs.index(confidence) + doubt.weight, len(rungs) - 1)]


def rate(doubts: Sequence[Doubt]) -> Confidence:
    """The confidence that a set of doubts leaves."""
    weight = sum(doubt.weight for doubt in set(doubts))
    return Confidence.HIGH if weight == 0 else Confidence.MEDIUM if weight == 1 else Confidence.LOW
