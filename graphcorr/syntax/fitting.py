r"""What a logged value cannot be, whatever wrote it: an account that is a GUID, a program that is a folder, an address that is none.

A rendering by another manifest's names, or a row in which an empty field was left out, gives every value to its neighbor's name.
Each function here takes what a decoder gives and is False only for what its kind of value never is in any log: absence may be
anything, and so may flags, lists and objects, which are absence to whoever expects text.

Source: Microsoft's and Sysmon's documentation of the fields, and what the public logs have in them. Of names: [MS-SRVS] 2.2.2.8, "Name
Types"; "DnsValidateName function"; "Naming conventions in Active Directory for computers, domains, sites, and OUs"; the schema of
Active Directory, "SAM-Account-Name attribute".
"""

from __future__ import annotations

import re
from typing import Final

from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.values import flag, present

_GUID: Final = re.compile(r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?", re.IGNORECASE)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_SID: Final = re.compile(r"S-1-(?:\d{1,15}|0x[0-9a-f]{1,12})(?:-\d{1,10}){1,15}", re.IGNORECASE)
_LIKE_SID: Final = re.compile(r"S-\d+-", re.IGNORECASE)
_DIGITS_AND_DOTS: Final = re.compile(r"[\d.]+")
_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.0*)?|0x[0-9a-f]+", re.IGNORECASE)
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-f]+", re.IGNORECASE)
_DIGEST: Final = re.compile(r"[0-9a-fA-F]+")
_OLD_LOGON: Final = re.compile(r"\(0x[0-9a-f]+,\s*0x[0-9a-f]+\)", re.IGNORECASE)
_CODE: Final = re.compile(r"%%\d+")
"""A message's parameter: the words are in a resource of the machine that logged it."""
_ROOTED: Final = re.compile(r"[A-Za-z]:[\\/]|\\\\|\\[^\\]+\\|/|%[^%\\]+%|file:", re.IGNORECASE)
_ON_DISK: Final = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_WITH_ENDING: Final = re.compile(r".*\.(?:exe|com|scr|dll|sys|tmp|bin|bat|cmd)", re.IGNORECASE)
_BUILT_IN: Final = re.compile(r"NT (?:AUTHORITY|SERVICE)\\[^\\]+", re.IGNORECASE)
_LENGTHS: Final = {"MD5": 32, "SHA1": 40, "SHA256": 64, "SHA384": 96, "SHA512": 128, "IMPHASH": 32}
_NO_HASH: Final = "unknown"
"""What Sysmon writes for a stream that it could not read."""
_NO_ADDRESS: Final = frozenset({"local", "localhost", "loopback", "unknown", "none", "0.0.0.0", "::"})  # noqa: S104
"""What Windows writes where there is no address."""
_SERVICE_KINDS: Final = frozenset({"user mode service", "kernel mode driver", "file system driver", "localsystem"})
_SERVICE_STARTS: Final = frozenset({"auto start", "demand start", "boot start", "system start", "disabled"})
"""What stands beside a service's path."""
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_NOBODY: Final = frozenset({"0", "-1"})
_NO_NAME: Final = re.compile(r'["\[\]:;|=,*?<>\x00-\x1f\x7f-\x9f]')
"""What no account's name may hold. A plus is in addresses of Microsoft accounts; of a slash see :func:`may_be_account`."""
NO_DOMAIN: Final = re.compile(r'["/\\\[\]:;|=,+*?<>\x00-\x1f\x7f-\x9f]')
"""What neither a NetBIOS name nor a DNS name may hold. A blank is in that of ``NT AUTHORITY``."""
_LONGEST_NAME: Final = 256
"""Letters of an account's name, and about those of a DNS name."""
_LONGEST_NETBIOS: Final = 15
_LONGEST_USER: Final = 20
"""Letters of what a person logs on as; machines and services may have more, and are not called by numbers."""
_NO_FULL: Final = re.compile(r"""[{|}~\[\\\]^':;<=>?&@!"#$%`()+/,*\s]|\A\.|\.\.|[^.]{64}""")
"""What a DNS name may not hold, which a name with a dot is."""
_NO_TEXT: Final = "0001-01-01 00:00:00"
"""In the place of a flag or a fraction: no kind of text is a time."""
_PACKAGES: Final = frozenset({"ntlm", "kerberos", "negotiate"})
"""What stands beside a domain."""
_FLAGS: Final = frozenset({"true", "false"})
_STATES: Final = _FLAGS | {"valid", "unavailable", "expired"}
"""What stands beside a signer and an account."""
_HOSTED: Final = frozenset({"nt virtual machine", "iis apppool", "nt service", "window manager", "font driver host"})
"""Domains in which accounts are made for things, and are named by GUIDs."""


def may_be_number(value: object) -> bool:
    text = _stated(value)
    return text is None or _NUMBER.fullmatch(text) is not None


def may_be_flag(value: object) -> bool:
    text = _stated(value)
    return text is None or flag(value) is not None or _CODE.fullmatch(text) is not None


