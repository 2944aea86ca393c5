"""Columns that several log types fill alike, under the field names that their products share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.defender import acting_program, first_file, of_domain, whose, words
from graphcorr.logs.messages import labeled, stated
from graphcorr.logs.powershell import context_domain, context_user, of_context
from graphcorr.logs.readers import (
    account,
    address,
    domain,
    file,
    guid,
    handle,
    hashes,
    if_present,
    integer,
    logon_id,
    object_file,
    own_account,
    own_realm,
    person,
    port,
    program,
    realm,
    sid,
    text,
)
from graphcorr.logs.services import client_name, named_account, task, unnamed_sid
from graphcorr.logs.sysmon import operation, registrant, source_domain, source_user
from graphcorr.logs.wire import client_side, server_side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.logs.base import Read

SUBJECT: Final[Mapping[str, Read]] = {
    "user": person("SubjectUserName", "SubjectDomainName"),
    "user_domain": own_realm("SubjectDomainName"),
    "user_sid": sid("SubjectUserSid"),
    "logon_id": logon_id("SubjectLogonId"),
}
"""Security events: who asked, by the names of the manifest (every format keeps them)."""

TARGET: Final[Mapping[str, Read]] = {
    "target_user": person("TargetUserName", "TargetDomainName"),
    "target_user_domain": own_realm("TargetDomainName"),
    "target_logon_id": logon_id("TargetLogonId"),
}
"""Security events: whose session it is."""

REMOTE_DESKTOP: Final[Mapping[str, Read]] = {
    "target_user": person("AccountName", "AccountDomain"),
    "target_user_domain": own_realm("AccountDomain"),
    "target_logon_id": logon_id("LogonID"),
    "source_address": address("ClientAddress"),
    # As the client says itself; at the machine's own keyboard it is not known.
    "source_host": client_name("ClientName"),
}
"""Security events about the window station of a session, a remote desktop's mostly."""

DESKTOP_SESSION: Final[Mapping[str, Read]] = {
    "target_user": stated(own_account("User"), labeled("User")),
    "target_user_domain": stated(domain("User"), labeled("User")),
    "terminal_session": stated(integer("SessionID", below=2**31), labeled("Session ID")),
    # LOCAL, where somebody sits at the machine.
    "source_address": stated(address("Address"), labeled("Source Network Address")),
}
"""The session manager's own events: whose session, and from where."""

CLIENT: Final[Mapping[str, Read]] = {
    "source_address": address("IpAddress"),
    "source_port": port("IpPort"),
}
"""Security events that name a network client."""

TASK_CLIENT: Final[Mapping[str, Read]] = {
    **SUBJECT,
    "task": task("TaskName"),
    "client_pid": integer("ClientProcessId"),
    "client_locality": integer("RpcCallClientLocality", below=2**31),
}
"""Security events about scheduled tasks: who asked, and since Windows 10 from where."""

TASK_USER: Final[Mapping[str, Read]] = {
    "task": task("TaskName"),
    "user": named_account("UserName", "UserContext"),
    "user_domain": domain("UserName", "UserContext"),
    "user_sid": unnamed_sid("UserName", "UserContext"),
}
"""The scheduler's own events about tasks: the account that they name, or its SID."""

TICKET: Final[Mapping[str, Read]] = {
    **CLIENT,
    "target_user": account("TargetUserName"),  # of a service's ticket as NAME$@REALM
    "target_user_domain": realm("TargetDomainName"),
    "service": text("ServiceName"),
}
"""Security events of a domain controller about Kerberos tickets: whose, for which service, and at which address."""

HEADER_ACCOUNT: Final[Mapping[str, Read]] = {
    # NXLog looks it up and puts it beside the event's own data, also over an AccountName of the event's, and says so by AccountType.
    "user": if_present("AccountType", text("AccountName")),
    "user_domain": if_present("AccountType", text("Domain")),
    "user_sid": sid("UserID"),
}
"""Windows events whose header alone names who acted, where the format has it."""

SYSMON_PROCESS: Final[Mapping[str, Read]] = {
    "image": program("Image"),
    # ExecutionProcessID is the Sysmon service itself. Older NXLog exports lost ProcessId; then the GUID is all there is.
    "pid": integer("ProcessId", zero=False),
    "process_guid": guid("ProcessGuid"),
    # AccountName, Domain and UserID beside these are the service's account (SYSTEM), never the actor's.
    "user": own_account("User"),
    "user_domain": domain("User"),
}
"""Sysmon: the acting process. ``User`` exists since Sysmon 13.30 on most events, always on 1, 3 and 23."""

