"""STIX objects as far as graphcorr reads them, decoded fast and validated lightly: right types, right ids, right times.

Only keys that somebody reads, and those that every object may have, are decoded; everything else stays in the record's text.
The whole specification is checked by :mod:`graphcorr.intel.strict`, on request: the ``stix2`` library takes thirty times as long.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import msgspec

REF: Final = re.compile(r"[a-z][a-z0-9-]*--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_UNIX: Final = datetime(1970, 1, 1, tzinfo=UTC)
KINDS: Final = {
    "attack-pattern": "technique",
    "malware": "malware",
    "tool": "tool",
    "intrusion-set": "actor",
    "threat-actor": "actor",
    "campaign": "campaign",
    "x-mitre-tactic": "tactic",
    "x-mitre-detection-strategy": "detection_strategy",
    "x-mitre-data-component": "data_component",
}
"""STIX type to the kind of a :class:`graphcorr.intel.facts.Fact`."""

_LAST_YEAR: Final = 9_999
LONGEST_NAME: Final = 1_000
"""Characters of an object's name. It is kept beside the record's text and stands in every list."""

ATTACK_SOURCES: Final = frozenset({"mitre-attack", "mitre-mobile-attack", "mitre-ics-attack"})


class Reference(msgspec.Struct, gc=False):
    source_name: str = ""
    external_id: str | None = None
    description: str | None = None
    url: str | None = None


class Phase(msgspec.Struct, gc=False):
    kill_chain_name: str = ""
    phase_name: str = ""


class Stix(msgspec.Struct, gc=False):
    """One object of STIX 2.0 or 2.1, or one of ATT&CK's own types. None is absent."""

    type: str
    id: str | None = None
    spec_version: str | None = None
    created: str | None = None
    modified: str | None = None
    name: str | None = None
    description: str | None = None
    revoked: bool = False
    created_by_ref: str | None = None
    object_marking_refs: tuple[str, ...] = ()
    external_references: tuple[Reference, ...] = ()
    relationship_type: str | None = None
    source_ref: str | None = None
    target_ref: str | None = None
    aliases: tuple[str, ...] = ()
    kill_chain_phases: tuple[Phase, ...] = ()
    pattern: str | None = None
    pattern_type: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    is_family: bool = False
    x_mitre_deprecated: bool = False
    x_mitre_aliases: tuple[str, ...] = ()
    x_mitre_shortname: str | None = None
    x_mitre_version: str | None = None
    x_mitre_analytic_refs: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        return not (self.revoked or self.x_mitre_deprecated)

    @property
    def valid_from_time(self) -> int | None:
        return time_or_none(self.valid_from)

    @property
    def valid_until_time(self) -> int | None:
        return time_or_none(self.valid_until)

    @property
    def attack_id(self) -> str | None:
        """The id that ATT&CK gives it."""
        for reference in self.external_references:
            if reference.source_name in ATTACK_SOURCES and reference.external_id:
                return reference.external_id
        return None


