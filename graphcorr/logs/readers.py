"""The ways to read one logged field: each function here makes a ``Read`` that gives a clean value of one type, or None.

A read never raises: a value of a wrong type (an object where text is expected, a number beyond 64 bits) is absence,
because one odd field must not cost the record. What a field cannot be at all (an account that is a GUID) says that the record's
fields do not fit their names: then none of them is believed, see ``Fit``. A reader takes several names where formats or
versions spell a field differently; the first that says something wins.
"""

from __future__ import annotations

import re
from typing import Final

from graphcorr.logs import vectors
from graphcorr.logs.fields import Field, Fit, Joint
from graphcorr.model.records import FAILURE, SUCCESS
from graphcorr.syntax import fitting
from graphcorr.syntax.accounts import split_account
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.commands import names as command_names
from graphcorr.syntax.pipes import pipe_key
from graphcorr.syntax.times import ImpossibleTime, parse_time
from graphcorr.syntax.values import flag as flag_value
from graphcorr.syntax.values import guid as guid_value
from graphcorr.syntax.values import integer as integer_value
from graphcorr.syntax.values import present

_NOBODY: Final = "S-1-0-0"
_START_TYPES: Final = {"0": "boot start", "1": "system start", "2": "auto start", "3": "demand start", "4": "disabled"}
_ABSOLUTE: Final = re.compile(r"[A-Za-z]:\\|\\\\|\\\?\?\\|\\Device\\", re.IGNORECASE)
_RESULT: Final = re.compile(r"%%(18[01]\d)")
_GRANTING: Final = frozenset({"1801", "1804", "1806", "1808", "1811", "1813", "1815"})
_REFUSING: Final = frozenset({"1802", "1803", "1805", "1807", "1810", "1812", "1814", "1816"})
"""Message ids of msobjs.dll: granted by, by ownership, by an empty list …; denied by, not granted, not granted due to missing …"""
_CLEARED: Final = re.compile(r"\s*The (.+?) log file was cleared", re.DOTALL)


_NUMBER: Final = Fit("a number", fitting.may_be_number)
_FLAG: Final = Fit("true or false", fitting.may_be_flag)
_GUID: Final = Fit("a GUID", fitting.may_be_guid)
_LOGON: Final = Fit("the id of a session", fitting.may_be_logon)
_IP_ADDRESS: Final = Fit("an IP address", fitting.may_be_address)
_SECURITY_ID: Final = Fit("a SID", fitting.may_be_sid)
_ACCOUNT: Final = Fit("an account", fitting.may_be_account)
_OWN_ACCOUNT: Final = Fit("an account", fitting.may_be_own_account)
_DOMAIN_NAME: Final = Fit("a domain", fitting.may_be_domain)
_OWN_DOMAIN: Final = Fit("a domain", fitting.may_be_own_domain)
TIME: Final = Fit("a time", fitting.may_be_time)
_PROGRAM: Final = Fit("a program", fitting.may_be_program)
_FILE: Final = Fit("a file's path", fitting.may_be_file)
_FOLDER: Final = Fit("a folder", fitting.may_be_folder)
_COMMAND: Final = Fit("a command line", fitting.may_be_command)
_SERVICE: Final = Fit("a service's command line", fitting.may_be_service)
_START: Final = Fit("how a service starts", fitting.may_be_start)
_SIGNER: Final = Fit("a signer", fitting.may_be_signer)
_PIPE: Final = Fit("a pipe", fitting.may_be_pipe)
_SHARE: Final = Fit("a share", fitting.may_be_share)
_SHARE_FOLDER: Final = Fit("a share's folder", fitting.may_be_share_folder)
_HASHES: Final = Fit("a list of hashes", fitting.may_be_hashes)
_FILE_OBJECT: Final = Fit("the type of a file", fitting.may_be_file_object)


def text(*names: str) -> Field:
    """Text as logged, without blanks around it."""
    return Field(names, present, by_column=vectors.present)