def may_be_guid(value: object) -> bool:
    """A GUID, or a zero for none."""
    text = _stated(value)
    return text is None or _GUID.fullmatch(text) is not None or not text.strip("0xX{}")


def may_be_logon(value: object) -> bool:
    """The id of a session: a number, in older logs a pair of them."""
    text = _stated(value)
    return text is None or _NUMBER.fullmatch(text) is not None or _OLD_LOGON.fullmatch(text) is not None


def may_be_address(value: object) -> bool:
    text = _stated(value)
    return text is None or address_key(text) is not None or text.lower().partition("%")[0] in _NO_ADDRESS


def may_be_time(value: object) -> bool:
    """Words of another language may be a time; a path, a name without any digit and another kind of value are none."""
    text = _stated(value)
    return text is None or not (_is_other(text, _TIME, _DATE, _NUMBER) or _ON_DISK.match(text) or not any(map(str.isdigit, text)))


def may_be_sid(value: object) -> bool:
    """A SID, or the account that a tool looked up for it."""
    text = _named(value)
    if text is None:
        return True
    return is_sid(text) if _LIKE_SID.match(text) else not (_is_other(text, _SID) or _ON_DISK.match(text))


def is_sid(text: str) -> bool:
    """Up to fifteen numbers of 32 bits behind the authority ([MS-DTYP] 2.4.2.1)."""
    return _SID.fullmatch(text) is not None and all(int(part) < 2**32 for part in text.split("-")[3:])


def may_be_task(value: object) -> bool:
    r"""The path of a scheduled task, which begins at the root of all of them."""
    text = _named(value)
    return text is None or text.startswith("\\")


def may_be_markup(value: object) -> bool:
    """XML, also escaped once more."""
    text = _named(value)
    return text is None or text.startswith(("<", "&lt;"))


def may_be_account(value: object, domain: object = None) -> bool:
    r"""``DOMAIN\user`` or a name beside its domain. People are called by numbers, virtual machines by GUIDs."""
    text = _named(value)
    if text is None:
        return True
    realm, _, name = text.rpartition("\\")
    if _GUID.fullmatch(name):
        return (realm or present(domain) or "").lower() in _HOSTED
    if _SID.fullmatch(name):  # of an account that nobody knows any more
        return not realm and present(domain) is None
    is_nobody = text in _NOBODY or text.lower() in _STATES or _CODE.fullmatch(name) or _ADDRESS.fullmatch(name)
    is_path = "/" in name and "@" not in name  # with a realm it is a Kerberos service
    is_number = len(name) > _LONGEST_USER and _NUMBER.fullmatch(name) is not None
    is_name = _has_letters(name) and not (is_nobody or is_path or is_number or _NO_NAME.search(name) or _is_no_domain(name))
    return is_name and (not realm.strip("\\") or may_be_domain(realm.rstrip("\\")))


def may_be_own_account(value: object) -> bool:
    r"""``DOMAIN\user`` as the system itself names who acts; a name alone is one, too."""
    text = _named(value)
    realm = "" if text is None else text.rpartition("\\")[0].rstrip("\\")
    return may_be_account(value) and (not realm or may_be_own_domain(realm))


def may_be_domain(value: object) -> bool:
    """A domain's NetBIOS or DNS name, a machine, or ``.`` for this one; as a client states it also an address, or digits."""
    text = _named(value)
    return text is None or text == "." or address_key(text) is not None or _may_be_realm(text)


def may_be_own_domain(value: object) -> bool:
    """As the system itself names the domain of a session: no address, and not of digits alone, which Windows calls nothing by."""
    text = _named(value)
    return text is None or (_DIGITS_AND_DOTS.fullmatch(text) is None and _may_be_realm(text))


def _may_be_realm(text: str) -> bool:
    is_number = _NUMBER.fullmatch(text) is not None and (len(text) > _LONGEST_NETBIOS or not text.isdecimal())
    is_name = not (is_number or NO_DOMAIN.search(text) or _is_no_domain(text))
    return is_name and _has_letters(text) and address_key(text) is None and _may_be_full(text)


def may_be_machine(value: object) -> bool:
    """The name of a machine, or its address where that is all that an exporter knew."""
    text = _named(value)
    if text is None or address_key(text) is not None:
        return True
    is_name = not (NO_DOMAIN.search(text) or _is_other(text, _NUMBER) or text.lower() in _FLAGS or any(map(str.isspace, text)))
    # What NetBIOS would cut off follows DNS's rules.
    return is_name and _has_letters(text) and (len(text) <= _LONGEST_NETBIOS or not _NO_FULL.search(text)) and _may_be_full(text)


def may_be_program(value: object) -> bool:
    r"""The path of a program, or the bare name that the kernel's own processes have; no folder and no ``NT AUTHORITY\SYSTEM``."""
    text = _named(value)
    if text is None:
        return True
    text = text.strip('"')
    if _is_other(text) or '"' in text or _CODE.fullmatch(text) or text.endswith(("\\", "/", ";")):
        return False
    return "\\" not in text or _ROOTED.match(text) is not None or _WITH_ENDING.fullmatch(text) is not None


