"""Windows records by event id, with the fields and spellings of real ones.

A record's time and number are filled in when it is written: where they stand, the fields hold the marks of
:mod:`graphcorr.simulate.marks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from graphcorr.simulate.estate import DNS_DOMAIN, DOMAIN, Host
from graphcorr.simulate.marks import UTC

if TYPE_CHECKING:
    from collections.abc import Mapping

WRITE_MASKS: Final = ("0x2", "0x120196", "0x17019f")
"""How real copies open a file for writing: test bits, never equality."""
READ_MASK: Final = "0x120089"
SYSTEM_SID: Final = "S-1-5-18"
SERVICES: Final = r"C:\Windows\System32\services.exe"
_MICROSOFT: Final = "Microsoft Corporation"
_WINDOWS: Final = "Microsoft® Windows® Operating System"


class Channel(Enum):
    """Channel, provider and its identifier."""

    SYSMON = ("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}")
    SECURITY = ("Security", "Microsoft-Windows-Security-Auditing", "{54849625-5478-4994-A5BA-3E3B0328C30D}")
    SYSTEM = ("System", "Service Control Manager", "{555908D1-A6D7-4695-8E1E-26931D2012F4}")
    TASKS = (
        "Microsoft-Windows-TaskScheduler/Operational",
        "Microsoft-Windows-TaskScheduler",
        "{DE7B24EA-73C8-4A09-985D-5BDADCFA9017}",
    )
    WINRM = ("Microsoft-Windows-WinRM/Operational", "Microsoft-Windows-WinRM", "{A7975C8F-AC13-49F1-87DA-5A984A4AB417}")
    WMI = (
        "Microsoft-Windows-WMI-Activity/Operational",
        "Microsoft-Windows-WMI-Activity",
        "{1418EF04-B0B4-4623-BF7E-D74AB47BBDAA}",
    )
    DHCP = ("Microsoft-Windows-Dhcp-Client/Operational", "Microsoft-Windows-Dhcp-Client", "{15A7A4F8-0072-4EAB-ABAD-F98A4D666AED}")


@dataclass(frozen=True, slots=True)
class WindowsRecord:
    """One event of one host, without its time and record number."""

    channel: Channel
    event_id: int
    task: str
    fields: dict[str, str]


def sysmon(event_id: int, task: str, **fields: str) -> WindowsRecord:
    return WindowsRecord(Channel.SYSMON, event_id, task, {"RuleName": "-", "UtcTime": UTC} | fields)


def security(event_id: int, task: str, **fields: str) -> WindowsRecord:
    return WindowsRecord(Channel.SECURITY, event_id, task, fields)


def hashes(seed: str) -> str:
    """Hashes of the right shape that depend on ``seed`` alone."""
    digest = f"{sum(ord(letter) * 131**place for place, letter in enumerate(seed)):064X}"[-64:]
    return f"SHA1={digest[:40]},MD5={digest[8:40]},SHA256={digest},IMPHASH={digest[-32:]}"


def process_start(
    image: str,
    command_line: str,
    *,
    pid: str,
    guid: str,
    user: str = r"NT AUTHORITY\SYSTEM",
    parent_image: str = SERVICES,
    parent_command_line: str = SERVICES,
    directory: str = "C:\\Windows\\system32\\",
    logon_id: str = "0x3e7",
) -> WindowsRecord:
    """Sysmon 1."""
    name = image.rpartition("\\")[2]
    return sysmon(
        1,
        "Process Create (rule: ProcessCreate)",
        ProcessGuid=guid,
        ProcessId=pid,
        Image=image,
        FileVersion="10.0.19041.1 (WinBuild.160101.0800)",
        Description=name,
        Product=_WINDOWS,
        Company=_MICROSOFT,
        OriginalFileName=name,
        CommandLine=command_line,
        CurrentDirectory=directory,
        User=user,
        LogonGuid="{5a6f0c1e-2f6b-65ee-e703-000000000000}",
        LogonId=logon_id,
        TerminalSessionId="0",
        IntegrityLevel="System",
        Hashes=hashes(image),
        ParentProcessGuid="{5a6f0c1e-2f6b-65ee-0b00-000000000900}",
        ParentProcessId="720",
        ParentImage=parent_image,
        ParentCommandLine=parent_command_line,
    )


_NOBODY: Final[Mapping[str, str]] = {
    "TargetUserSid": "S-1-0-0",
    "TargetUserName": "-",
    "TargetDomainName": "-",
    "TargetLogonId": "0x0",
}


def process_created(
    image: str,
    command_line: str,
    *,
    pid: str,
    host: Host,
    parent_image: str = SERVICES,
    target: Mapping[str, str] = _NOBODY,
    label: str = "S-1-16-16384",
) -> WindowsRecord:
    """Security 4688, by the machine's own account, in the session of ``target``; ``pid`` is hexadecimal text."""
    return security(
        4688,
        "Process Creation",
        SubjectUserSid=SYSTEM_SID,
        SubjectUserName=f"{host.name.upper()}$",
        SubjectDomainName=DOMAIN,
        SubjectLogonId="0x3e7",
        NewProcessId=pid,
        NewProcessName=image,
        TokenElevationType="%%1936",
        ProcessId="0x2d0",
        CommandLine=command_line,
        **target,
        ParentProcessName=parent_image,
        MandatoryLabel=label,
    )


