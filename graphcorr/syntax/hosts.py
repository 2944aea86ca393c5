"""Names of machines as logs write them, to one key, and when two names are one machine."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.fitting import may_be_machine
from graphcorr.syntax.values import present

NETBIOS_LENGTH: Final = 15
"""Characters of a NetBIOS name without its suffix (MS-NBTE, RFC 1001 section 14.1)."""
_NOT_A_NAME: Final = frozenset({"localhost", "localhost.localdomain", "local", "*", ".", "?", "unknown", "(unknown)"})
_IMPOSSIBLE: Final = re.compile("[%@]")
"""What NetBIOS allows in a name, and no machine is named with."""


@lru_cache(maxsize=65_536)
def host_key(name: str | None) -> str | None:
    r"""The lower-case name without ``\\``, trailing dot and the ``$`` of a computer account; None when it names no machine.

    ``DOMAIN\X$`` is the machine X. Addresses, ``localhost`` and RDP's ``LOCAL`` are None: they are no names of a machine.
    Short names stay short: which domain they belong to is for the resolver to learn.
    """
    text = present(name)
    if text is None:
        return None
    if text.startswith("\\"):
        text = text.lstrip("\\").partition("\\")[0]
    elif "\\" in text and text.endswith("$"):
        text = text.rpartition("\\")[2]
    text = text.rstrip(".").removesuffix("$").lower()
    if not text or text in _NOT_A_NAME or _IMPOSSIBLE.search(text) or not may_be_machine(text) or address_key(text) is not None:
        return None
    return text


def client_key(name: str | None) -> str | None:
    """The key of what a client calls itself by NTLM; None for a name that no Windows machine has there.

    Windows states its NetBIOS name (MS-NLMP 2.2.1.3, ``Workstation``). Exploits and scripts make one up for each session, often longer.
    """
    key = host_key(name)
    return None if key is not None and "." not in key and len(key) > NETBIOS_LENGTH else key


def short_name(key: str) -> str:
    """The first label: ``workstation6`` of ``workstation6.theshire.local``."""
    return key.partition(".")[0]


def is_same_host(a: str, b: str) -> bool:
    """Whether two host keys can be one machine: equal, or one is the short (or 15-character NetBIOS) name of the other.

    Two different full names are two machines. A short name that several domains use matches in each of them: the caller
    must know of one only.
    """
    if a == b:
        return True
    if "." in a and "." in b:
        return False
    short_a, short_b = short_name(a), short_name(b)
    if short_a == short_b:
        return True
    shorter, longer = sorted((short_a, short_b), key=len)
    # NetBIOS cuts names after 15 characters, and only NetBIOS names come without a domain.
    return len(shorter) == NETBIOS_LENGTH and longer.startswith(shorter) and shorter in (a, b)
