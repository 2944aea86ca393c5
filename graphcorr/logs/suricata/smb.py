"""Suricata EVE smb: what a client asked of a file server, one record for each request and its answer.

Source: Suricata's user guide, "Eve JSON Format", event type smb; MS-SMB2 2.2 for its commands; MS-NLMP 2.2.1 for who states which name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.claims import AUTHENTICATES, NTLM_NAME
from graphcorr.logs.groups import SURICATA_SMB
from graphcorr.logs.readers import person, realm, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.suricata_calls import CALLS, analyzer, failed, interface, operation, reason
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.logs.wire import file_name, smb_pipe
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import present

if TYPE_CHECKING:
    from graphcorr.logs.base import Fields

_DONE: Final = "success IS DISTINCT FROM FALSE"
_FILE: Final = f"{_DONE} AND pipe IS NULL"
_RENAMED: Final = f"{_FILE} AND previous_path IS NOT NULL AND relative_path IS NOT NULL"


_CALL: Final = "smb.dcerpc"
_called: Final = operation(_CALL, "opnum", "req.opnum")


def _action(fields: Fields) -> object:
    """None for the connection to the share itself, as of a session whose files are told by other records; a call by its operation."""
    if (called := _called(fields)) is not None:
        return called
    name = present(fields.get("smb.command"))
    return None if name is None or "TREE_CONNECT" in name.upper() else name


def _succeeded(fields: Fields) -> bool | None:
    found = present(fields.get("smb.status"))
    if failed(fields, _CALL):
        return False
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
        *CALLS,
        AUTHENTICATES,
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
        "action": _action,
        "success": _succeeded,
        "endpoint": interface(_CALL),
        "analyzer": analyzer(_CALL),
        "reason": reason(_CALL),
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
    says=Saying("{action or 'share connected'}[ of {endpoint}] [{share}][ {relative_path}][ from {source_address}] to {target_address}"),
    provides=(
        "Which client connected which share, opened, renamed or asked for which file, or made which call through a pipe; "
        "the account and the client's name by NTLM."
    ),
    absent=(
        "what was written: its fileinfo events have it",
        "arguments of calls: service names, command lines",
        "of calls through several pipes of one session at once, through which: the interface is then the one that was bound last",
        "the share of a session whose start was not seen",
        "everything in encrypted SMB 3",
        "servers at other ports than 445 and 139",
    ),
)
