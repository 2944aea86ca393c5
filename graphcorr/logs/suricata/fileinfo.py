"""Suricata EVE fileinfo of SMB: the content of a file as it went over the wire, with who sent it.

Source: Suricata's user guide, "Eve JSON Format", event type fileinfo, and "File Extraction".
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.groups import SURICATA_SMB
from graphcorr.logs.readers import integer, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.logs.wire import digests, file_name, sent_by_client, smb_pipe
from graphcorr.model.kinds import Kind

_WRITTEN: Final = "from_originator AND size > 0 AND relative_path IS NOT NULL AND pipe IS NULL"

LOG_TYPE = LogType(
    name="suricata-fileinfo",
    title="Files over SMB",
    source=JsonLog(
        {"event_type": "fileinfo", "app_proto": "smb", "flow_id": None, "src_ip": None},
        time="timestamp",
        collector="host",
    ),
    vantage=Vantage.SENSOR,
    testifies=(
        # Content that a client sends goes into the file.
        Testimony(Kind.WRITE, _WRITTEN, strength=Strength.IMPLIED, prefer=1),
        Testimony(Kind.TRANSFER),
    ),
    needs=("target_address",),
    essential=("relative_path", "hashes"),
    columns={
        **SURICATA_SMB,
        "protocol": text("app_proto"),
        "share": text("smb.share"),
        "relative_path": file_name("fileinfo.filename"),
        "pipe": smb_pipe("smb.named_pipe", "smb.share", "fileinfo.filename"),
        "mime_type": text("fileinfo.magic"),
        "hashes": digests(md5="fileinfo.md5", sha1="fileinfo.sha1", sha256="fileinfo.sha256"),
        "from_originator": sent_by_client,
        "size": integer("fileinfo.size"),
    },
    says=Saying("{size} bytes of [{share}] {relative_path}[ from {source_address}] to {target_address}"),
    provides="A file's content on the wire: its size, its hashes, and whether the client sent it, which is a write.",
    absent=(
        "the account",
        "the share, in some versions: that of the session's own records stands in",
        "hashes, unless they are switched on",
        "everything in encrypted SMB 3",
    ),
)
