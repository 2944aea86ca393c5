"""Which file a command packs, fetches or sends: of the programs whose options decide which word it is, read word by word.

Sources: the manuals of 7-Zip, RAR, Info-ZIP's zip, tar (bsdtar, which Windows brings), curl, wget, rclone, PuTTY's pscp and OpenSSH's scp;
Microsoft's command reference for certutil, bitsadmin and makecab.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.syntax.behavior_rules import ARCHIVED, FETCHED, LOCKED, SENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Filed(NamedTuple):
    """What was done, by technique and way, and with which file."""

    technique: str
    way: str
    object: str


_URL: Final = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_REMOTE: Final = re.compile(r"(?:[^\\/:@\s]+@)?[A-Za-z0-9][\w.-]+:")
"""A remote's name or a host's before a path; one letter is a drive."""


def _is_switch(word: str) -> bool:
    return word[:1] in {"-", "/"}


def _archiver(adds: frozenset[str], locks: tuple[str, ...]) -> Callable[[Sequence[str]], Iterator[Filed]]:
    """``a -pSecret out.7z docs``: the first operand behind the command is the archive."""

    def read(words: Sequence[str]) -> Iterator[Filed]:
        if words and words[0].lower() in adds and (name := next((word for word in words[1:] if word[:1] != "-"), None)):
            locked = any(word.lower().startswith(lock) and len(word) > len(lock) for word in words for lock in locks)
            yield Filed("T1560.001", LOCKED if locked else ARCHIVED, name)

    return read


def _operands(words: Sequence[str], valued: frozenset[str], marks: str = "-") -> list[str]:
    """The words that are no options and no option's value; ``valued`` are options with a value of its own."""
    found: list[str] = []
    skips = False
    for word in words:
        if skips:
            skips = False
        elif word[:1] in marks and len(word) > 1:
            skips = word in valued or word.lower() in valued
        else:
            found.append(word)
    return found


def _zip(words: Sequence[str]) -> Iterator[Filed]:
    if operands := _operands(words, frozenset({"-P", "--password", "-b", "-t", "-tt", "-n"})):
        yield Filed("T1560.001", LOCKED if {"-P", "--password", "-e"} & set(words) else ARCHIVED, operands[0])


def _makecab(words: Sequence[str]) -> Iterator[Filed]:
    operands = _operands(words, frozenset({"/d", "/f", "/l"}), "/")
    if len(operands) > 1:
        yield Filed("T1560.001", ARCHIVED, operands[1])


_TAR_VALUES: Final = frozenset({"-C", "--directory", "--exclude", "-X", "--exclude-from", "-T", "--files-from", "--format", "-s"})


def _tar(words: Sequence[str]) -> Iterator[Filed]:
    creates, name, takes = False, None, ""
    for at, word in enumerate(words):
        if takes:
            name, takes = (word if takes == "file" and name is None else name), ""
        elif word in _TAR_VALUES:
            takes = "value"
        elif word.startswith("--"):
            creates = creates or word == "--create"
            takes = "file" if word == "--file" else ""
            name = word.partition("=")[2] if word.startswith("--file=") else name
        elif word[:1] == "-" or at == 0:
            letters = word.lstrip("-")
            creates = creates or ("c" in letters and not {"x", "t"} & set(letters))
            takes = "file" if letters.endswith("f") else ""
    if creates and name not in {None, "-"}:
        yield Filed("T1560.001", ARCHIVED, str(name))


def _base(url: str) -> str | None:
    """The last part of an address, under which what is fetched is kept where no other name is given."""
    name = url.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")
    return name[2] if name[1] else None


def _certutil(words: Sequence[str]) -> Iterator[Filed]:
    if not any(word.lower().lstrip("-/") in {"urlcache", "verifyctl"} for word in words if _is_switch(word)):
        return
    at = next((at for at, word in enumerate(words) if _URL.match(word)), None)
    if at is not None:
        name = next((word for word in words[at + 1 :] if not _is_switch(word)), None) or _base(words[at])
        if name:
            yield Filed("T1105", FETCHED, name)


def _bitsadmin(words: Sequence[str]) -> Iterator[Filed]:
    if any(word.lower() in {"/transfer", "/addfile"} for word in words):
        for at, word in enumerate(words[:-1]):
            if _URL.match(word) and not _URL.match(words[at + 1]):
                yield Filed("T1105", FETCHED, words[at + 1])


