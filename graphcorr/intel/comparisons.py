"""What the comparisons of a STIX pattern ask of a log: feeds as they are written, to observables in one spelling.

Comparisons that must hold together become alternatives; of each alternative every term must hold in one event. What is put
together here is what belongs together: a port and its address, a name and its folder, the hashes of one file.
"""

from __future__ import annotations

import ipaddress
import re
from itertools import islice, product
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.intel.observables import HIVES
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.folding import fold
from graphcorr.syntax.paths import base_name, path_key

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT: Final = 1_000
"""Terms of one pattern. ANDs of ORs multiply."""

Pair = tuple[str, str]
"""A kind of observable, see :mod:`graphcorr.intel.observables`, and the value that is asked for."""


class UnaskableError(ValueError):
    """No log can be asked this; the text says why."""


class Comparison(msgspec.Struct, frozen=True):
    """One comparison of a pattern: the object path without quotes and positions, and the text or number it is compared with."""

    path: str
    value: str = ""
    problem: str | None = None
    """Why it cannot be evaluated, whatever stands beside it."""
    subset: bool = False
    """ISSUBSET: anything in the range."""


_NETWORK: Final = "network"
"""An address, a name or a URL: the value tells which, because feeds put one in the place of another."""
_NAME: Final = "name"
"""A file's name, or its whole path."""
_FOLDER: Final = "folder"
_PATHS: Final = {
    "ipv4-addr:value": _NETWORK,
    "ipv6-addr:value": _NETWORK,
    "domain-name:value": _NETWORK,
    "hostname:value": _NETWORK,
    "x-opencti-hostname:value": _NETWORK,
    "url:value": _NETWORK,
    "domain-name:resolves_to_refs.value": _NETWORK,
    "network-traffic:src_ref.value": _NETWORK,
    "network-traffic:dst_ref.value": _NETWORK,
    "network-traffic:dst_ref.domain": _NETWORK,
    "network-traffic:src_port": "source_port",
    "network-traffic:dst_port": "target_port",
    "file:name": _NAME,
    "file:x_misp_fullpath": _NAME,
    "process:name": _NAME,
    "process:image_ref.name": _NAME,
    "process:binary_ref.name": _NAME,
    "file:parent_directory_ref.path": _FOLDER,
    "process:image_ref.parent_directory_ref.path": _FOLDER,
    "process:binary_ref.parent_directory_ref.path": _FOLDER,
    "directory:path": _FOLDER,
    "process:command_line": "command_line",
    "process:creator_user_ref.account_login": "account",
    "process:creator_user_ref.user_id": "account",
    "user-account:account_login": "account",
    "user-account:user_id": "account",
    "process:extensions.windows-service-ext.service_name": "service",
    "windows-registry-key:key": "registry_key",
    "file:extensions.windows-pebinary-ext.imphash": "imphash",
}
"""Object paths of STIX 2.0 and 2.1, MISP's and OpenCTI's own among them, to what they name."""

