"""IP addresses as logs write them, to one canonical text. No address object is kept: the text is the key."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import Final

_BLANK: Final = " \t\r\n\0"
_WITH_PORT: Final = re.compile(r"(?:\[([^\]]*)\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5})\Z", re.ASCII)
_FE80: Final = re.compile(r"fe[89ab][0-9a-f]:")
_FF00: Final = re.compile(r"ff[0-9a-f]{2}:")


@lru_cache(maxsize=65_536)
def address_key(text: str | None) -> str | None:
    """The canonical text of an IPv4 or IPv6 address, None for names, absence and the unspecified address.

    Zone ids (``fe80::1%12``), brackets and a port are dropped, IPv4 in IPv6 (``::ffff:10.0.0.1``) becomes IPv4. Without
    its zone a link-local address means something on one link only: never use one as an identity across hosts.
    """
    if not text:
        return None
    text = text.strip(_BLANK)
    if match := _WITH_PORT.match(text):
        text = match[1] or match[2] or ""
    text = text.partition("%")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.version == 6 and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return None if address.is_unspecified else str(address)


def is_loopback(text: str | None) -> bool:
    """127.0.0.0/8 or ``::1``, in any spelling. A host's own other addresses are the resolver's to know."""
    key = address_key(text)
    return key is not None and (key.startswith("127.") or key == "::1")


def is_link_local(text: str | None) -> bool:
    """169.254.0.0/16 or ``fe80::/10``."""
    key = address_key(text)
    return key is not None and (key.startswith("169.254.") or _FE80.match(key) is not None)


def is_multicast_or_broadcast(text: str | None) -> bool:
    """224.0.0.0/4, 255.255.255.255 or ``ff00::/8``. A subnet's own broadcast address cannot be told without its mask."""
    key = address_key(text)
    if key is None:
        return False
    if ":" in key:
        return _FF00.match(key) is not None
    return key == "255.255.255.255" or 224 <= int(key.partition(".")[0]) <= 239