def process_end(image: str, *, pid: str, guid: str) -> WindowsRecord:
    """Sysmon 5."""
    return sysmon(5, "Process terminated (rule: ProcessTerminate)", ProcessGuid=guid, ProcessId=pid, Image=image)


def connection(host: Host, image: str, *, port: str, peer: str, peer_port: str, pid: str, guid: str) -> WindowsRecord:
    """Sysmon 3, opened by this host."""
    return sysmon(
        3,
        "Network connection detected (rule: NetworkConnect)",
        ProcessGuid=guid,
        ProcessId=pid,
        Image=image,
        User=rf"{DOMAIN}\{host.user}",
        Protocol="tcp",
        Initiated="true",
        SourceIsIpv6="false",
        SourceIp=host.address,
        SourceHostname=host.fqdn,
        SourcePort=port,
        SourcePortName="-",
        DestinationIsIpv6="false",
        DestinationIp=peer,
        DestinationHostname="-",
        DestinationPort=peer_port,
        DestinationPortName="-",
    )


def module_load(image: str, module: str, *, pid: str, guid: str, signed: bool = True) -> WindowsRecord:
    """Sysmon 7."""
    return sysmon(
        7,
        "Image loaded (rule: ImageLoad)",
        ProcessGuid=guid,
        ProcessId=pid,
        Image=image,
        ImageLoaded=module,
        FileVersion="10.0.19041.1 (WinBuild.160101.0800)" if signed else "-",
        Description=module.rpartition("\\")[2] if signed else "-",
        Product=_WINDOWS if signed else "-",
        Company=_MICROSOFT if signed else "-",
        OriginalFileName=module.rpartition("\\")[2] if signed else "-",
        Hashes=hashes(module),
        Signed="true" if signed else "false",
        Signature="Microsoft Windows" if signed else "-",
        SignatureStatus="Valid" if signed else "Unavailable",
    )


def file_created(
    path: str, *, image: str = "System", pid: str = "4", guid: str = "{5a6f0c1e-2f52-65ee-0100-000000000900}"
) -> WindowsRecord:
    """Sysmon 11; by ``System`` it may be a write over the network, or a driver's."""
    return sysmon(
        11, "File created (rule: FileCreate)", ProcessGuid=guid, ProcessId=pid, Image=image, TargetFilename=path, CreationUtcTime=UTC
    )


def file_removed(path: str, *, image: str, pid: str, guid: str) -> WindowsRecord:
    """Sysmon 23."""
    return sysmon(
        23,
        "File Delete (rule: FileDelete)",
        ProcessGuid=guid,
        ProcessId=pid,
        User=r"NT AUTHORITY\SYSTEM",
        Image=image,
        TargetFilename=path,
        Hashes=hashes(path),
        IsExecutable="true",
        Archived="true",
    )


def file_blocked(path: str) -> WindowsRecord:
    """Sysmon 27: the file was refused, nothing of it is left."""
    return sysmon(
        27,
        "File Block Executable (rule: FileBlockExecutable)",
        ProcessGuid="{5a6f0c1e-2f52-65ee-0100-000000000900}",
        ProcessId="4",
        User=r"NT AUTHORITY\SYSTEM",
        Image="System",
        TargetFilename=path,
        Hashes=hashes(path),
    )


