"""The dissector of packet captures, run as a process: the capture goes in as it is read, one line a packet comes out.

Nothing of the user's, of the system's or of the capture's own settings decides what comes out: folders for settings, plugins and
scripts are empty ones made for the run, no name is looked up, and what matters is set by options. The process ends with its
reader, however that ends: its input closes, and what it writes finds nobody.

Source: Wireshark's manual pages ``tshark`` and ``wireshark-filter``, and its display filter reference for the names of fields.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.sources.base import Stream

PROGRAM: Final = "tshark"
INSTALL: Final = f"packet captures are read by {PROGRAM} 4.0 or later: install the package {PROGRAM} (Debian, Ubuntu) or wireshark-cli"
RESET: Final = 250_000
"""Packets after which the dissector forgets what it knows of connections: it keeps some 1,300 bytes for each packet of SMB."""
SEPARATOR: Final = "\t"
AGGREGATOR: Final = "\x1f"
"""Between values of one field in one packet: no letter of a name."""

ALWAYS: Final = (
    *("frame.time_epoch", "frame.cap_len", "frame.len"),
    *("ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport", "tcp.seq_raw"),
)
"""What nearly every packet has, first in the line: where nothing follows, nobody wants the packet."""
WANTED: Final = (
    *("tcp.connection.syn", "tcp.connection.synack", "tcp.analysis.lost_segment", "_ws.malformed"),
    *("smb2.cmd", "smb2.flags.response", "smb2.flags.async", "smb2.msg_id", "smb2.sesid", "smb2.tid", "smb2.nt_status"),
    *("smb2.fid", "smb2.filename", "smb2.tree", "smb2.share_type", "smb2.write_length", "smb2.eof", "smb.access_mask"),
    *("smb2.file_rename_info", "smb2.disposition.delete_on_close", "smb.nt.create_options.delete_on_close"),
    *("smb2.header.transform.msg_size", "smb2.header.comp_transform.original_size"),
    *(
        "smb.cmd",
        "smb.flags.response",
        "smb.mid",
        "smb.pid",
        "smb.uid",
        "smb.tid",
        "smb.nt_status",
        "smb.error_class",
        "smb.path",
        "smb.file",
        "smb.fid",
    ),
    *("smb.old_file", "smb.service", "smb.data_len_low", "smb.data_len_high", "smb.count", "smb.end_of_file"),
    *("dcerpc.pkt_type", "dcerpc.cn_call_id", "dcerpc.cn_ctx_id", "dcerpc.cn_bind_to_uuid", "dcerpc.opnum", "dcerpc.stub_data"),
    *("svcctl.rc", "svcctl.servicename", "svcctl.binarypathname", "svcctl.hnd", "atsvc.atsvc_JobInfo.command", "atsvc.status"),
    *("ntlmssp.messagetype", "ntlmssp.auth.username", "ntlmssp.auth.domain", "ntlmssp.auth.hostname"),
    *("ntlmssp.challenge.target_info.nb_computer_name", "ntlmssp.challenge.target_info.dns_computer_name"),
)
FIELDS: Final = (*ALWAYS, *WANTED)

_OPTIONS: Final = (
    *("tcp.desegment_tcp_streams:TRUE", "tcp.reassemble_out_of_order:TRUE", "tcp.analyze_sequence_numbers:TRUE"),
    *("tcp.check_checksum:FALSE", "ip.check_checksum:FALSE", "smb.trans_reassembly:TRUE", "smb.dcerpc_reassembly:TRUE"),
    *("dcerpc.desegment_dcerpc:TRUE", "dcerpc.reassemble_dcerpc:TRUE", "nbss.desegment_nbss_commands:TRUE"),
)
_CHUNK: Final = 256 * 1024
_TOLD: Final = 64 * 1024
"""Most that is kept of what the dissector says of itself."""
_UNKNOWN_FIELDS: Final = "Some fields aren't valid"


class Dissection:
    """One run over one capture. Iterate for the lines; ``problem`` is then what the dissector said was wrong, or None."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.problem: str | None = None
        self.is_unable = False
        """The dissector is not there, or does not know what it is asked for: nothing was read."""

    def __iter__(self) -> Iterator[str]:
        program = shutil.which(PROGRAM)
        if program is None:
            self._refuse(f"there is no {PROGRAM}")
            return
        with tempfile.TemporaryDirectory(prefix="graphcorr-") as folder:
            try:
                process = subprocess.Popen(
                    [program, *_arguments()],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=_environment(program, Path(folder)),
                    cwd=folder,
                )
            except OSError as error:
                self._refuse(f"{PROGRAM} cannot be run ({error.strerror})")
                return
            yield from self._lines(process)

    def _lines(self, process: subprocess.Popen[bytes]) -> Iterator[str]:
        said = bytearray()
        feeder = threading.Thread(target=self._feed, args=(process,), daemon=True)
        listener = threading.Thread(target=_listen, args=(process, said), daemon=True)
        feeder.start()
        listener.start()
        assert process.stdout is not None
        try:
            for line in process.stdout:
                yield line.decode("utf-8", "replace").rstrip("\n")
        finally:
            process.stdout.close()
            if not _has_ended(process):
                process.kill()
            process.wait()
            feeder.join()
            listener.join()
        self._judge(process.returncode, said.decode("utf-8", "replace"))

    def _feed(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        try:
            with process.stdin as sink:
                while data := self._stream.read(_CHUNK):
                    sink.write(data)
        except OSError:
            return  # it has ended, and what it said tells why

    def _judge(self, code: int, said: str) -> None:
        if _UNKNOWN_FIELDS in said:
            unknown = " ".join(line.strip() for line in said.partition(_UNKNOWN_FIELDS)[2].splitlines()[1:])
            self._refuse(f"this {PROGRAM} does not know {unknown}")
            return
        told = [line.strip() for line in said.splitlines() if line.strip() and not _is_chatter(line)]
        if code or told:
            self.problem = " ".join(told)[:300] or f"{PROGRAM} ended with status {code}"

    def _refuse(self, why: str) -> None:
        self.problem, self.is_unable = f"{why}; {INSTALL}", True


def _arguments() -> list[str]:
    given = ["-n", "-r", "-", "-M", str(RESET), "-T", "fields"]
    given += ["-E", f"separator={SEPARATOR}", "-E", f"aggregator={AGGREGATOR}", "-E", "occurrence=a", "-E", "quote=n"]
    for option in _OPTIONS:
        given += ["-o", option]
    for name in FIELDS:
        given += ["-e", name]
    return given


def _environment(program: str, folder: Path) -> dict[str, str]:
    """Nothing of the caller's: settings, plugins and scripts are looked for in an empty folder."""
    own = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "TMPDIR", "WIRESHARK_CONFIG_DIR", "WIRESHARK_PLUGIN_DIR")
    return {"PATH": str(Path(program).parent), "LC_ALL": "C.UTF-8", "TZ": "UTC"} | dict.fromkeys(
        (*own, "WIRESHARK_EXTCAP_DIR"), str(folder)
    )


def _listen(process: subprocess.Popen[bytes], said: bytearray) -> None:
    assert process.stderr is not None
    with process.stderr as source:
        for line in source:
            if len(said) < _TOLD:
                said += line


def _is_chatter(line: str) -> bool:
    return line.startswith(("Running as user", "resetting session")) or "This could be dangerous" in line


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it ends by itself: it does as soon as its output is all read."""
    try:
        process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return False
    return True
