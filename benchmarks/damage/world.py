"""A made-up network in which one file is copied to each server and run on every second one, as records for any format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSMON: Final = "Microsoft-Windows-Sysmon"
SECURITY: Final = "Microsoft-Windows-Security-Auditing"
SERVICES: Final = "Service Control Manager"
CHANNELS: Final = {SYSMON: "Microsoft-Windows-Sysmon/Operational", SECURITY: "Security", SERVICES: "System"}
_START: Final = datetime(2024, 3, 5, 9, tzinfo=UTC)
_FILES: Final = ("inv32.exe", "Gehaltsübersicht_März.exe", "Отчёт.exe", "update tool.exe", "svc.exe")
_HASH: Final = "SHA256=" + "1F6BD3A0" * 8
_OTHER_HASH: Final = "SHA256=" + "2A07C4E1" * 8
PER_SERVER: Final = 26
"""Records of one server, in each format."""
Values = dict[str, object]


@dataclass(slots=True)
class Event:
    """One Windows event, or, without a provider, one row of a monitor's log."""

    provider: str
    id: int
    computer: str
    record: int
    time: datetime
    data: Values = field(default_factory=dict)
    log: str = ""
    """The path of a monitor's log."""


@dataclass(frozen=True, slots=True)
class Server:
    number: int

    @property
    def name(self) -> str:
        return f"srv-{self.number:04d}.corp.example"

    @property
    def address(self) -> str:
        return f"10.20.{self.number // 250}.{self.number % 250 + 1}"

    @property
    def client(self) -> str:
        return f"10.99.0.{self.number % 200 + 1}"

    @property
    def file(self) -> str:
        return _FILES[self.number % len(_FILES)]

    @property
    def program(self) -> str:
        """What is run: the file, or, where nothing is to be found, one that nobody wrote."""
        return f"C:\\Windows\\Temp\\{self.file}" if self.number % 2 == 0 else "C:\\Windows\\System32\\sc.exe"

    def at(self, seconds: float) -> datetime:
        return _START + timedelta(minutes=3 * self.number, seconds=seconds)


def windows(server: Server, *, is_quiet: bool = False) -> Iterator[Event]:
    """What a server logs: a logon, the share, the write, the run, the clean-up, and what happens there all day unless it is quiet."""
    number = server.number * 100
    plan = [*_attack(server), *(() if is_quiet else _noise(server))]
    for provider, event_id, seconds, data in sorted(plan, key=lambda each: each[2]):
        number += 1
        stamp = {"UtcTime": server.at(seconds).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]} if provider == SYSMON else {}
        yield Event(provider, event_id, server.name, number, server.at(seconds), {**stamp, **data})


def _guid(server: Server, process: int) -> str:
    return f"{{b3a2c1d0-{server.number:04x}-65e6-{process:04x}-000000001a00}}"


def _start(server: Server, process: int, image: str, line: str, user: str = "NT AUTHORITY\\SYSTEM") -> Values:
    return {
        "ProcessGuid": _guid(server, process),
        "ProcessId": str(4000 + process),
        "Image": image,
        "CommandLine": line,
        "CurrentDirectory": "C:\\Windows\\system32\\",
        "User": user,
        "LogonGuid": _guid(server, 0x3E7),
        "LogonId": "0x3e7",
        "TerminalSessionId": "0",
        "IntegrityLevel": "System",
        "Hashes": _HASH if image.endswith(server.file) else _OTHER_HASH,
        "ParentProcessGuid": _guid(server, 1),
        "ParentProcessId": "712",
        "ParentImage": "C:\\Windows\\System32\\services.exe",
        "ParentCommandLine": "C:\\Windows\\system32\\services.exe",
    }


def _attack(server: Server) -> list[tuple[str, int, float, Values]]:
    subject = {
        "SubjectUserSid": "S-1-5-21-1111111111-2222222222-3333333333-1105",
        "SubjectUserName": "adm.koch",
        "SubjectDomainName": "CORP",
        "SubjectLogonId": f"0x{0x5A0000 + server.number:x}",
    }
    client = {"IpAddress": server.client, "IpPort": "51515"}
    share = {"ObjectType": "File", **client, "ShareName": "\\\\*\\C$", "ShareLocalPath": "\\??\\C:\\"}
    path = f"C:\\Windows\\Temp\\{server.file}"
    writer = {"ProcessGuid": _guid(server, 4), "ProcessId": "4", "Image": "System"}
    logon: Values = {
        "TargetUserSid": subject["SubjectUserSid"],
        "TargetUserName": "adm.koch",
        "TargetDomainName": "CORP",
        "TargetLogonId": subject["SubjectLogonId"],
        "LogonType": "3",
        "AuthenticationPackageName": "NTLM",
        "WorkstationName": f"WS-{server.number % 200:04d}",
        **client,
    }
    program = server.program
    named = f'"{program}" -q' if " " in program else f"{program} -q"
    return [
        (SECURITY, 4624, 60.0, logon),
        (SECURITY, 5140, 61.0, {**subject, **share, "AccessMask": "0x1"}),
        (SECURITY, 5145, 62.1, {**subject, **share, "RelativeTargetName": path[3:], "AccessMask": "0x120196"}),
        (SYSMON, 11, 62.2, {**writer, "TargetFilename": path}),
        (SERVICES, 7045, 80.0, {"ServiceName": "inv", "ImagePath": named, "ServiceType": "user mode service", "StartType": "demand start"}),
        (SYSMON, 1, 91.5, _start(server, 20, program, named)),
        (SECURITY, 4688, 91.5, {**subject, "NewProcessId": "0xfb4", "NewProcessName": program, "ProcessId": "0x2c8", "CommandLine": named}),
        (SYSMON, 23, 200.0, {**writer, "TargetFilename": path, "Hashes": _HASH}),
    ]


