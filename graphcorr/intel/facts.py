"""The facts of one ATT&CK release: names, kinds, and who is reported to use what. No prose.

The package carries the table of one release, so that linking works offline on the first run. Loading it takes some
milliseconds, because every hunt does it: objects are decoded at once, the statements when they are first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import msgspec
import zstandard

from graphcorr.errors import InputError

PACKAGED: Final = Path(__file__).parent / "attack-18.1.msgpack.zst"
FORMAT: Final = "graphcorr.facts/1"
_EPOCH: Final = date(1970, 1, 1)

SOFTWARE_KINDS: Final = frozenset({"malware", "tool"})


class Fact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One object of ATT&CK."""

    id: str
    """ATT&CK's: T1021.002, S0029, G0091, C0002, TA0008, DET0530, DC0061."""
    kind: str
    """technique, malware, tool, actor, campaign, tactic, detection_strategy or data_component"""
    name: str
    stix_id: str
    aliases: tuple[str, ...] = ()
    """Other names, without ``name``."""
    active: bool = True
    """Neither revoked nor deprecated. What is not stays resolvable, and never ranks."""
    replaced_by: str | None = None
    """ATT&CK id of what took its place when it was revoked."""
    modified: int | None = None
    """Microseconds."""
    first_seen: int | None = None
    """Of campaigns, microseconds."""
    last_seen: int | None = None


class Use(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """``source`` (actor, campaign or software) is reported to use ``target`` (technique or software); ATT&CK ids."""

    source: str
    target: str
    citations: tuple[int, ...]
    """Positions in :attr:`Facts.citations`."""
    day: int
    """Days since 1970-01-01, see ``since``."""

    @property
    def since(self) -> date:
        """The earliest date of a source that it cites (a month counts from its end), else when ATT&CK stated it."""
        return _EPOCH + timedelta(days=self.day)


class Mention(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Software named in one sentence with an actor: less than use (about 5 of 100 are none). ATT&CK ids."""

    actor: str
    software: str
    provenance: str
    """STIX id of the first object whose description says so."""


class Join(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What tells a relationship apart when its ids are gone, see :mod:`graphcorr.intel.salvage`."""

    created: int
    """Microseconds."""
    digest: int
    """Of the description without tags."""
    type: str
    source: str
    target: str


class Content(msgspec.Struct, frozen=True):
    """The table as it lies in its file; what not everybody needs is decoded when it is asked for."""

    format: str
    version: str
    """``18.1``, or what the release is called when it does not say."""
    name: str
    """``enterprise-attack``"""
    objects: tuple[Fact, ...]
    parents: dict[str, str]
    tactics: dict[str, tuple[str, ...]]
    attributed: dict[str, tuple[str, ...]]
    detects: dict[str, tuple[str, ...]]
    analytics: dict[str, tuple[str, ...]]
    uses: msgspec.Raw
    mentions: msgspec.Raw
    citations: msgspec.Raw
    joins: msgspec.Raw


@dataclass(frozen=True)
class Facts:
    """One ATT&CK release. Everything is keyed by ATT&CK id."""

    content: Content

    @property
    def version(self) -> str:
        return self.content.version

    @property
    def name(self) -> str:
        return self.content.name

    @property
    def parents(self) -> dict[str, str]:
        """Sub-technique to its technique."""
        return self.content.parents

    @property
    def tactics(self) -> dict[str, tuple[str, ...]]:
        """Technique to the tactics that it serves (TA…)."""
        return self.content.tactics

    @property
    def attributed(self) -> dict[str, tuple[str, ...]]:
        """Campaign to the actors it is attributed to."""
        return self.content.attributed

    @property
    def detects(self) -> dict[str, tuple[str, ...]]:
        """Detection strategy (DET…) to the techniques it detects."""
        return self.content.detects

    @property
    def analytics(self) -> dict[str, tuple[str, ...]]:
        """Detection strategy (DET…) to its analytics (AN…)."""
        return self.content.analytics

    @cached_property
    def objects(self) -> dict[str, Fact]:
        return {fact.id: fact for fact in self.content.objects}

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        return msgspec.msgpack.decode(self.content.uses, type=tuple[Use, ...])

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        return msgspec.msgpack.decode(self.content.mentions, type=tuple[Mention, ...])

    @cached_property
    def citations(self) -> tuple[str, ...]:
        """Names of the sources that statements cite, as ``Group IB Silence Aug 2019``."""
        return msgspec.msgpack.decode(self.content.citations, type=tuple[str, ...])

    @cached_property
    def joins(self) -> tuple[Join, ...]:
        return msgspec.msgpack.decode(self.content.joins, type=tuple[Join, ...])

    @cached_property
    def by_stix_id(self) -> dict[str, Fact]:
        return {fact.stix_id: fact for fact in self.content.objects}

    @cached_property
    def _names(self) -> dict[str, list[Fact]]:
        names: dict[str, list[Fact]] = {}
        for fact in self.content.objects:
            spelled = {fact.name.casefold(), fact.id.casefold(), *(alias.casefold() for alias in fact.aliases)}
            parent = self.objects.get(self.parents.get(fact.id, ""))
            if parent is not None:
                spelled.add(f"{parent.name}: {fact.name}".casefold())
            for name in spelled:
                names.setdefault(name, []).append(fact)
        return names

    def follow(self, identity: str) -> Fact | None:
        """The object of an ATT&CK id, or what replaced it; None when the release has none.

        What was deprecated without a replacement is given as it is, with ``active`` false.
        """
        fact = self.objects.get(identity)
        seen: set[str] = set()
        while fact is not None and fact.replaced_by is not None and fact.id not in seen:
            seen.add(fact.id)
            after = self.objects.get(fact.replaced_by)
            if after is None:
                break
            fact = after
        return fact

    def resolve(self, name: str) -> tuple[Fact, ...]:
        """What a name, alias or ATT&CK id may mean, by id; empty for an unknown name.

        Case does not matter. More than one is ambiguous, and a name alone must not link then. Revoked objects give
        what replaced them; what is not active is given only when nothing active has the name.
        """
        found: dict[str, Fact] = {}
        for fact in self._names.get(" ".join(name.split()).casefold(), ()):
            followed = self.follow(fact.id)
            if followed is not None:
                found[followed.id] = followed
        active = {identity: fact for identity, fact in found.items() if fact.active}
        return tuple(fact for _, fact in sorted((active or found).items()))


@cache
def packaged_facts() -> Facts:
    """The package's table, read once for all who ask in this process."""
    return load_facts(PACKAGED)


def load_facts(path: Path) -> Facts:
    """A table made from a user's bundle, or the package's. ``InputError`` when the file is no such table."""
    try:
        content = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(path.read_bytes()), type=Content)
    except OSError as error:
        raise InputError(f"the facts cannot be read: {error.strerror or error}", str(path)) from error
    except (zstandard.ZstdError, msgspec.DecodeError) as error:
        raise InputError(f"this is no table of facts: {error}", str(path)) from error
    if content.format != FORMAT:
        raise InputError(f"this is a table of the form {content.format}, which this version does not read", str(path))
    return Facts(content)


def encode_facts(facts: Facts) -> bytes:
    """The table as its file holds it; equal facts give equal bytes."""
    return zstandard.ZstdCompressor(level=19).compress(msgspec.msgpack.encode(facts.content))