_FOLDED: Final = {spelled.replace("-", "").casefold(): kind for spelled, kind in _PATHS.items()}
_HASHES: Final = {"md5": 32, "sha1": 40, "sha256": 64, "imphash": 32}
"""Algorithms whose hashes logs give, and the digits of each."""
_WHOLE: Final = frozenset({"md5", "sha1", "sha256"})
"""Hashes of the whole content, which say everything that size, type and other hashes of it say."""
_UNTOLD: Final = {
    "email-addr": "mail is in no log that is read",
    "email-message": "mail is in no log that is read",
    "mutex": "a mutex is in no log that is read",
    "x509-certificate": "certificates are in no log that is read",
    "autonomous-system": "which autonomous system an address belongs to is in no log that is read",
    "mac-addr": "hardware addresses are not kept of the logs that are read",
    "software": "installed software is in no log that is read",
}
"""Objects of which nothing can be looked for."""
_WITHOUT_SOURCE: Final = {
    "file:size": "no log of Windows says how large a file is; the size is looked for only beside a hash, which implies it",
    "process:pid": "a process id means something on one machine, for a while",
    "windows-registry-key:values.data": "changes of the registry are not read, so that a value's data is not seen",
    "windows-registry-key:values.name": "changes of the registry are not read, so that a value's name is not seen",
    "network-traffic:protocols": "what a connection spoke is told by few logs, and not looked for",
}
_TYPE_OF_END: Final = re.compile(r"network-traffic:(?:src|dst)_ref\.type|domain-name:resolves_to_refs\.type")
"""Says nothing that the value beside it does not say."""
_POSITION: Final = re.compile(r"\[(?:\d+|\*)\]")
_HASH_PATH: Final = re.compile(r"((?:file|artifact|process):(?:[a-z_]+\.)*)(?:hashes\.)([A-Za-z0-9_-]+)", re.ASCII)
_SPELLINGS: Final = re.compile(r"[\[({](\.|:|://|@)[\])}]|[\[({]dot[\])}]", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.ASCII)
_WITH_PORT: Final = re.compile(r"([^\s:/\[\]]+):(\d{1,5})|\[([0-9a-f:.]+)\]:(\d{1,5})")
_DOMAIN: Final = re.compile(r"(?:[\w-]{1,63}\.)*[\w-]{1,63}")
_USUAL_PORT: Final = re.compile(r"(?<=^http://)([^/:?#]+):80(?=[/?#]|\Z)|(?<=^https://)([^/:?#]+):443(?=[/?#]|\Z)")
_OF_ACCOUNT: Final = {
    "%appdata%": ("appdata\\roaming",),
    "%localappdata%": ("appdata\\local",),
    "%temp%": ("appdata\\local\\temp", "windows\\temp"),
    "%tmp%": ("appdata\\local\\temp", "windows\\temp"),
    "%userprofile%": ("",),
}
"""Folders that each account has of its own: what stands behind them is looked for below any."""


def ask(comparisons: Sequence[Comparison]) -> list[list[Pair]]:
    """Comparisons that must hold together, as alternatives of terms. ``UnaskableError`` where one cannot be looked for."""
    given = [Comparison(_POSITION.sub("", one.path), one.value.strip(), one.problem, one.subset) for one in comparisons]
    given = _without_what_is_implied(given)
    choices: list[list[list[Pair]]] = _take_hashes(given)
    choices += _take_paths(given)
    choices += _take_endpoints(given)
    choices += [_read(one) for one in given]
    found: list[list[Pair]] = [[]]
    for choice in choices:
        found = [[*before, *one] for before, one in islice(product(found, choice), LIMIT + 1)]
        if len(found) > LIMIT:
            raise UnaskableError(f"it comes to more than {LIMIT} combinations")
    return [list(dict.fromkeys(one)) for one in found]


def _without_what_is_implied(given: list[Comparison]) -> list[Comparison]:
    """Without types of ends whose value stands there, and what else a hash says of the content of one file."""
    kinds = [_kind(one) for one in given]
    if any(kind == _NETWORK for kind in kinds):
        given = [one for one in given if not _TYPE_OF_END.fullmatch(one.path)]
    prefixes = {hashed[0] for one in given if one.problem is None and (hashed := _hash_of(one.path)) and hashed[1] in _WHOLE}
    kept = []
    for one in given:
        hashed = _hash_of(one.path)
        of_content = hashed is not None and hashed[1] not in _WHOLE and hashed[0] in prefixes
        described = hashed is None and _kind(one) in {None, "imphash"} and one.path.startswith("file:") and "file:" in prefixes
        if not of_content and not described:
            kept.append(one)
    return kept


def _hash_of(path: str) -> tuple[str, str] | None:
    """The object that a hash is of, and the algorithm in lower case without hyphens."""
    match = _HASH_PATH.fullmatch(path)
    return None if match is None else (match[1], re.sub(r"[-_]", "", match[2]).lower())


def _kind(one: Comparison) -> str | None:
    return _FOLDED.get(one.path.replace("-", "").casefold())


def _take_hashes(given: list[Comparison]) -> list[list[list[Pair]]]:
    """Several hashes of one content say the same, and a log gives those that it was told to give: one of them is enough."""
    of_object: dict[str, list[Comparison]] = {}
    for one in given:
        if one.problem is None and (hashed := _hash_of(one.path)) is not None:
            of_object.setdefault(hashed[0], []).append(one)
    choices = []
    for same in of_object.values():
        pairs = dict.fromkeys(_read_hash(one) for one in same)
        # Two of one algorithm cannot both hold of one content, and are left to contradict each other.
        whole = len({kind for kind, _ in pairs}) == len(pairs) and all(kind in _WHOLE for kind, _ in pairs)
        choices += [[[pair] for pair in pairs]] if whole else [[[pair]] for pair in pairs]
        for one in same:
            given.remove(one)
    return choices