def _noise(server: Server) -> list[tuple[str, int, float, Values]]:
    plan: list[tuple[str, int, float, Values]] = []
    for turn in range(6):
        image = f"C:\\Program Files\\Tool {turn}\\agent.exe"
        user = "CORP\\svc.backup"
        plan += [
            (SYSMON, 1, 5.0 + 30 * turn, _start(server, 30 + turn, image, f'"{image}" /run {turn}', user)),
            (
                SYSMON,
                11,
                6.0 + 30 * turn,
                {"Image": image, "ProcessId": str(4030 + turn), "TargetFilename": f"C:\\ProgramData\\t{turn}.tmp"},
            ),
            (
                SYSMON,
                7,
                7.0 + 30 * turn,
                {"Image": image, "ImageLoaded": "C:\\Windows\\System32\\x.dll", "Hashes": _OTHER_HASH, "Signed": "true"},
            ),
        ]
    return plan


def wire(server: Server) -> Iterator[Event]:
    """What Zeek sees of the copy, and of documents that are read all day."""
    uid, fuid = f"C{server.number:04d}a1B2c3D4e5", f"F{server.number:04d}a1B2c3D4e5"
    ends: Values = {"uid": uid, "id.orig_h": server.client, "id.orig_p": 51515, "id.resp_h": server.address, "id.resp_p": 445}
    path = f"\\\\{server.name}\\C$"
    name = f"Windows\\Temp\\{server.file}"
    sizes: Values = {"duration": 12.5, "orig_bytes": 60000, "resp_bytes": 400}
    names: Values = {"username": "adm.koch", "hostname": f"WS-{server.number:04d}", "domainname": "CORP"}
    rows: list[tuple[str, Values]] = [
        ("conn", {"proto": "tcp", "service": "gssapi,smb,ntlm", **sizes, "conn_state": "SF"}),
        ("ntlm", {**names, "server_dns_computer_name": server.name, "server_nb_computer_name": server.name.partition(".")[0].upper()}),
        ("smb_mapping", {"path": path, "share_type": "DISK"}),
        ("smb_files", {"fuid": fuid, "action": "SMB::FILE_OPEN", "path": path, "name": name, "size": 0}),
        ("files", {"fuid": fuid, "source": "SMB", "filename": name, "is_orig": True, "seen_bytes": 53248}),
        ("dce_rpc", {"named_pipe": "\\pipe\\svcctl", "endpoint": "svcctl", "operation": "CreateServiceW"}),
    ]
    for turn in range(5):
        fuid = f"F{server.number:04d}d0C{turn}"
        name = f"Windows\\Logs\\day {turn}.log"
        rows += [
            ("conn", {"proto": "tcp", "service": "http", **sizes, "conn_state": "S1"}),
            ("smb_mapping", {"path": path, "share_type": "DISK"}),
            ("smb_files", {"fuid": fuid, "action": "SMB::FILE_OPEN", "path": path, "name": name, "size": 4096}),
            ("files", {"fuid": fuid, "source": "SMB", "filename": name, "is_orig": False, "seen_bytes": 4096}),
        ]
    for turn, (log, data) in enumerate(rows):
        yield Event("", 0, server.name, turn, server.at(62 + turn / 100), {**ends, **data}, log)


def flows(server: Server) -> Iterator[Event]:
    """What Suricata tells of connections."""
    for turn in range(PER_SERVER):
        data: Values = {
            "flow_id": server.number * 100 + turn,
            "src_ip": server.client,
            "src_port": 51515 + turn,
            "dest_ip": server.address,
            "dest_port": (445, 135, 80)[turn % 3],
            "proto": "TCP",
            "app_proto": "smb",
            "flow": {"start": server.at(60 + turn).isoformat(), "state": "closed"},
        }
        yield Event("", 0, server.name, turn, server.at(60 + turn), data, "flow")


