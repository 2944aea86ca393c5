"""Zeek's tab-separated logs: headers, and rows with marks for what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graphcorr.simulate import marks
from graphcorr.simulate.marks import to_template

_FIELDS: Final = {
    "conn": (
        ("ts", "time"),
        ("uid", "string"),
        ("id.orig_h", "addr"),
        ("id.orig_p", "port"),
        ("id.resp_h", "addr"),
        ("id.resp_p", "port"),
        ("proto", "enum"),
        ("service", "string"),
        ("duration", "interval"),
        ("orig_bytes", "count"),
        ("resp_bytes", "count"),
        ("conn_state", "string"),
        ("local_orig", "bool"),
        ("local_resp", "bool"),
        ("missed_bytes", "count"),
        ("history", "string"),
        ("orig_pkts", "count"),
        ("orig_ip_bytes", "count"),
        ("resp_pkts", "count"),
        ("resp_ip_bytes", "count"),
        ("tunnel_parents", "set[string]"),
    ),
    "smb_files": (
        ("ts", "time"),
        ("uid", "string"),
        ("id.orig_h", "addr"),
        ("id.orig_p", "port"),
        ("id.resp_h", "addr"),
        ("id.resp_p", "port"),
        ("fuid", "string"),
        ("action", "enum"),
        ("path", "string"),
        ("name", "string"),
        ("size", "count"),
        ("prev_name", "string"),
        ("times.modified", "time"),
        ("times.accessed", "time"),
        ("times.created", "time"),
        ("times.changed", "time"),
    ),
    "dce_rpc": (
        ("ts", "time"),
        ("uid", "string"),
        ("id.orig_h", "addr"),
        ("id.orig_p", "port"),
        ("id.resp_h", "addr"),
        ("id.resp_p", "port"),
        ("rtt", "interval"),
        ("named_pipe", "string"),
        ("endpoint", "string"),
        ("operation", "string"),
    ),
    "files": (
        ("ts", "time"),
        ("fuid", "string"),
        ("tx_hosts", "set[addr]"),
        ("rx_hosts", "set[addr]"),
        ("conn_uids", "set[string]"),
        ("source", "string"),
        ("depth", "count"),
        ("analyzers", "set[string]"),
        ("mime_type", "string"),
        ("filename", "string"),
        ("duration", "interval"),
        ("local_orig", "bool"),
        ("is_orig", "bool"),
        ("seen_bytes", "count"),
        ("total_bytes", "count"),
        ("missing_bytes", "count"),
        ("overflow_bytes", "count"),
        ("timedout", "bool"),
        ("parent_fuid", "string"),
    ),
}
LOGS: Final = tuple(_FIELDS)


@dataclass(frozen=True, slots=True)
class ZeekRow:
    """One row of the log ``log``: values by field name, unset where a field is not named."""

    log: str
    values: dict[str, str]


def header(log: str) -> bytes:
    """The lines that a Zeek log begins with."""
    names, types = zip(*_FIELDS[log], strict=True)
    return (
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
        f"#path\t{log}\n#open\t2024-03-11-08-00-00\n"
         "#fields\t" + "\t".join(names) + "\n#types\t" + "\t".join(types) + "\n"
    ).encode()  # fmt: skip


def render_zeek(row: ZeekRow) -> bytes:
    """The template of one row, without its line end. Zeek doubles the backslashes of a path."""
    return to_template("\t".join(row.values.get(name, "-").replace("\\", "\\\\") for name, _ in _FIELDS[row.log]).encode())


def _flow(source: str, port: str, target: str, target_port: str, uid: str) -> dict[str, str]:
    return {
        "ts": marks.EPOCH,
        "uid": uid,
        "id.orig_h": source,
        "id.orig_p": port,
        "id.resp_h": target,
        "id.resp_p": target_port,
    }


def conn(source: str, port: str, target: str, target_port: str, *, uid: str, service: str = "-", sent: str = "1200") -> ZeekRow:
    return ZeekRow(
        "conn",
        _flow(source, port, target, target_port, uid)
        | {
            "proto": "tcp",
            "service": service,
            "duration": "0.482113",
            "orig_bytes": sent,
            "resp_bytes": "2048",
            "conn_state": "SF",
            "local_orig": "T",
            "local_resp": "T",
            "missed_bytes": "0",
            "history": "ShADadFf",
            "orig_pkts": "12",
            "orig_ip_bytes": "1832",
            "resp_pkts": "10",
            "resp_ip_bytes": "2568",
            "tunnel_parents": "(empty)",
        },
    )


def smb_file(source: str, port: str, target: str, *, uid: str, fuid: str, action: str, share: str, name: str, size: str) -> ZeekRow:
    r"""``share`` as ``\\host\C$``, ``name`` below it; ``action`` as ``FILE_WRITE``, which Zeek logs only when told to."""
    return ZeekRow(
        "smb_files",
        _flow(source, port, target, "445", uid)
        | {"fuid": fuid, "action": f"SMB::{action}", "path": share, "name": name, "size": size, "times.modified": marks.EPOCH},
    )


def rpc(source: str, port: str, target: str, *, uid: str, endpoint: str, operation: str) -> ZeekRow:
    return ZeekRow(
        "dce_rpc",
        _flow(source, port, target, "445", uid)
        | {"rtt": "0.000713", "named_pipe": rf"\pipe\{endpoint}", "endpoint": endpoint, "operation": operation},
    )


def transfer(source: str, target: str, *, uid: str, fuid: str, name: str, size: str, mime_type: str = "-") -> ZeekRow:
    """A file that Zeek saw pass from ``source`` to ``target`` inside SMB."""
    return ZeekRow(
        "files",
        {
            "ts": marks.EPOCH,
            "fuid": fuid,
            "tx_hosts": source,
            "rx_hosts": target,
            "conn_uids": uid,
            "source": "SMB",
            "depth": "0",
            "analyzers": "(empty)",
            "mime_type": mime_type,
            "filename": name,
            "duration": "0.012000",
            "local_orig": "T",
            "is_orig": "T",
            "seen_bytes": size,
            "total_bytes": size,
            "missing_bytes": "0",
            "overflow_bytes": "0",
            "timedout": "F",
        },
    )
