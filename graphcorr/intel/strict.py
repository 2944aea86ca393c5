"""Validation by the whole specification, and STIX that graphcorr writes: both by the ``stix2`` library."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import orjson
import stix2  # type: ignore[import-untyped]
from stix2.exceptions import STIXError  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from graphcorr.intel.known import End, Known
    from graphcorr.intel.library import Held

_UNIX: Final = datetime(1970, 1, 1, tzinfo=UTC)


def check(text: bytes) -> str | None:
    """What the specification objects to in one object, None when it is valid. Custom properties are allowed: ATT&CK has many."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return f"not JSON: {error}"
    try:
        # The library warns of things that it does not object to.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stix2.parse(value, allow_custom=True)
    except (STIXError, ValueError, TypeError, KeyError, AttributeError) as error:
        # The library lets some slips of its own through on values of a wrong type.
        return f"{type(error).__name__}: {error}"[:500]
    return None


def write_relationship(held: Held, known: Known) -> bytes | None:
    """A salvaged statement as a valid STIX 2.1 relationship; None when its ends were not both found.

    ``confidence`` is the measured share of right answers of the rule that found them, in percent.
    """
    source, target = _find(held.source, known), _find(held.target, known)
    if source is None or target is None or held.relationship is None:
        return None
    created = _UNIX + timedelta(microseconds=held.created or held.modified or 0)
    modified = max(created, _UNIX + timedelta(microseconds=held.modified or held.created or 0))
    made = stix2.v21.Relationship(
        id=held.id,
        created=created,
        modified=modified,
        relationship_type=held.relationship,
        source_ref=source.stix_id,
        target_ref=target.stix_id,
        confidence=int(100 * (held.confidence or 0)),
        allow_custom=True,
    )
    return str(made.serialize(pretty=True)).encode()


def _find(identity: str | None, known: Known) -> End | None:
    return known.by_id(identity) if identity is not None else None
