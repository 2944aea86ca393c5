"""Readers for what only monitors' logs have: sets, intervals, principals, and names whose meaning hangs on other fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphcorr.logs import vectors
from graphcorr.logs.fields import Field, Fit, Joint, Whole
from graphcorr.logs.readers import address
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.fitting import may_be_digest
from graphcorr.syntax.pipes import pipe_key
from graphcorr.syntax.values import flag, integer, present

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.logs.base import Fields, Read
    from graphcorr.model.blocks import Column

_SECOND: Final = 1_000_000
_LONGEST_SECONDS: Final = 2**63 / _SECOND
_SLASH: Final = "\\"
_ACTION: Final = "action"
_NO: Final = pa.scalar(False)
_SMB: Final = (445, 139)
_ROOT: Final = "<share_root>"
"""Zeek's name for the share's own folder, which the protocol writes as an empty name."""


def elements(value: object) -> list[str]:
    """What a set or vector holds; a reader of TSV that does not split it gives its text with commas."""
    parts: Iterable[object]
    if type(value) is str:
        parts = value.split(",")
    elif isinstance(value, (list, tuple)):
        parts = value
    else:
        return []
    return [part for part in map(present, parts) if part is not None]


def items(name: str) -> Whole:
    """All elements of a set or vector, None when there are none."""
    return Whole((name,), lambda fields: elements(fields.get(name)) or None)


def first(*names: str) -> Whole:
    """The first element of the first field that has one: a connection's uid, or the first of several."""

    def read(fields: Fields) -> str | None:
        for name in names:
            found = elements(fields.get(name))
            if found:
                return found[0]
        return None

    return Whole(names, read)


def joined(name: str) -> Whole:
    """All elements, with commas between them."""
    return Whole((name,), lambda fields: ",".join(elements(fields.get(name))) or None)


def seconds(*names: str) -> Field:
    """An interval in seconds, to whole microseconds."""
    return Field(names, _seconds, by_column=vectors.seconds)


def principal(name: str, *, realm: bool) -> Field:
    """One half of a Kerberos ``client/REALM``. The client may have slashes of its own (``host/web.example.org/REALM``)."""
    return Field((name,), _realm if realm else _client)


def hashes(*names: str) -> Joint:
    """``MD5=…,SHA1=…`` with the digits in upper case, as Sysmon writes them, so that both compare as text."""

    def read(*values: object) -> str | None:
        found = zip(names, map(present, values), strict=True)
        return ",".join(f"{name.upper()}={value.upper()}" for name, value in found if value is not None) or None

    def may_be(*values: object) -> bool:
        return all(map(may_be_digest, names, values))

    return Joint(names, read, Fit("a hash of its kind", may_be))


def file_end(*names: str, originator: bool) -> Whole:
    """The address of one end of a file's connection.

    Before Zeek 5.1 the row says who sent and who received; ``is_orig`` (the originator sent) turns that into ends.
    """

    stated = address(*names)

    def read(fields: Fields) -> object:
        key = stated(fields)
        if key is not None:
            return key
        sent_by_originator = flag(fields.get("is_orig"))
        if sent_by_originator is None:
            return None
        hosts = elements(fields.get("tx_hosts" if sent_by_originator is originator else "rx_hosts"))
        # Several hosts are several connections, of which the row does not say which was which.
        return address_key(hosts[0]) if len(hosts) == 1 else None

    return Whole((*names, "is_orig", "tx_hosts", "rx_hosts"), read)


def server_side(sender: str, receiver: str) -> Read:
    """Of two fields that name the ends of something over SMB, the server's: its port tells which it is. None where neither port is SMB's.

    Suricata's ``src_port`` and ``dest_port`` are those of the sender and the receiver.
    """
    return end_by_port(_SMB, sender, receiver, server=True)


def client_side(sender: str, receiver: str) -> Read:
    """The client's, in the same way."""
    return end_by_port(_SMB, sender, receiver, server=False)


def end_by_port(ports: tuple[int, ...], sender: str, receiver: str, *, server: bool) -> Read:
    """Of two fields that name the ends of something, the server's or the client's, where one of ``ports`` tells which it is."""
    return lambda fields: _end(fields, ports, sender, receiver, server=server)


def sent_by_client(fields: Fields) -> bool | None:
    """Whether the sender of something over SMB is the client."""
    return _is_from_client(fields, _SMB)


def _is_from_client(fields: Fields, ports: tuple[int, ...]) -> bool | None:
    sender, receiver = integer(fields.get("src_port")), integer(fields.get("dest_port"))
    return True if receiver in ports else False if sender in ports else None


def digests(**names: str) -> Read:
    """As :func:`hashes`, of fields that are called otherwise: algorithm → name."""

    def read(fields: Fields) -> str | None:
        found = ((algorithm, present(fields.get(name))) for algorithm, name in names.items())
        return ",".join(f"{algorithm.upper()}={value.upper()}" for algorithm, value in found if value is not None) or None

    return read