_CURL_LONG: Final = {"--upload-file": "T", "--form": "F", "--data": "d", "--data-binary": "d", "--output": "o", "--remote-name": "O"}
_CURL_VALUED: Final = frozenset("ABCDEFHKPQTUXYbcdehmortuwxyz")
"""Short options of curl with a value, which is the rest of their word or the next one."""
_CURL_LONG_VALUED: Final = frozenset(
    {"--output-dir", "--header", "--user", "--user-agent", "--proxy", "--request", "--cookie", "--referer", "--max-time", "--retry"}
)


def _curl_options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option with its value, by its letter; operands have none."""
    waiting = ""
    for word in words:
        if waiting:
            yield waiting, word
            waiting = ""
        elif word.startswith("--"):
            name, equals, value = word.partition("=")
            if name in _CURL_LONG and name != "--remote-name" and not equals:
                waiting = _CURL_LONG[name]
            elif name in _CURL_LONG:
                yield _CURL_LONG[name], value
            elif name in _CURL_LONG_VALUED and not equals:
                waiting = "?"
        elif word[:1] == "-" and len(word) > 1:
            for at, letter in enumerate(word[1:], 1):
                if letter in _CURL_VALUED:
                    if word[at + 1 :]:
                        yield letter, word[at + 1 :]
                    else:
                        waiting = letter
                    break
                yield letter, ""
        else:
            yield "", word


def _curl(words: Sequence[str]) -> Iterator[Filed]:
    told = list(_curl_options(words))
    addresses = [value for letter, value in told if not letter]
    for letter, value in told:
        if letter == "T" and value != "-":
            yield Filed("T1048", SENT, value)
        elif letter == "F" and (found := re.search(r"=[@<]\"?([^;\"]+)", value)):
            yield Filed("T1048", SENT, found[1])
        elif letter == "d" and value.startswith("@") and len(value) > 1:
            yield Filed("T1048", SENT, value[1:])
        elif letter == "o" and addresses and value != "-":
            yield Filed("T1105", FETCHED, value)
        elif letter == "O" and addresses and (name := _base(addresses[-1])):
            yield Filed("T1105", FETCHED, name)


def _wget(words: Sequence[str]) -> Iterator[Filed]:
    url = next((word for word in words if _URL.match(word)), None)
    if url is None:
        return
    named = next((words[at + 1] for at, word in enumerate(words[:-1]) if word in {"-O", "--output-document"}), None)
    named = named or next((word.partition("=")[2] for word in words if word.startswith("--output-document=")), None)
    name = named or _base(url)
    if name and name != "-":
        yield Filed("T1105", FETCHED, name)


def _rclone(words: Sequence[str]) -> Iterator[Filed]:
    operands = _operands(words, frozenset({"--config", "--transfers", "--bwlimit", "--include", "--exclude"}))
    if len(operands) < 3 or operands[0].lower() not in {"copy", "copyto", "sync", "move", "moveto"}:
        return
    if _REMOTE.match(operands[2]) and not _REMOTE.match(operands[1]):
        yield Filed("T1567.002", SENT, operands[1])


def _scp(words: Sequence[str]) -> Iterator[Filed]:
    operands = _operands(words, frozenset({"-P", "-i", "-l", "-pw", "-S", "-F", "-o", "-c", "-J"}))
    if len(operands) > 1 and _REMOTE.match(operands[-1]) and not _REMOTE.match(operands[0]):
        yield Filed("T1048.002", SENT, operands[0])


FILERS: Final[dict[str, Callable[[Sequence[str]], Iterator[Filed]]]] = {
    "7z": _archiver(frozenset({"a", "u"}), ("-p",)),
    "rar": _archiver(frozenset({"a", "m", "u", "mf"}), ("-p", "-hp")),
    "zip": _zip,
    "makecab": _makecab,
    "tar": _tar,
    "certutil": _certutil,
    "bitsadmin": _bitsadmin,
    "curl": _curl,
    "wget": _wget,
    "rclone": _rclone,
    "pscp": _scp,
}
"""By the program's table name; each gets the words behind it, without their quotes."""
