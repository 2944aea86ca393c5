"""The columns of an event: what was logged, and where. One wide table, because Parquet stores absence for nothing.

Nothing here is resolved: hosts are spelled as the log spells them, paths are text, a share is not yet a folder.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

_TIME: Final = pa.timestamp("us")
_NAME: Final = pa.string()

EVENT_COLUMNS: Final[dict[str, tuple[pa.DataType, str]]] = {
    # identity and origin
    "id": (_NAME, "key of the event, 32 hexadecimal digits, see ``graphcorr.logs.keys``"),
    "log": (_NAME, "log type that read it, as ``sysmon-11``"),
    "input": (pa.int32(), "number of the input in the case's state"),
    "record": (pa.int64(), "position in the input, from 1"),
    "raw": (pa.binary(), "the record as it stood in the input"),
    # header
    "computer": (_NAME, "machine that wrote the event, as spelled; null for network logs"),
    "channel": (_NAME, "Windows channel, case-folded"),
    "event_id": (pa.int32(), "Windows event id"),
    "record_id": (pa.int64(), "Windows EventRecordID"),
    "collector": (_NAME, "machine or agent that forwarded the record"),
    "outcome": (_NAME, "``success`` or ``failure`` of what was audited; null where the record or its format does not say"),
    # time
    "time": (_TIME, "the event's time as logged, read as UTC"),
    "time_field": (_NAME, "field that ``time`` comes from: UtcTime, TimeCreated, EventTime, @timestamp, ts"),
    "precision": (pa.int64(), "microseconds that the field does not tell apart: 1, 1000, 1000000"),
    "original_time": (_NAME, "the field as text, as logged"),
    "other_time": (_TIME, "the record's other own time, read as UTC (TimeCreated or EventTime beside UtcTime)"),
    "other_time_field": (_NAME, "field that ``other_time`` comes from"),
    "ingested": (_TIME, "@timestamp of a collector, where it is not ``time``"),
    # process
    "image": (_NAME, "path of the acting process's program (new process, loader, writer)"),
    "command_line": (_NAME, "command line of the new process; of a script, that of the program that ran it"),
    "current_directory": (_NAME, "its working directory"),
    "pid": (pa.int64(), "process id of the acting process"),
    "process_guid": (_NAME, "Sysmon ProcessGuid, lower case without braces"),
    "original_file_name": (_NAME, "OriginalFileName of the version resource"),
    "parent_image": (_NAME, "path of the creating process's program"),
    "parent_command_line": (_NAME, "its command line"),
    "parent_pid": (pa.int64(), "its process id"),
    "parent_process_guid": (_NAME, "Sysmon ParentProcessGuid"),
    "hashes": (_NAME, "as logged: ``SHA1=…,MD5=…`` or Zeek's md5/sha1/sha256 in that form"),
    "signed": (pa.bool_(), "Sysmon 7 Signed"),
    "signer": (_NAME, "Sysmon 7 Signature"),
    "names": (pa.list_(_NAME), "case-folded base names that the program and command line may refer to"),
    "target_image": (_NAME, "path of the program that something was done to"),
    "target_pid": (pa.int64(), "its process id"),
    "target_process_guid": (_NAME, "Sysmon TargetProcessGuid"),
    "start_address": (_NAME, "where a thread began, as logged"),
    "start_module": (_NAME, "module in which it began; null in memory that belongs to none"),
    "start_function": (_NAME, "function in which it began"),
    "call_trace": (_NAME, "modules on the way to an access, as logged"),
    # the registry
    "target_object": (_NAME, "Sysmon TargetObject: a key with its hive, and a value's name behind it"),
    "details": (_NAME, "what a value was set to, as logged; the new name of what was renamed"),
    # the machine itself
    "former_name": (_NAME, "what the machine was called before this start"),
    "new_name": (_NAME, "what it is called from now on"),
    # scripts
    "text": (_NAME, "what PowerShell ran: a script, or a command with its parameters"),
    "host_name": (_NAME, "PowerShell's host: ConsoleHost, ServerRemoteHost for a client of another machine, or a program's own name"),
    "script_block": (_NAME, "GUID of a script that may stand in several records"),
    "part": (pa.int32(), "which part of a text that was cut, from 1"),
    "parts": (pa.int32(), "how many there are"),
    # account and session
    "user": (_NAME, "acting account's name"),
    "user_domain": (_NAME, "acting account's domain"),
    "user_sid": (_NAME, "acting account's SID"),
    "logon_id": (_NAME, "``0x…`` of the acting session"),
    "target_user": (_NAME, "account logged on or used (4624, 4648, 4688 target)"),
    "target_user_domain": (_NAME, "its domain"),
    "target_logon_id": (_NAME, "``0x…`` of its session"),
    "logon_type": (pa.int32(), "4624, 4625 and 4634 LogonType"),
    "terminal_session": (pa.int32(), "number of a desktop's session among those that are there"),
    "privileges": (_NAME, "4672 PrivilegeList, with commas"),
    "auth_package": (_NAME, "4624 AuthenticationPackageName"),
    "logon_guid": (_NAME, "joins a Kerberos logon with its ticket; Sysmon 1 has its own"),
    # network
    "source_address": (_NAME, "client as logged, normalized text; Zeek id.orig_h"),
    "source_port": (pa.int32(), "client port"),
    "source_host": (_NAME, "client's name as logged (WorkstationName, SourceHostname, NTLM hostname)"),
    "target_address": (_NAME, "server; Zeek id.resp_h"),
    "target_port": (pa.int32(), "server port"),
    "target_host": (_NAME, "server's name as logged"),
    "protocol": (_NAME, "tcp, udp; the source of a Zeek file, as SMB"),
    "initiated": (pa.bool_(), "Sysmon 3 and Security 5156: True when this host opened the connection"),
    # files and shares
    "path": (_NAME, "file: TargetFilename, ImageLoaded, service binary, Zeek path+name as logged"),
    "share": (_NAME, r"share as logged, as ``\\*\C$``"),
    "share_path": (_NAME, r"ShareLocalPath, as ``\??\C:\``"),
    "share_type": (_NAME, "Zeek share_type: DISK, PIPE, PRINT"),
    "relative_path": (_NAME, "RelativeTargetName; Zeek name"),
    "previous_path": (_NAME, "before a rename; Zeek prev_name"),
    "access_mask": (pa.int64(), "access asked for, not what was done: of files ``& 0x6`` is writing; Sysmon GrantedAccess"),
    "handle": (_NAME, "``0x…`` of an opened object, by which 4656, 4663 and 4660 of one process speak of it"),
    "object_type": (_NAME, "4656, 4663, 5140 and 5145 ObjectType: File, Key, Process"),
    "object_name": (_NAME, "what was changed: the account that 4720 made, a directory object's distinguished name"),
    "attribute": (_NAME, "of a directory object, by its LDAP name"),
    "action": (_NAME, "what was done, as logged: Zeek action, operation, conn_state, request_type; the channel that 1102 and 104 cleared"),
    "size": (pa.int64(), "bytes: file size, bytes seen"),
    "file_created": (_TIME, "Sysmon CreationUtcTime, Zeek times.created: never the time of a write"),
    "previous_created": (_TIME, "Sysmon PreviousCreationUtcTime: what the file's creation time was before"),
    # services, subscriptions, pipes, calls
    "service": (_NAME, "service name (7045 gives the display name); Zeek conn and kerberos service"),
    "service_key": (_NAME, "its key name, where the record has both: 7036 and 7040"),
    "start_type": (_NAME, "in the words of 7045: auto start, demand start"),
    "task": (_NAME, r"path of a scheduled task among all tasks, as ``\Updates\Nightly``"),
    "client_pid": (pa.int64(), "process that asked the scheduler, on the machine itself; 0 where it is on another one"),
    "client_locality": (pa.int32(), "4698 RpcCallClientLocality: 1 local, 2 remote; mostly 0, which says nothing"),
    "subscription": (_NAME, "name of a filter or a consumer of WMI's events"),
    "wql": (_NAME, "query of a filter of WMI's events"),
    "wmi_filter": (_NAME, "name of the filter that a consumer was bound to"),
    "pipe": (_NAME, r"pipe name in lower case, without ``\PIPE\``"),
    "endpoint": (_NAME, "dce_rpc endpoint; wsman for PowerShell remoting"),
    # alerts and blind spots
    "alert": (_NAME, "what a threat or a notice is called by whoever raised it"),
    "severity": (_NAME, "how bad it is, in that one's words"),
    "category": (_NAME, "what kind of threat it is, in that one's words"),
    "message": (_NAME, "what is said of it: of Defender every resource in which it was found"),
    "rule": (_NAME, "id of the rule that raised it"),
    "techniques": (pa.list_(_NAME), "ATT&CK techniques that the rule stands for, by its author"),
    "about_event": (pa.int32(), "id of the Windows event that it is about"),
    "about_record": (pa.int64(), "EventRecordID of that event"),
    "analyzer": (_NAME, "Zeek: analyzer that gave up, as HTTP"),
    "reason": (_NAME, "Zeek: why it gave up, or the name of what was weird"),
    # programs on the wire
    "machine": (_NAME, "Zeek pe: machine that a program is built for, as AMD64"),
    "compiled": (_TIME, "Zeek pe compile_ts: when its maker says that it was built"),
    # network monitor
    "uid": (_NAME, "Zeek connection uid"),
    "fuid": (_NAME, "Zeek file uid"),
    "mime_type": (_NAME, "Zeek's, by content"),
    "from_originator": (pa.bool_(), "Zeek files is_orig"),
    "query": (_NAME, "DNS question: of a monitor no name of ``target_address``, which is the resolver"),
    "query_type": (_NAME, "DNS type, as A, AAAA, PTR"),
    "answers": (pa.list_(_NAME), "DNS answers"),
    "success": (pa.bool_(), "Zeek NTLM, Kerberos and SSH: whether the server accepted; null when the monitor did not see"),
    "cookie": (_NAME, "RDP: what the client calls its user, cut to nine letters by most; typed, and not proven"),
    "method": (_NAME, "HTTP method"),
    "http_host": (_NAME, "HTTP Host header: what the client asked for, not who answered"),
    "uri": (_NAME, "HTTP URI"),
    "user_agent": (_NAME, "HTTP User-Agent; what an SSH client calls itself"),
    "status_code": (pa.int32(), "HTTP status"),
    "sent_fuids": (pa.list_(_NAME), "Zeek ids of files that the client sent"),
    "received_fuids": (pa.list_(_NAME), "Zeek ids of files that the server sent"),
    "sent_types": (pa.list_(_NAME), "their types by content"),
    "received_types": (pa.list_(_NAME), "their types by content"),
    "duration": (pa.int64(), "microseconds: connection, file transfer, DHCP lease"),
    "sent_bytes": (pa.int64(), "payload bytes from source to target; Zeek orig_bytes, of HTTP the body's"),
    "received_bytes": (pa.int64(), "payload bytes from target to source; Zeek resp_bytes, of HTTP the body's"),
}
"""Column name to Arrow type and meaning."""

EVENT_SCHEMA: Final = pa.schema([(name, type_) for name, (type_, _) in EVENT_COLUMNS.items()])
