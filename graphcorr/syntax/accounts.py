r"""Accounts as logs write them: ``DOMAIN\user``, ``user@domain``, a name beside a domain, or a well-known SID."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from graphcorr.syntax.folding import compose
from graphcorr.syntax.values import present

SYSTEM: Final = ("NT AUTHORITY", "SYSTEM")
"""Domain and name of the machine itself as an account."""
SYSTEM_SESSIONS: Final = (
    ("S-1-5-18", "0x3e7", "SYSTEM"),
    ("S-1-5-19", "0x3e5", "LOCAL SERVICE"),
    ("S-1-5-20", "0x3e4", "NETWORK SERVICE"),
)
"""SID, session and name of the accounts that every machine has; each has one session, from start to shutdown."""

_SERVICE_SID: Final = re.compile(r"S-1-5-(?:7|18|19|20|(?:80|82|83|90|96)(?:-\d+)+)\Z", re.IGNORECASE)
_SERVICE_NAMES: Final = frozenset(
    {"system", "local service", "network service", "anonymous logon", "localsystem", "localservice", "networkservice"}
)
_SERVICE_DOMAINS: Final = frozenset(
    {"nt authority", "nt service", "window manager", "font driver host", "iis apppool", "nt virtual machine"}
)


@lru_cache(maxsize=65_536)
def split_account(domain: str | None, user: str | None) -> tuple[str | None, str | None]:
    r"""``(domain, user)`` as spelled, from a pair, ``DOMAIN\user`` or ``user@domain``; absent parts are None.

    A domain of its own wins over one inside the name, which must not lose the user part of ``user@domain``.
    """
    name, realm = present(user), present(domain)
    if name is None:
        return realm, None
    if "\\" in name:
        inner, _, name = name.rpartition("\\")
        realm = realm or present(inner.lstrip("\\"))
    elif "@" in name and not name.startswith("@"):
        name, _, inner = name.rpartition("@")
        realm = realm or present(inner)
    return (None if realm == "." else realm), present(name)


def account_key(domain: str | None, user: str | None) -> str | None:
    r"""``domain\user`` in lower case, ``user`` alone when the domain is not known, None without a user.

    The short and the full name of one domain give two keys; which belong together is for the resolver to learn.
    """
    realm, name = split_account(domain, user)
    if name is None:
        return None
    return compose(f"{realm}\\{name}".lower() if realm else name.lower())


def account_name(domain: str | None, user: str | None) -> str | None:
    r"""``DOMAIN\user`` as spelled in the log, None without a user."""
    realm, name = split_account(domain, user)
    if name is None:
        return None
    return f"{realm}\\{name}" if realm else name


def is_machine_account(user: str | None) -> bool:
    """Whether the name ends in ``$``. Group-managed service accounts do too; nothing in the name tells them apart."""
    name = split_account(None, user)[1]
    return name is not None and len(name) > 1 and name.endswith("$")


def is_service_account(domain: str | None, user: str | None, sid: str | None = None) -> bool:
    """SYSTEM, LOCAL SERVICE, NETWORK SERVICE, ANONYMOUS LOGON or a virtual account of a service, desktop or pool.

    The SID decides where there is one, because names are translated (``AUTORITE NT\\Système``); without it only the
    English names are known.
    """
    logged = present(sid)
    if logged is not None and logged.upper().startswith("S-1-"):
        return _SERVICE_SID.match(logged) is not None
    realm, name = split_account(domain, user)
    if name is None:
        return False
    if realm is not None and realm.lower() in _SERVICE_DOMAINS:
        return True
    return realm is None and name.lower() in _SERVICE_NAMES


@lru_cache(maxsize=16_384)
def fold_account(account: str) -> tuple[str | None, str | None]:
    """Realm and name as they are compared: in lower case, of a domain's full name its first label."""
    realm, name = split_account(None, account)
    return None if realm is None else realm.lower().partition(".")[0], None if name is None else compose(name.lower())


def may_be_one(a: str, b: str) -> bool:
    r"""Whether two spellings can be one account: of one name, and not of two realms.

    ``CORP\bob`` is ``corp.example\bob`` and may be ``bob``; ``SRV1\bob`` and ``SRV2\bob`` are two accounts with one name. Of three
    spellings two may each be one with the third, and not with each other.
    """
    (realm_a, name_a), (realm_b, name_b) = fold_account(a), fold_account(b)
    return name_a is not None and name_a == name_b and (realm_a is None or realm_b is None or realm_a == realm_b)
