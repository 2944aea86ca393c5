"""Zeek files.log: a file seen in any protocol.

Source: Zeek's script reference, base/frameworks/files/main.zeek, Files::Info, and its changes in 5.1.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.claims import NEVER
from graphcorr.logs.readers import flag, integer, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.logs.wire import file_end, file_name, first, hashes, seconds
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-files",
    title="Files",
    source=ZeekLog("files", frozenset({"fuid", "seen_bytes", "missing_bytes"})),
    vantage=Vantage.SENSOR,
    testifies=(
        Testimony(Kind.TRANSFER),
        # Content that the client sent is a write of the file that smb_files.log has it open: here is no share.
        Testimony(Kind.WRITE, NEVER),
    ),
    needs=("fuid", "size"),
    columns={
        # Before Zeek 5.1 a row had sets of senders, receivers and connections in place of one connection.
        "uid": first("uid", "conn_uids"),
        "source_address": file_end("id.orig_h", originator=True),
        "source_port": integer("id.orig_p", below=65_536),
        "target_address": file_end("id.resp_h", originator=False),
        "target_port": integer("id.resp_p", below=65_536),
        "fuid": text("fuid"),
        "protocol": text("source"),
        "relative_path": file_name("filename"),
        "mime_type": text("mime_type"),
        "hashes": hashes("md5", "sha1", "sha256"),
        "from_originator": flag("is_orig"),
        "size": integer("seen_bytes"),
        "duration": seconds("duration"),
    },
    says=Saying("file {fuid}[ {relative_path}][ ({mime_type})], {size or 'no'} bytes[ over {protocol}]"),
    provides=(
        "Content seen on the wire: type by magic bytes, hashes, bytes seen, direction. "
        "From the originator over SMB it is a write, whatever smb_files.log says."
    ),
    absent=(
        "the share",
        "hashes, unless the analyzers are on",
        "content of encrypted protocols",
    ),
)