def logon(
    *, source_address: str, source_name: str, user: str, user_sid: str, logon_id: str, port: str, logon_type: str = "3"
) -> WindowsRecord:
    """Security 4624. With a ``source_name`` by NTLM, the kind that names the client; else by Kerberos, which does not."""
    ntlm = source_name != "-"
    return security(
        4624,
        "Logon",
        SubjectUserSid="S-1-0-0",
        SubjectUserName="-",
        SubjectDomainName="-",
        SubjectLogonId="0x0",
        TargetUserSid=user_sid,
        TargetUserName=user,
        TargetDomainName=DOMAIN,
        TargetLogonId=logon_id,
        LogonType=logon_type,
        LogonProcessName="NtLmSsp " if ntlm else "Kerberos",
        AuthenticationPackageName="NTLM" if ntlm else "Kerberos",
        WorkstationName=source_name,
        LogonGuid="{00000000-0000-0000-0000-000000000000}",
        TransmittedServices="-",
        LmPackageName="NTLM V2" if ntlm else "-",
        KeyLength="128" if ntlm else "0",
        ProcessId="0x0",
        ProcessName="-",
        IpAddress=source_address,
        IpPort=port,
        ImpersonationLevel="%%1833",
        RestrictedAdminMode="-",
        TargetOutboundUserName="-",
        TargetOutboundDomainName="-",
        VirtualAccount="%%1843",
        TargetLinkedLogonId="0x0",
        ElevatedToken="%%1842",
    )


def share_connected(
    share: str, local_path: str, *, source_address: str, user: str, user_sid: str, logon_id: str, port: str
) -> WindowsRecord:
    """Security 5140."""
    return security(
        5140,
        "File Share",
        SubjectUserSid=user_sid,
        SubjectUserName=user,
        SubjectDomainName=DOMAIN,
        SubjectLogonId=logon_id,
        ObjectType="File",
        IpAddress=source_address,
        IpPort=port,
        ShareName=rf"\\*\{share}",
        **({"ShareLocalPath": rf"\??\{local_path}"} if local_path else {}),
        AccessMask="0x1",
        AccessList="%%4416\r\n\t\t\t\t",
    )


def share_object(
    share: str, local_path: str, relative: str, mask: str, *, source_address: str, user: str, user_sid: str, logon_id: str, port: str
) -> WindowsRecord:
    """Security 5145: access requested to a file of a share, or to a pipe when the share is ``IPC$`` (which has no local path)."""
    return security(
        5145,
        "Detailed File Share",
        SubjectUserSid=user_sid,
        SubjectUserName=user,
        SubjectDomainName=DOMAIN,
        SubjectLogonId=logon_id,
        ObjectType="File",
        IpAddress=source_address,
        IpPort=port,
        ShareName=rf"\\*\{share}",
        **({"ShareLocalPath": rf"\??\{local_path}"} if local_path else {}),
        RelativeTargetName=relative,
        AccessMask=mask,
        AccessList="%%4416\r\n\t\t\t\t%%4417\r\n\t\t\t\t",
        AccessReason="-",
    )


def service_installed(name: str, path: str) -> WindowsRecord:
    """System 7045."""
    return WindowsRecord(
        Channel.SYSTEM,
        7045,
        "",
        {
            "ServiceName": name,
            "ImagePath": path,
            "ServiceType": "user mode service",
            "StartType": "demand start",
            "AccountName": "LocalSystem",
        },
    )


def registry_set(
    image: str, key: str, *, pid: str, guid: str, details: str = "DWORD (0x00000001)", user: str = r"NT AUTHORITY\SYSTEM"
) -> WindowsRecord:
    """Sysmon 13: common in real logs."""
    return sysmon(
        13,
        "Registry value set (rule: RegistryEvent)",
        EventType="SetValue",
        ProcessGuid=guid,
        ProcessId=pid,
        Image=image,
        TargetObject=key,
        Details=details,
        User=user,
    )


def process_access(source: str, target: str, *, pid: str, guid: str) -> WindowsRecord:
    """Sysmon 10: the most common record of all, and nothing that a hunt reads."""
    return sysmon(
        10,
        "Process accessed (rule: ProcessAccess)",
        SourceProcessGUID=guid,
        SourceProcessId=pid,
        SourceThreadId="968",
        SourceImage=source,
        TargetProcessGUID="{5a6f0c1e-2f75-65ee-4900-000000000800}",
        TargetProcessId="3212",
        TargetImage=target,
        GrantedAccess="0x1000",
        CallTrace=(
            r"C:\windows\SYSTEM32\ntdll.dll+9c534|C:\windows\System32\KERNELBASE.dll+6aec5|c:\windows\system32\lsm.dll+10225"
            r"|C:\windows\System32\RPCRT4.dll+76a53|C:\windows\System32\RPCRT4.dll+da036|C:\windows\System32\RPCRT4.dll+37b1c"
        ),
        SourceUser=r"NT AUTHORITY\SYSTEM",
        TargetUser=rf"{DOMAIN}\svc-{DNS_DOMAIN}",
    )
