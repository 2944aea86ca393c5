"""Packet captures (pcap, pcapng): what SMB, DCE/RPC and NTLM say in them, and where the capture does not show what was said.

A record is a packet of the capture; a row is told with the number of the packet that ended what it is about. The dissector is
``tshark``, and what it cannot follow (encryption, lost or cut packets, broken messages) is told as a row of its own.

Source: the formats are those of pcap-savefile(5) and of the pcapng specification.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.model.records import Record
from graphcorr.sources import capture_files, capture_rpc
from graphcorr.sources.base import BATCH_SIZE
from graphcorr.sources.capture_files import is_pipe
from graphcorr.sources.capture_frames import Connections, Frame, Session, keep
from graphcorr.sources.capture_rpc import read_rpc
from graphcorr.sources.capture_smb import read_smb1, read_smb2
from graphcorr.sources.tshark import RESET, SEPARATOR, WANTED, Dissection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.sources.base import Batch, Context, Stream
    from graphcorr.sources.capture_frames import Connection, Row

_PCAP: Final = re.compile(rb"\xa1\xb2\xc3\xd4|\xd4\xc3\xb2\xa1|\xa1\xb2\x3c\x4d|\x4d\x3c\xb2\xa1|\xa1\xb2\xcd\x34|\x34\xcd\xb2\xa1")
_PCAPNG: Final = re.compile(rb"\x0a\x0d\x0d\x0a....(\x1a\x2b\x3c\x4d|\x4d\x3c\x2b\x1a)", re.DOTALL)
_NOTHING: Final = SEPARATOR * len(WANTED)
_CHALLENGE, _AUTHENTICATE = 2, 3
_WATCHED: Final = frozenset({445, 139, 135})
_encode: Final = msgspec.json.Encoder().encode


class CaptureFormat:
    name = "capture"
    is_binary = True

    def recognizes(self, head: bytes) -> bool:
        return bool(_PCAP.match(head) or _PCAPNG.match(head))

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        logs = context.wanted.captured
        if not logs:
            return
        reading = _Reading(logs)
        dissection = Dissection(stream)
        for line in dissection:
            reading.take(line)
            if reading.frames % BATCH_SIZE == 0 or len(reading.batch) >= BATCH_SIZE:
                context.records = reading.frames
                yield from reading.batches()
        reading.connections.close()
        context.records = reading.frames
        yield from reading.batches()
        if dissection.is_unable:
            context.unread, context.is_short = dissection.problem, True
        elif dissection.problem is not None:
            context.cut(dissection.problem)
        for reason, count in sorted(reading.blind.items()):
            context.notes.append(f"{count} connection{'s' if count > 1 else ''} could not be followed: {reason}")
        if reading.frames > RESET:
            context.notes.append(f"the dissector began anew after each {RESET} packets: a message that was under way then may be missing")


class _Reading:
    """One pass over the lines of a dissection."""

    def __init__(self, logs: Mapping[str, str]) -> None:
        self._logs = logs
        self.frames = 0
        self.batch: Batch = []
        self.blind: Counter[str] = Counter()
        """Reasons why connections could not be followed, with how many there are of each."""
        self.connections = Connections(self._end)

    def batches(self) -> Iterator[Batch]:
        batch, self.batch = self.batch, []
        for start in range(0, max(len(batch), 1), BATCH_SIZE):
            yield batch[start : start + BATCH_SIZE]

    def take(self, line: str) -> None:
        self.frames += 1
        if line.endswith(_NOTHING):
            return
        frame = Frame(line.split(SEPARATOR))
        for row in self._read(frame):
            self._tell(row)

    def _tell(self, row: Row) -> None:
        if row["row"] == "blind_spot":
            self.blind[str(row["reason"])] += 1
        log = self._logs.get(str(row["row"]))
        if log is not None:
            raw = _encode(row)
            self.batch.append(Record(log=log, number=max(self.frames, 1), raw=raw, fields=row, created=str(row["ts"])))

    def _end(self, connection: Connection) -> None:
        for row in (*capture_files.end(connection), *capture_rpc.end(connection)):
            self._tell(row)

    def _read(self, frame: Frame) -> Iterator[Row]:
        connection = self.connections.find(frame, from_client=_from_client(frame))
        if connection is None:
            return
        if frame.has("tcp.connection.synack") and not connection.is_told:
            connection.is_told = True
            yield connection.row("connection", frame.time)
        yield from _find_blindness(frame, connection)
        connection.handle = None
        if frame.has("ntlmssp.messagetype"):
            yield from _read_ntlm(frame, connection)
        if frame.has("smb2.cmd"):
            yield from read_smb2(frame, connection)
        elif frame.has("smb.cmd"):
            yield from read_smb1(frame, connection)
        if frame.has("dcerpc.pkt_type"):
            file = connection.files.get(connection.channel)
            pipe = file.name if file is not None and (is_pipe(file) or file.share is None) else None
            yield from read_rpc(frame, connection, pipe)


def _from_client(frame: Frame) -> bool | None:
    """Whether the client sends this, by what it says; None where it says nothing of it."""
    for name in ("smb2.flags.response", "smb.flags.response"):
        if (answers := frame.flag(name)) is not None:
            return not answers
    if (kind := frame.number_of("dcerpc.pkt_type")) is not None:
        return kind in (0, 11, 14, 16)
    if (message := frame.number_of("ntlmssp.messagetype")) is not None:
        return message != _CHALLENGE
    ends = frame.ends
    if ends is not None and ({ends[1], ends[3]} & _WATCHED):
        return ends[3] in _WATCHED
    return None


def _read_ntlm(frame: Frame, connection: Connection) -> Iterator[Row]:
    """A logon by NTLM: what the client says of itself, and what the server did when it challenged."""
    kind = frame.number_of("ntlmssp.messagetype")
    if kind == _CHALLENGE:
        names = (frame.one(f"ntlmssp.challenge.target_info.{name}_computer_name") for name in ("dns", "nb"))
        connection.server_name = next(filter(None, names), connection.server_name)
    if kind != _AUTHENTICATE:
        return
    user, domain, host = (_stated(frame.one(f"ntlmssp.auth.{name}")) for name in ("username", "domain", "hostname"))
    if user or host:
        session = frame.one("smb2.sesid") or frame.one("smb.uid")
        if session is not None:
            keep(connection.sessions, session, Session(user, domain, host))
        told = {"user": user, "domain": domain, "workstation": host, "server_name": connection.server_name}
        yield connection.row("ntlm", frame.time, **told)


def _stated(value: str | None) -> str | None:
    """None for what the dissector shows where the client states nothing."""
    return None if value in (None, "", "NULL") else value


def _find_blindness(frame: Frame, connection: Connection) -> Iterator[Row]:
    is_watched = connection.server[1] in _WATCHED or connection.files or connection.contexts
    if frame.has("smb2.header.transform.msg_size"):
        yield from connection.blind_spot(frame, "SMB2", "encrypted")
    if frame.has("smb2.header.comp_transform.original_size") and not frame.has("smb2.cmd"):
        yield from connection.blind_spot(frame, "SMB2", "compressed in a way that cannot be read")
    if not is_watched:
        return
    if frame.has("tcp.analysis.lost_segment"):
        yield from connection.blind_spot(frame, "TCP", "segments before this one are not in the capture")
    if frame.is_cut:
        yield from connection.blind_spot(frame, "TCP", "packets are cut off: the capture kept less than went over the wire")
    if frame.has("_ws.malformed"):
        yield from connection.blind_spot(frame, "SMB", "a message that the dissector could not read")


FORMAT = CaptureFormat()