SYSMON_FILE: Final[Mapping[str, Read]] = {**SYSMON_PROCESS, "path": file("TargetFilename"), "hashes": hashes("Hashes")}
"""Sysmon: the acting process, the file that it acted on, and what that held."""

SYSMON_PAIR: Final[Mapping[str, Read]] = {
    # Behind the second name of each is where the pipelines of agents put it.
    "image": program("SourceImage", "Image"),
    "pid": integer("SourceProcessId", "ProcessId", zero=False),
    "process_guid": guid("SourceProcessGuid", "SourceProcessGUID", "ProcessGuid"),
    "user": source_user(),
    "user_domain": source_domain(),
    "target_image": program("TargetImage"),
    "target_pid": integer("TargetProcessId", zero=False),
    "target_process_guid": guid("TargetProcessGuid", "TargetProcessGUID"),
}
"""Sysmon: a process and another one that it did something to."""

SYSMON_WMI: Final[Mapping[str, Read]] = {
    "action": operation("Operation"),
    "user": registrant("User"),
    "user_domain": domain("User"),
}
"""Sysmon: who registered something with WMI, or took it away."""

POWERSHELL_COMMAND: Final[Mapping[str, Read]] = {
    "user": context_user(),
    "user_domain": context_domain(),
    "user_sid": sid("UserID"),
    "pid": integer("ExecutionProcessID", zero=False),
    "host_name": of_context("host_name"),
    "command_line": of_context("host_application"),
    "path": of_context("script_name"),
    "text": text("Payload"),
}
"""PowerShell: a command with its parameters, whose it is, and the program that ran it."""

POWERSHELL_SCRIPT: Final[Mapping[str, Read]] = {
    **HEADER_ACCOUNT,  # the one that the script runs as
    "pid": integer("ExecutionProcessID", zero=False),
    "path": program("Path"),
    "text": text("ScriptBlockText"),
    "script_block": guid("ScriptBlockId"),
    "part": integer("MessageNumber", zero=False, below=2**31),
    "parts": integer("MessageTotal", zero=False, below=2**31),
}
"""PowerShell: a script or a part of one, and whose it is."""

DEFENDER_THREAT: Final[Mapping[str, Read]] = {
    "alert": words("Threat Name"),
    "severity": words("Severity Name"),
    "category": words("Category Name"),
    "path": first_file("Path"),
    "message": words("Path"),
    "image": acting_program("Process Name"),
    "user": whose("Detection User"),
    "user_domain": of_domain("Detection User"),
    "action": words("Action Name"),
}
"""Defender: what it found, where, and what it did."""

ZEEK_CONNECTION: Final[Mapping[str, Read]] = {
    "uid": text("uid"),
    "source_address": address("id.orig_h"),
    "source_port": integer("id.orig_p", below=65_536),
    "target_address": address("id.resp_h"),
    "target_port": integer("id.resp_p", below=65_536),
}
"""Zeek: who connected to whom. Port 0 is a fact here: ICMP has its type and code in the place of ports."""

ACCESSED_OBJECT: Final[Mapping[str, Read]] = {
    "object_type": text("ObjectType"),
    "path": object_file("ObjectType", "ObjectName"),
    "access_mask": integer("AccessMask"),
    "handle": handle("HandleId"),
    "image": program("ProcessName"),
    "pid": integer("ProcessId", zero=False),
}
"""Security events of the audit of objects: what was accessed, how, and by which process."""

SURICATA_FLOW: Final[Mapping[str, Read]] = {
    # The same in all of Suricata's records of one flow.
    "uid": text("flow_id"),
    "source_address": address("src_ip"),
    "source_port": integer("src_port", below=65_536),
    "target_address": address("dest_ip"),
    "target_port": integer("dest_port", below=65_536),
}
"""Suricata: the two ends of a record as it has them."""

SURICATA_SMB: Final[Mapping[str, Read]] = {
    # The same in all of Suricata's records of one flow.
    "uid": text("flow_id"),
    "source_address": client_side("src_ip", "dest_ip"),
    "source_port": client_side("src_port", "dest_port"),
    "target_address": server_side("src_ip", "dest_ip"),
    "target_port": server_side("src_port", "dest_port"),
}
"""Suricata: client and server of SMB. Its records name sender and receiver, and of a file that was read the server is the sender."""

CAPTURED: Final[Mapping[str, Read]] = {
    "uid": text("uid"),
    "source_address": address("client"),
    "source_port": integer("client_port", below=65_536),
    "target_address": address("server"),
    "target_port": integer("server_port", below=65_536),
}
"""Packets: who connected to whom. ``uid`` is the same in every capture of one connection."""
