"""Intelligence that is no STIX 2: told by name, with what makes STIX 2.1 of it, instead of as a record that makes no sense."""

from __future__ import annotations

import re
from typing import Final

import msgspec

_HEAD: Final = 4096
"""Bytes in which a format tells itself."""
_STIX_1: Final = "is STIX 1, which is not read; stix2-elevator makes STIX 2.1 of its XML (pip install stix2-elevator; stix2_elevator FILE)"
_MISP: Final = (
    "is MISP's own format, which is not read; export the event from MISP as STIX 2.1, or let misp-stix make it "
    "(pip install misp-stix; misp_stix_converter export --version 2.1 -f FILE)"
)
_OPENIOC: Final = "is OpenIOC, which is not read; import it into MISP and export it from there as STIX 2.1"
_XML: Final = "is XML, and no STIX 2"
_ROOT: Final = re.compile(rb"\A\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<([A-Za-z_][\w.:-]*)", re.DOTALL)
_MISP_JSON: Final = re.compile(rb'\A\s*(?:\[\s*)?\{\s*"(?:Event|response)"\s*:\s*[\[{]')
_STIX_1_JSON: Final = re.compile(rb'"version"\s*:\s*"1\.[\d.]+"')


class _Package(msgspec.Struct):
    """What tells the JSON that STIX 1 libraries write; it has no type."""

    version: str
    type: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    stix_header: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    observables: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    indicators: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    ttps: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    campaigns: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    threat_actors: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_AS_PACKAGE: Final = msgspec.json.Decoder(_Package)
_PARTS: Final = ("stix_header", "observables", "indicators", "ttps", "campaigns", "threat_actors")


def name_foreign(content: bytes) -> str | None:
    """What a document is and what to do about it, in words that follow its name; None for one that may be STIX 2."""
    head = content[:_HEAD]
    if (root := _ROOT.match(head)) is not None:
        return _name_xml(root[1], head)
    if _MISP_JSON.match(head):
        return _MISP
    return _STIX_1 if _is_package(content) else None


def _name_xml(root: bytes, head: bytes) -> str:
    name = root.rpartition(b":")[2].lower()
    if name in {b"stix_package", b"observables"} or b"stix.mitre.org" in head or b"cybox.mitre.org" in head:
        return _STIX_1
    if name in {b"ioc", b"iocs"} or b"openioc" in head.lower():
        return _OPENIOC
    if name in {b"response", b"event"} and (b"<Event>" in head or b"<Attribute>" in head):
        return _MISP
    return _XML


def _is_package(content: bytes) -> bool:
    if content.lstrip()[:1] != b"{" or (_STIX_1_JSON.search(content[:_HEAD]) is None and _STIX_1_JSON.search(content[-_HEAD:]) is None):
        return False
    try:
        found = _AS_PACKAGE.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return (
        found.version.startswith("1.") and found.type is msgspec.UNSET and any(getattr(found, part) is not msgspec.UNSET for part in _PARTS)
    )