def defender(server: Server) -> Iterator[Event]:
    """The same as Defender for Endpoint tells it, one table's rows behind another's."""
    device: Values = {"DeviceId": f"{server.number:08x}", "DeviceName": server.name}
    path = f"C:\\Windows\\Temp\\{server.file}"
    program = server.program
    by_system: Values = {"InitiatingProcessFileName": "ntoskrnl.exe", "InitiatingProcessId": 4, "InitiatingProcessFolderPath": ""}
    client: Values = {"RequestProtocol": "Smb", "RequestSourceIP": server.client, "RequestAccountName": "adm.koch", "ShareName": "C$"}
    started: Values = {"InitiatingProcessFileName": "services.exe", "InitiatingProcessFolderPath": "c:\\windows\\system32\\services.exe"}
    rows: list[tuple[float, str, Values]] = [
        (60, "LogonSuccess", {"LogonType": "Network", "AccountName": "adm.koch", "AccountDomain": "CORP", "RemoteIP": server.client}),
        (62, "FileCreated", {"FileName": server.file, "FolderPath": path, "SHA256": _HASH[7:], **by_system, **client}),
        (91, "ProcessCreated", _process(program, f'"{program}" -q', "system") | {"ProcessId": 4020, "SHA256": _HASH[7:], **started}),
    ]
    for turn in range(6):
        image = f"C:\\Program Files\\Tool {turn}\\agent.exe"
        acting: Values = {
            "InitiatingProcessFileName": "agent.exe",
            "InitiatingProcessFolderPath": image,
            "InitiatingProcessId": 4030 + turn,
        }
        made: Values = {"FileName": f"t{turn}.tmp", "FolderPath": f"C:\\ProgramData\\t{turn}.tmp", "RequestProtocol": "Local"}
        ends: Values = {"LocalIP": server.address, "LocalPort": 50000 + turn, "RemoteIP": "10.1.1.9", "RemotePort": 443}
        rows += [
            (
                5 + 30 * turn,
                "ProcessCreated",
                _process(image, f'"{image}" /run {turn}', "svc.backup") | {"ProcessId": 4030 + turn, **started},
            ),
            (6 + 30 * turn, "FileModified", {**made, **acting}),
            (7 + 30 * turn, "ConnectionSuccess", {**ends, **acting}),
        ]
    for turn, (seconds, action, data) in enumerate(rows):
        time = server.at(seconds)
        yield Event("", 0, server.name, turn, time, {"Timestamp": _written(time), **device, "ActionType": action, **data}, "defender")


def _process(image: str, line: str, account: str) -> Values:
    return {"FileName": image.rpartition("\\")[2], "FolderPath": image, "ProcessCommandLine": line, "AccountName": account}


def lake(server: Server) -> Iterator[Event]:
    """The same as a security lake holds it."""
    path = f"C:\\Windows\\Temp\\{server.file}"
    program = server.program
    system: Values = {"process": {"name": "System", "pid": 4}, "user": {"name": "SYSTEM", "domain": "NT AUTHORITY"}}
    koch: Values = {"name": "adm.koch", "domain": "CORP"}
    client: Values = {"src_endpoint": {"ip": server.client, "port": 51515}}
    asked: Values = {"actor": {"user": koch}, "share": "\\\\*\\C$", "file": {"name": server.file, "path": path[3:], "type_id": 1}, **client}
    ran: Values = {"file": {"path": program}, "pid": 4020, "cmd_line": f'"{program}" -q', "user": {"name": "SYSTEM"}}
    services: Values = {"process": {"file": {"path": "C:\\Windows\\System32\\services.exe"}, "pid": 712}}
    rows: list[tuple[float, int, int, Values]] = [
        (60, 3002, 1, {"status_id": 1, "logon_type_id": 3, "user": koch, **client}),
        (62, 4006, 6, {"status_id": 1, **asked}),
        (62.1, 1001, 1, {"actor": system, "file": {"name": server.file, "path": path}}),
        (91, 1007, 1, {"actor": services, "process": ran}),
    ]
    for turn in range(6):
        image = f"C:\\Program Files\\Tool {turn}\\agent.exe"
        acting: Values = {"process": {"file": {"path": image}, "pid": 4030 + turn}}
        ends: Values = {"src_endpoint": {"ip": server.address, "port": 50000 + turn}, "dst_endpoint": {"ip": "10.1.1.9", "port": 443}}
        rows += [
            (5 + 30 * turn, 1007, 1, {"actor": services, "process": {"file": {"path": image}, "cmd_line": f'"{image}" /run {turn}'}}),
            (6 + 30 * turn, 1001, 3, {"actor": acting, "file": {"path": f"C:\\ProgramData\\t{turn}.tmp"}}),
            (7 + 30 * turn, 4001, 1, {"actor": acting, **ends}),
        ]
    for turn, (seconds, class_uid, activity, data) in enumerate(rows):
        time = server.at(seconds)
        head: Values = {"class_uid": class_uid, "activity_id": activity, "time": int(time.timestamp() * 1000)}
        yield Event("", 0, server.name, turn, time, {**head, "device": {"hostname": server.name}, **data}, "lake")


def _written(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
