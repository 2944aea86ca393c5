"""What people say of findings: rules that set them aside, verdicts, notes. Times are RFC 3339 UTC text."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Judgment(StrEnum):
    """What somebody who looked into a finding says of it."""

    TRUE_POSITIVE = "true_positive"
    BENIGN_POSITIVE = "benign_positive"
    """It happened, and was somebody's work or a test."""
    FALSE_POSITIVE = "false_positive"
    """It did not happen, or not so."""
    UNDETERMINED = "undetermined"


class Verdict(msgspec.Struct, frozen=True):
    """The last word on a finding."""

    verdict: Judgment
    author: str
    time: str
    reason: str | None


class Note(msgspec.Struct, frozen=True):
    """What somebody wrote down beside a finding."""

    id: str
    author: str
    time: str
    text: str


class Suppression(msgspec.Struct, frozen=True):
    """A rule that sets findings of one pattern aside where all that it names fits; never by the file alone. They are counted and listed."""

    id: str
    pattern: str
    source: str | None
    """The source's name or address."""
    account: str | None
    signer: str | None
    """Who signed the file, as its records say."""
    file: str | None
    """The file's path; one that ends with a backslash or slash is a folder and all below it."""
    owner: str
    reason: str
    created: str
    expires: str | None