def file_name(*names: str) -> Field:
    """A name in a share; the share's own folder is no file."""
    return Field(names, _file_name, by_column=_file_names)


def share_file(share: str, name: str) -> Joint:
    r"""``\\host\share\name`` where the share is known and the name is not a pipe's."""
    return Joint((share, name, _ACTION), _share_file, by_column=_share_files)


def share_pipe(share: str, name: str) -> Joint:
    """The name where it is a pipe's, without its prefix."""
    return Joint((share, name, _ACTION), _share_pipe, by_column=_share_pipes)


def smb_pipe(named: str, share: str, name: str) -> Joint:
    """The pipe that a record names as such, or by a name on ``IPC$``."""
    return Joint((named, share, name), _smb_pipe)


def rdp_cookie(*names: str) -> Field:
    """What a client of remote desktop calls its user, without the ``mstshash=`` of older releases."""
    return Field(names, _cookie)


def rpc_pipe(*names: str) -> Field:
    """The pipe that a call went through; over TCP Zeek writes the port in its place."""
    return Field(names, _rpc_pipe)


def _share_file(share: object, name: object, action: object) -> str | None:
    folder, file = present(share), present(name)
    if folder is None or file is None or file == _ROOT or _is_pipe(action, folder, file):
        return None
    return f"{folder.rstrip(_SLASH)}{_SLASH}{file.lstrip(_SLASH)}"


def _share_pipe(share: object, name: object, action: object) -> str | None:
    file = present(name)
    return None if file is None or file == _ROOT or not _is_pipe(action, present(share), file) else pipe_key(file)


def _is_pipe(action: object, share: str | None, name: str) -> bool:
    r"""By action, by share, or, in a session whose start was not seen, by the look of ``\svcctl``.

    Blind spot: a file without extension in the root of a share that is not known looks the same.
    """
    if type(action) is str and "::PIPE_" in action:
        return True
    if share is not None:
        return share.lower().endswith("ipc$")
    return name.startswith(_SLASH) and _SLASH not in name[1:] and "." not in name


def _file_names(names: Column) -> Column:
    return _where(pc.not_equal(files := vectors.present(names), pa.scalar(_ROOT)), files)


def _share_files(shares: Column, names: Column, actions: Column) -> Column:
    folders, files = vectors.present(shares), _file_names(names)
    joined = pc.binary_join_element_wise(pc.utf8_rtrim(folders, _SLASH), pc.utf8_ltrim(files, _SLASH), _SLASH)
    return _where(pc.invert(_are_pipes(actions, folders, files)), joined)


def _share_pipes(shares: Column, names: Column, actions: Column) -> Column:
    files = _file_names(names)
    return vectors.by_value(_where(_are_pipes(actions, vectors.present(shares), files), files), pipe_key)


def _are_pipes(actions: Column, shares: Column, names: Column) -> Column:
    """As :func:`_is_pipe`; the names are those that are known."""
    by_share = pc.ends_with(pc.utf8_lower(shares), "ipc$")
    by_look = pc.match_substring_regex(names, r"^\\[^\\.]*$")
    by_action = pc.coalesce(pc.match_substring(actions, "::PIPE_"), _NO)
    return pc.or_(by_action, pc.coalesce(by_share, by_look, _NO))


def _where(kept: Column, texts: Column) -> Column:
    return pc.if_else(kept, texts, pa.scalar(None, pa.string()))


def _smb_pipe(named: object, share: object, name: object) -> str | None:
    pipe, folder, file = present(named), present(share), present(name)
    if pipe is not None:
        return pipe_key(pipe)
    return pipe_key(file) if file is not None and folder is not None and folder.lower().endswith("ipc$") else None


def _end(fields: Fields, ports: tuple[int, ...], sender: str, receiver: str, *, server: bool) -> object:
    from_client = _is_from_client(fields, ports)
    if from_client is None:
        return None
    value = fields.get(receiver if from_client is server else sender)
    return address_key(value) if isinstance(value, str) else integer(value)


def _seconds(value: object) -> int | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < _LONGEST_SECONDS:
        return round(value * _SECOND)
    return None


def _client(value: object) -> str | None:
    found = present(value)
    return present(found.rpartition("/")[0]) if found is not None and "/" in found else found


def _realm(value: object) -> str | None:
    found = present(value)
    return present(found.rpartition("/")[2]) if found is not None and "/" in found else None


def _file_name(value: object) -> str | None:
    found = present(value)
    return None if found == _ROOT else found


def _cookie(value: object) -> str | None:
    found = present(value)
    return None if found is None else present(found.removeprefix("mstshash="))


def _rpc_pipe(value: object) -> str | None:
    return pipe_key(value) if isinstance(value, str) and integer(value) is None else None