class ObjectError(ValueError):
    """An object cannot be used as it is; ``reason`` is a word for programs, ``detail`` a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


_DECODER: Final = msgspec.json.Decoder(Stix)


def decode(text: bytes) -> Stix:
    """One object from its JSON text. ``ObjectError`` says what is wrong with the text or with a value's type."""
    try:
        found = _DECODER.decode(text)
    except msgspec.ValidationError as error:
        reason = "type_missing" if "missing required field `type`" in str(error) else "wrong_type"
        raise ObjectError(reason, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ObjectError("not_json", str(error)) from error
    except RecursionError as error:
        raise ObjectError("nested_too_deep", "it is nested deeper than can be decoded") from error
    telling = _find_telling(text)
    if len(telling) != len(set(telling)) and _may_repeat(telling, found.type) and (twice := find_repeated_keys(text)):
        raise ObjectError("duplicate_key", f"{', '.join(twice)} stands there more than once")
    return found


_TELLING: Final = re.compile(rb'"(?:id|type|source_ref|target_ref|relationship_type|pattern)"')
"""Keys that say what a record is, or such a word as a value. One search for all takes half of what one for each does."""
_find_telling: Final = _TELLING.findall
_OF_INDICATORS: Final = b'"pattern"'


def _may_repeat(found: list[bytes], type_: str) -> bool:
    """Whether a key that says what a record is may stand there twice; it may also be the text of a value, or deeper down."""
    # Ends and patterns mean something in statements and indicators only.
    if type_ == "relationship":
        found = [key for key in found if key != _OF_INDICATORS]
    elif type_ == "indicator":
        found = [key for key in found if key in {b'"id"', b'"type"', _OF_INDICATORS}]
    else:
        found = [key for key in found if key in {b'"id"', b'"type"'}]
    return len(found) > len(set(found))


def find_repeated_keys(text: bytes) -> list[str]:
    """The keys of an object that are given more than once at its top; the text is JSON."""
    repeated: set[str] = set()
    depth_last: list[set[str]] = []

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        depth_last[:] = [{key for key in keys if keys.count(key) > 1}] if len(keys) < 1000 else []
        return dict(pairs)

    try:
        json.loads(text, object_pairs_hook=collect)
    except (ValueError, RecursionError):
        # Decoded a moment ago by a decoder that skips what it does not read; what it skipped is nobody's loss.
        return []
    # The outermost object is the last one to be complete.
    for keys in depth_last:
        repeated |= keys
    return sorted(repeated)


def validate(found: Stix) -> None:
    """``ObjectError`` unless the object has what its type must have: id, times, name, endpoints, pattern."""
    type_, identity = found.type, found.id
    if type_ == "bundle":
        raise ObjectError("bundle_malformed", "a bundle whose objects are no list cannot be taken apart")
    if not identity:
        raise ObjectError("id_missing", "it has no id")
    if not identity.startswith(f"{type_}--") or not REF.fullmatch(identity):
        raise ObjectError("id_malformed", f"{identity[:80]!r} is no id of a {type_}")
    if found.name is not None and len(found.name) > LONGEST_NAME:
        raise ObjectError("name_too_long", f"its name has {len(found.name)} characters; {LONGEST_NAME} are read")
    _validate_times(found)
    if type_ == "relationship":
        _validate_relationship(found)
    elif type_ == "indicator":
        if not found.pattern:
            raise ObjectError("pattern_missing", "an indicator without a pattern indicates nothing")
    elif type_ in KINDS and not found.name and (type_ != "malware" or found.is_family):
        # An instance of malware need not have one (STIX 2.1, 4.9): its id is its name then.
        raise ObjectError("name_missing", f"a {type_} without a name cannot be linked")


def _validate_times(found: Stix) -> None:
    # Spelled out, because a loop over their names takes as long as everything else that is validated.
    if (value := found.created) is not None and not _is_time(value):
        read_time("created", value)
    if (value := found.modified) is not None and not _is_time(value):
        read_time("modified", value)
    if (value := found.valid_from) is not None and not _is_time(value):
        read_time("valid_from", value)
    if (value := found.valid_until) is not None and not _is_time(value):
        read_time("valid_until", value)
    if (value := found.first_seen) is not None and not _is_time(value):
        read_time("first_seen", value)
    if (value := found.last_seen) is not None and not _is_time(value):
        read_time("last_seen", value)


def _validate_relationship(found: Stix) -> None:
    if not found.relationship_type:
        raise ObjectError("relationship_type_missing", "it does not say how its ends are related")
    for name, ref in (("source", found.source_ref), ("target", found.target_ref)):
        if ref is None:
            raise ObjectError(f"{name}_ref_missing", f"it has no {name}_ref")
        if not _is_ref(ref):
            raise ObjectError(f"{name}_ref_truncated", f"{name}_ref is {ref[:80]!r}")


@lru_cache(maxsize=16_384)
def _is_ref(text: str) -> bool:
    """Remembered, because many statements share few ends."""
    return REF.fullmatch(text) is not None


def read_time(name: str, value: str) -> int:
    """Microseconds of an RFC 3339 time; ``ObjectError`` when it is none."""
    found = _parse_time(value)
    if found is None:
        raise ObjectError("time_malformed", f"{name} is {value[:80]!r}, which is no time with a zone")
    return found


def _is_time(value: str) -> bool:
    """Whether :func:`read_time` can read it, told without counting its microseconds."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    # Near the ends of the calendar a zone leads out of it.
    return moment.tzinfo is not None and (1 < moment.year < _LAST_YEAR or _parse_time(value) is not None)


def _parse_time(value: str) -> int | None:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return None
        since = moment - _UNIX
    except (ValueError, OverflowError):
        return None
    # Integers, because a float of seconds is off by a microsecond at times.
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def time_or_none(value: str | None) -> int | None:
    """Microseconds, None where there is no time; for objects that were validated."""
    return read_time("time", value) if value else None