def _read_hash(one: Comparison) -> Pair:
    hashed = _hash_of(one.path)
    assert hashed is not None  # asked before
    value = one.value.lower()
    if hashed[1] not in _HASHES:
        raise UnaskableError(
            f"no log that is read gives {one.path.rpartition('.')[2]} of files; MD5, SHA-1, SHA-256 and IMPHASH are looked for"
        )
    if not re.fullmatch(r"[0-9a-f]+", value):
        raise UnaskableError(f"{one.value[:80]!r} is no hash" if value else "it compares a hash with nothing")
    if len(value) != _HASHES[hashed[1]] and hashed[1] != "imphash":
        # The algorithm that has so many digits is meant: feeds confuse the names, never the lengths.
        meant = next((kind for kind in _WHOLE if _HASHES[kind] == len(value)), None)
        if meant is None:
            raise UnaskableError(f"{one.value[:80]!r} has not as many digits as a hash")
        return meant, value
    return hashed[1], value


def _take_paths(given: list[Comparison]) -> list[list[list[Pair]]]:
    """A name and its folder are one path."""
    names = [one for one in given if _kind(one) == _NAME and one.problem is None and not re.search(r"[\\/]", one.value)]
    folders = [one for one in given if _kind(one) == _FOLDER and one.problem is None]
    if len(names) != 1 or len(folders) != 1 or not names[0].value:
        return []
    given.remove(names[0])
    given.remove(folders[0])
    folder = folders[0].value.rstrip("\\/")
    return [_read_path(f"{folder}\\{names[0].value}")]


def _take_endpoints(given: list[Comparison]) -> list[list[list[Pair]]]:
    """A port and the address that has it; the address of the other end is none that has it."""
    choices = []
    for side, kind in (("src", "source_port"), ("dst", "target_port")):
        ports = [one for one in given if _kind(one) == kind and one.problem is None]
        ends = [one for one in given if one.path == f"network-traffic:{side}_ref.value"]
        sideless = [one for one in given if one.path in {"ipv4-addr:value", "ipv6-addr:value"}]
        ends = [one for one in ends or sideless if one.problem is None and _single_address(one.value) is not None]
        if len(ports) == 1 and len(ends) == 1:
            given.remove(ports[0])
            given.remove(ends[0])
            choices.append([[_endpoint(str(_single_address(ends[0].value)), _read_port(ports[0]))]])
    return choices


def _endpoint(address: str, port: str) -> Pair:
    return "endpoint", f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _read(one: Comparison) -> list[list[Pair]]:
    if one.problem is not None:
        raise UnaskableError(one.problem)
    kind = _kind(one)
    if kind is None:
        root = one.path.partition(":")[0]
        known = _UNTOLD.get(root) or next((why for path, why in _WITHOUT_SOURCE.items() if one.path.startswith(path)), None)
        raise UnaskableError(f"{one.path}: {known}" if known else f"{one.path} is not looked for in any log")
    if one.subset and kind != _NETWORK:
        raise UnaskableError(f"{one.path} is compared with a range, and has none")
    if not one.value:
        raise UnaskableError(f"it compares {one.path} with nothing")
    match kind:
        case "network":
            return _read_network(one)
        case "name":
            return _read_path(one.value)
        case "folder":
            return [[("folder", _path(one.value))]]
        case "source_port" | "target_port":
            return [[(kind, _read_port(one))]]
        case "registry_key":
            hive, slash, rest = one.value.casefold().replace("/", "\\").strip("\\").partition("\\")
            return [[(kind, f"{HIVES.get(hive, hive)}{slash}{rest}")]]
        case "imphash":
            return [[_read_hash(Comparison("file:hashes.IMPHASH", one.value))]]
        case "account":
            return [[(kind, fold(one.value))]]
        case _:
            return [[(kind, one.value.lower())]]


def _read_port(one: Comparison) -> str:
    if not one.value.isdecimal() or not 0 < int(one.value) < 65_536:
        raise UnaskableError(f"{one.value[:80]!r} is no port")
    return str(int(one.value))


def _single_address(value: str) -> str | None:
    """The address that a value is, also where it is written as a range of one."""
    text = _plain(value)
    head, slash, length = text.partition("/")
    if slash and not (length == "32" and ":" not in head) and length != "128":
        return None
    return address_key(head) if not _WITH_PORT.fullmatch(head) else None


