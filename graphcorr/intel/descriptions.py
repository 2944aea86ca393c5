"""What can be read from a description: the objects it links to, the dates of its sources, a digest that outlasts damage."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING, Final

import xxhash

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINK: Final = re.compile(
    r"\(\s*https?://attack\.mitre\.org/(?:versions/v[\d.]+/)?(groups|software|campaigns|techniques|tactics)/([A-Z]+\d+)(?:/(\d+))?/?\s*\)"
)
_TAG: Final = re.compile(r"<[^>]*>")
_MONTHS: Final = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_DATED: Final = re.compile(rf"\((\d{{4}})(?:,?\s+({'|'.join(_MONTHS)})(?:\s+(\d{{1,2}}))?)?\)", re.IGNORECASE)

_TYPES: Final = {
    "groups": ("intrusion-set",),
    "software": ("malware", "tool"),
    "campaigns": ("campaign",),
    "techniques": ("attack-pattern",),
    "tactics": ("x-mitre-tactic",),
}


def find_links(description: str) -> list[tuple[str, tuple[str, ...]]]:
    """``(ATT&CK id, STIX types that it may be of)`` of each link to ATT&CK, in order, repetitions included."""
    if "attack.mitre.org" not in description:
        return []
    return [(f"{identity}.{sub}" if sub else identity, _TYPES[section]) for section, identity, sub in _LINK.findall(description)]


def remove_tags(description: str) -> str:
    """The description without what stands in angle brackets: a common cleaner takes such text for markup."""
    return _TAG.sub("", description) if "<" in description else description


def digest(description: str) -> int:
    """48 bits of a description without tags and without the white space around its words.

    48, because together with the time of creation that is enough, and a digest is what compresses worst.
    """
    return xxhash.xxh3_64_intdigest(" ".join(remove_tags(description).split()).encode("utf-8", "surrogatepass")) >> 16


def date_of_citation(description: str) -> date | None:
    """When a source appeared: ``Group-IB. (2019, August). …`` is 2019-08-31. A month or a year counts from its end.

    None for ``(n.d.)`` and for a source that gives no date.
    """
    found = _DATED.search(description)
    if found is None:
        return None
    year, month = int(found[1]), _MONTHS.get((found[2] or "").casefold(), 12)
    last = calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 0
    day = int(found[3]) if found[3] else last
    return date(year, month, day) if 1 <= day <= last else None


def earliest_date(descriptions: Iterable[str]) -> date | None:
    """The earliest date of several sources."""
    return min((day for text in descriptions if (day := date_of_citation(text)) is not None), default=None)