def may_be_file(value: object) -> bool:
    """A path with a folder in it."""
    text = _named(value)
    return text is None or _ROOTED.match(text) is not None or (any(mark in text for mark in "\\/") and may_be_program(text))


def may_be_folder(value: object) -> bool:
    text = _named(value)
    return text is None or _ROOTED.match(text.lstrip('"')) is not None or text[1:2] == ":"


def may_be_command(value: object) -> bool:
    """A command line may be nearly anything; a folder alone, an account, an identifier and a list of hashes are none."""
    text = _named(value)
    if text is None:
        return True
    is_folder = _ON_DISK.match(text) is not None and text.endswith("\\") and not any(map(str.isspace, text))
    return not (is_folder or _is_other(text) or _BUILT_IN.fullmatch(text))


def may_be_service(value: object) -> bool:
    """A service's command line; none of the words that stand beside it."""
    text = _named(value)
    return text is None or not (_is_other(text) or text.lower() in _SERVICE_KINDS | _SERVICE_STARTS)


def may_be_start(value: object) -> bool:
    """How a service starts: a number up to 4, or words."""
    text = _named(value)
    return text is None or text in "01234" or not (_is_other(text) or text.lower() in _SERVICE_KINDS)


def may_be_signer(value: object) -> bool:
    text = _named(value)
    return text is None or not (_is_other(text) or text.lower() in _STATES or _ON_DISK.match(text))


def may_be_pipe(value: object) -> bool:
    """Pipes have any names, those of GUIDs and numbers above all, and no drive."""
    text = _named(value)
    return text is None or not (_TIME.fullmatch(text) or _is_digests(text) or text[1:2] == ":")


def may_be_share(value: object) -> bool:
    r"""A share as the Security log writes it, ``\\*\C$``."""
    text = _named(value)
    return text is None or (text.startswith("\\") and not text.startswith("\\??"))


def may_be_share_folder(value: object) -> bool:
    r"""A share's folder as the Security log writes it, ``\??\C:\``."""
    text = _named(value)
    return text is None or (may_be_folder(text) and not text.startswith("\\\\*"))


def may_be_file_object(value: object) -> bool:
    """``File``, as Windows writes it in every language."""
    text = _named(value)
    return text is None or text.lower() == "file"


def may_be_hashes(value: object) -> bool:
    """``SHA256=…,MD5=…``, each as long as its kind of hash is, or one hash alone."""
    text = _named(value)
    return text is None or text.lower() == _NO_HASH or all(map(_is_hash, text.split(",")))


def may_be_digest(kind: str, value: object) -> bool:
    """One hash of a kind, as ``md5``."""
    text = _named(value)
    return text is None or (_DIGEST.fullmatch(text) is not None and len(text) == _LENGTHS[kind.upper()])


def _stated(value: object) -> str | None:
    """For readers to whom a flag is absence."""
    return None if isinstance(value, bool) else present(value)


def _named(value: object) -> str | None:
    """For readers of text, to whom a flag or a fraction would be a name."""
    return _NO_TEXT if isinstance(value, bool | float) else present(value)


def _is_hash(part: str) -> bool:
    kind, equals, digest = part.strip().rpartition("=")
    if not equals:
        return _DIGEST.fullmatch(digest) is not None and len(digest) in _LENGTHS.values()
    length = _LENGTHS.get(kind.upper())
    if length is None or not digest:  # of another kind, or of a file that could not be read
        return kind.isalnum()
    return _DIGEST.fullmatch(digest) is not None and len(digest) == length


def _is_digests(text: str) -> bool:
    kind, equals, _ = text.partition("=")
    return bool(equals) and kind.upper() in _LENGTHS and all(map(_is_hash, text.split(",")))


def _has_letters(text: str) -> bool:
    """Or digits, of any script: what is made of marks alone, or of what could not be decoded, names nothing."""
    return len(text) <= _LONGEST_NAME and any(map(str.isalnum, text))


def _may_be_full(text: str) -> bool:
    """Whether a name with a dot may be one of DNS; any without may."""
    return "." not in text or not _NO_FULL.search(text)


def _is_no_domain(text: str) -> bool:
    """Whether it is what stands beside a name or a domain."""
    is_code = _HEXADECIMAL.fullmatch(text) or _CODE.fullmatch(text)
    return bool(is_code) or _is_other(text, _NUMBER) or text.lower() in _PACKAGES | _FLAGS


def _is_other(text: str, *but: re.Pattern[str]) -> bool:
    """Whether it is a GUID, a time, a SID, a number or hashes, except those named."""
    return any(kind.fullmatch(text) for kind in (_GUID, _TIME, _DATE, _SID, _NUMBER) if kind not in but) or _is_digests(text)