def integer(*names: str, zero: bool = True, below: int = 2**63) -> Field:
    """A whole number from 0, decimal or ``0x…``. Not ``zero`` where 0 means that there is none, as for process ids."""
    least = 0 if zero else 1

    def convert(value: object) -> int | None:
        number = integer_value(value, least)
        return number if number is not None and number < below else None

    return Field(names, convert, _NUMBER, vectors.whole_numbers(least, min(below, 2**63 - 1)))


def port(*names: str) -> Field:
    """A TCP or UDP port. Windows writes 0 where it knows none."""
    return integer(*names, zero=False, below=65_536)


def flag(*names: str) -> Field:
    """True, False, or None where the text is neither."""
    return Field(names, flag_value, _FLAG)


def accepted(*names: str) -> Field:
    """Whether a status is that of success, 0."""
    return Field(names, _accepted)


def guid(*names: str) -> Field:
    """A GUID in lower case without braces; the zero GUID is absence."""
    return Field(names, guid_value, _GUID)


def logon_id(*names: str) -> Field:
    """``0x…`` in lower case without leading zeros, also from decimals; zero is absence."""
    return Field(names, _logon_id, _LOGON)


def handle(*names: str) -> Field:
    """The handle of an object, ``0x…``; a number that its process uses again for another object, once it is closed."""
    return Field(names, _logon_id, _NUMBER)


def address(*names: str) -> Field:
    """An IP address in canonical text, see :func:`graphcorr.syntax.addresses.address_key`."""
    return Field(names, _address, _IP_ADDRESS)


def sid(*names: str) -> Field:
    """A SID; the nobody SID is absence."""
    return Field(names, _sid, _SECURITY_ID)


def account(*names: str) -> Field:
    r"""The user of a field that holds ``DOMAIN\user``, as a client may have stated it."""
    return Field(names, _user, _ACCOUNT)


def own_account(*names: str) -> Field:
    r"""The user of a field that holds ``DOMAIN\user``, as the system that logs it knows who acts."""
    return Field(names, _user, _OWN_ACCOUNT)


def domain(*names: str) -> Field:
    r"""The domain of a field that holds ``DOMAIN\user``."""
    return Field(names, _domain)


def person(name: str, domain: str) -> Joint:
    """An account's name that has its domain in another field."""
    return Joint((name, domain), _first, _ACCOUNT)


def realm(*names: str) -> Field:
    """The domain of an account that has its name in another field, as a client may have stated it."""
    return Field(names, present, _DOMAIN_NAME)


def own_realm(*names: str) -> Field:
    """The domain of a session's account, as the system that logs it knows it."""
    return Field(names, present, _OWN_DOMAIN)


def program(*names: str) -> Field:
    """The path of a program as logged."""
    return Field(names, present, _PROGRAM)


def file(*names: str) -> Field:
    """The path of a file as logged."""
    return Field(names, present, _FILE)


def folder(*names: str) -> Field:
    """The path of a folder as logged."""
    return Field(names, present, _FOLDER)


def command(*names: str) -> Field:
    """A command line as logged."""
    return Field(names, present, _COMMAND)


def service_command(*names: str) -> Field:
    """The command line of a service as logged."""
    return Field(names, present, _SERVICE)


def signer(*names: str) -> Field:
    """Who signed a file."""
    return Field(names, present, _SIGNER)


def share(*names: str) -> Field:
    r"""A share as logged, ``\\*\C$``."""
    return Field(names, present, _SHARE)


def share_folder(*names: str) -> Field:
    r"""A share's folder as logged, ``\??\C:\``."""
    return Field(names, present, _SHARE_FOLDER)


def file_object(*names: str) -> Field:
    """The type of an object that is a file in every record, as those about shares are."""
    return Field(names, present, _FILE_OBJECT)


def hashes(*names: str) -> Field:
    """``SHA256=…,MD5=…`` as logged."""
    return Field(names, present, _HASHES)


