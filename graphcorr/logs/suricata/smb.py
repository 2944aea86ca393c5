"""Suricata EVE smb: what a client asked of a file server, one record for each request and its answer.

Source: Suricata's user guide, "Eve JSON Format", event type smb; MS-SMB2 2.2 for its commands; MS-NLMP 2.2.1 for who states which name.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.claims import NTLM_NAME
from graphcorr.logs.fields import Joint
from graphcorr.logs.groups import SURICATA_SMB
from graphcorr.logs.readers import person, realm, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.logs.wire import file_name, smb_pipe
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import present

_DONE: Final = "success IS DISTINCT FROM FALSE"
_FILE: Final = f"{_DONE} AND pipe IS NULL"
_RENAMED: Final = f"{_FILE} AND previous_path IS NOT NULL AND relative_path IS NOT NULL"


def _action(command: object) -> str | None:
    """None for the connection to the share itself, as of a session whose files are told by other records."""
    name = present(command)
    return None if name is None or "TREE_CONNECT" in name.upper() else name


def _succeeded(status: object) -> bool | None:
    found = present(status)
    return None if found is None else found.upper() in {"STATUS_SUCCESS", "0X0"}


LOG_TYPE = LogType(
    name="suricata-smb",
    title="SMB requests",
    source=JsonLog({"event_type": "smb", "flow_id": None, "src_ip": None}, time="timestamp", collector="host"),
    vantage=Vantage.SENSOR,
    testifies=(
        Testimony(Kind.WRITE, _RENAMED, strength=Strength.IMPLIED, prefer=1),
        Testimony(Kind.REMOVAL, _RENAMED, {"relative_path": "previous_path"}),
        Testimony(
            Kind.SHARE_ACCESS,
            f"{_FILE} AND (share IS NOT NULL OR relative_path IS NOT NULL)",
            {"account": "target_user", "account_domain": "target_user_domain"},
        ),
        Testimony(Kind.PIPE_OPEN, f"{_DONE} AND pipe IS NOT NULL"),
        Testimony(
            Kind.NAME,
            "source_host IS NOT NULL",
            {"basis": f"'{NTLM_NAME}'", "bindings": "[{'address': source_address, 'name': source_host}]"},
        ),
    ),
    identity=True,
    needs=("target_address",),
    columns={
        **SURICATA_SMB,
        "action": Joint(("smb.command",), _action),
        "success": Joint(("smb.status",), _succeeded),
        "share": text("smb.share"),
        "share_type": text("smb.share_type"),
        "relative_path": file_name("smb.rename.to", "smb.filename"),
        "previous_path": file_name("smb.rename.from"),
        "pipe": smb_pipe("smb.named_pipe", "smb.share", "smb.filename"),
        "target_user": person("smb.ntlmssp.user", "smb.ntlmssp.domain"),
        "target_user_domain": realm("smb.ntlmssp.domain"),
        # What the client says of itself.
        "source_host": text("smb.ntlmssp.host"),
    },
    says=Saying("{action or 'share connected'} [{share}][ {relative_path}][ from {source_address}] to {target_address}"),
    provides="Which client connected which share, opened, renamed or asked for which file; the account and the client's name by NTLM.",
    absent=(
        "what was written: its fileinfo events have it",
        "the share of a session whose start was not seen",
        "everything in encrypted SMB 3",
        "servers at other ports than 445 and 139",
    ),
)