def _plain(value: str) -> str:
    """A value without the marks that keep people from clicking on it."""
    text = _SPELLINGS.sub(lambda match: match[1] or ".", value.strip().lower())
    return re.sub(r"^h(?:xx|\*\*|tt)p", "http", text)


def _read_network(one: Comparison) -> list[list[Pair]]:
    """An address, a range of addresses, a name, each with or without a port, or a URL: whatever the value is."""
    text = _plain(one.value)
    if _SCHEME.match(text):
        return _read_url(text)
    if (single := _single_address(text)) is not None:
        return [[("address", single)]]
    if (network := _network(text)) is not None:
        return [[("address_range", network)]]
    if one.subset:
        raise UnaskableError(f"{one.value[:80]!r} is no range of addresses")
    if match := _WITH_PORT.fullmatch(text):
        host, port = match[1] or match[3], _read_port(Comparison(one.path, match[2] or match[4]))
        address = address_key(host)
        return [[_endpoint(address, port)]] if address else [[("domain", _read_domain(host)), ("target_port", port)]]
    if "/" in text:
        return [alternative for scheme in ("http", "https") for alternative in _read_url(f"{scheme}://{text}")]
    return [[("domain", _read_domain(text))]]


def _network(text: str) -> str | None:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if "/" not in text:
        return None
    if network.prefixlen == 0:
        raise UnaskableError(f"{text} is every address that there is")
    return str(network)


def _read_domain(text: str) -> str:
    text = text.rstrip(".")
    if text.startswith("*."):
        raise UnaskableError(f"{text[:80]!r} stands for many names, and only whole names are looked for")
    if not _DOMAIN.fullmatch(text):
        raise UnaskableError(f"{text[:80]!r} is neither an address nor a name" if text else "it compares domain with nothing")
    if not text.isascii():
        try:
            return text.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise UnaskableError(f"{text[:80]!r} is no name that DNS can have") from error
    return text


def _read_url(text: str) -> list[list[Pair]]:
    """The URL as logs of commands write it. One without a path is its host, and that many logs tell."""
    text = normalize_url(text)
    found: list[list[Pair]] = [[("url", text)]]
    rest = text.partition("://")[2].rpartition("@")[2]
    if rest and not re.search(r"[/?#]", rest):
        address = address_key(rest)
        match = None if address is not None else _WITH_PORT.fullmatch(rest)
        if match is None:
            found.append([("address", address)] if address else [("domain", _read_domain(rest))])
    return found


def normalize_url(text: str) -> str:
    """A URL in the one spelling in which both sides are compared: lower case, without its scheme's usual port and closing marks."""
    # A path minds case, and what is logged often does not: a sighting missed is worse than one too many.
    return _USUAL_PORT.sub(lambda match: match[1] or match[2], text.lower().rstrip("/.,;"))


def _read_path(value: str) -> list[list[Pair]]:
    """A bare name; a whole path; or the end of one, where the value does not begin at a root."""
    if not re.search(r"[\\/]", value):
        return [[("file_name", fold(value))]]
    if value.endswith(("\\", "/")):
        raise UnaskableError(f"{value[:80]!r} names a folder, not a file")
    if "*" in value or "?" in value.removeprefix("\\\\?\\").removeprefix("\\??\\"):
        raise UnaskableError(f"{value[:80]!r} stands for many paths, and only whole ones are looked for")
    text = value.replace("/", "\\")
    variable, slash, rest = fold(text).partition("\\")
    if slash and variable in _OF_ACCOUNT:
        tails = [f"{folder}\\{rest}".lstrip("\\") for folder in _OF_ACCOUNT[variable]]
        return [[("path_end", tail) if "\\" in tail else ("file_name", tail)] for tail in tails]
    if "%" in variable and path_key(text) is None:
        raise UnaskableError(f"{value[:80]!r}: which folder {variable} is depends on the machine")
    if (key := path_key(text)) is not None:
        return [[("path", key)]]
    tail = fold(text).strip("\\")
    return [[("path_end", tail)]] if base_name(tail) != tail else [[("file_name", tail)]]


def _path(value: str) -> str:
    """A folder in the spelling of keys; one that has no root is left to be compared as it stands."""
    key = path_key(value.replace("/", "\\"))
    return (key or fold(value.replace("/", "\\"))).rstrip("\\")