def pipe(*names: str) -> Field:
    """A pipe's name as :func:`graphcorr.syntax.pipes.pipe_key` gives it: lower case, without its prefix."""
    return Field(names, _pipe, _PIPE)


def moment(*names: str) -> Field:
    """A time in microseconds. An impossible one is absence here: it is not the event's own."""
    return Field(names, _moment, TIME, vectors.epochs)


def start_type(*names: str) -> Field:
    """How a service starts, in the words of 7045; 4697 has the number."""
    return Field(names, _start_type, _START)


def relative_pipe(share: str, name: str) -> Joint:
    """The pipe of a record about a share's file: on ``IPC$`` the relative name is a pipe, elsewhere there is none."""
    return Joint((share, name), _relative_pipe)


def object_file(kind: str, name: str) -> Joint:
    """The path of an accessed object that is a file; registry keys, devices and processes have names of other kinds."""
    return Joint((kind, name), _object_file)


def checked(*names: str) -> Field:
    """The outcome of an access check by its results for the single rights, as ``AccessReason`` lists them: refused where one is."""
    return Field(names, _checked)


def names(command_line: str, image: str) -> Joint:
    """Case-folded base names that a program and its command line may refer to; None when both are unknown."""
    return Joint((command_line, image), _names)


def constant(value: str) -> Joint:
    """The same for every record of the log type."""
    return Joint((), lambda: value)


def if_present(marker: str, read: Field) -> Joint:
    """``read``, but only where the record has ``marker``."""

    def combine(mark: object, *values: object) -> object:
        return None if mark is None else read(dict(zip(read.names, values, strict=True)))

    return Joint((marker, *read.names), combine)


def cleared_channel(channel: str, message: str) -> Joint:
    """The log that 104 says was cleared, case-folded.

    In EVTX and winlogbeat the event's own ``Channel`` names it. Flat exports put the channel that the record stands in
    over it (always System), so there only the English message tells, and without one nothing does.
    """
    return Joint((channel, message, "EventID"), _cleared_channel)


def _checked(value: object) -> str | None:
    results = set(_RESULT.findall(value)) if isinstance(value, str) else set()
    return FAILURE if results & _REFUSING else SUCCESS if results & _GRANTING else None


def _first(value: object, *_: object) -> str | None:
    return present(value)


def _relative_pipe(share: object, relative: object) -> str | None:
    if type(share) is str and type(relative) is str and share.rstrip().lower().endswith("ipc$"):
        return pipe_key(relative)
    return None


def _object_file(kind: object, name: object) -> str | None:
    path = present(name)
    is_file = type(kind) is str and kind.strip().lower() == "file"
    return path if is_file and path is not None and _ABSOLUTE.match(path) else None


def _names(command_line: object, image: object) -> list[str] | None:
    line, program = present(command_line), present(image)
    return None if line is None and program is None else command_names(line or "", program)


def _cleared_channel(channel: object, message: object, event_id: object) -> str | None:
    match = _CLEARED.match(message) if type(message) is str else None
    name = match[1] if match else None if event_id is not None else present(channel)
    return None if name is None else name.casefold()


def _address(value: object) -> str | None:
    return address_key(value) if isinstance(value, str) else None


def _logon_id(value: object) -> str | None:
    number = integer_value(value)
    return f"{number:#x}" if number else None


def _accepted(value: object) -> bool | None:
    number = integer_value(value)
    return None if number is None else number == 0


def _sid(value: object) -> str | None:
    found = present(value)
    return None if found == _NOBODY else found


def _user(value: object) -> str | None:
    return split_account(None, present(value))[1]


def _domain(value: object) -> str | None:
    return split_account(None, present(value))[0]


def _pipe(value: object) -> str | None:
    return pipe_key(present(value))


def _moment(value: object) -> int | None:
    try:
        parsed = parse_time(value)
    except ImpossibleTime:
        return None
    return None if parsed is None else parsed[0]


def _start_type(value: object) -> str | None:
    found = present(value)
    return None if found is None else _START_TYPES.get(found, found)
