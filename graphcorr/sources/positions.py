"""Names of event data that a tool wrote by position only, for the events this project reads.

The layouts are those of the providers' manifests as they occur in event logs; where a provider changed one, the number
of values tells which it is. A number of values that is not here is no guess but an explained skip.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECURITY: Final = "microsoft-windows-security-auditing"
_TERMINAL: Final = "microsoft-windows-terminalservices"
_SCHEDULER: Final = "microsoft-windows-taskscheduler"
_SYSMON: Final = "microsoft-windows-sysmon"
_POWERSHELL: Final = ("microsoft-windows-powershell", "powershellcore")
"""The one that Windows has, and the later one beside it."""

_SUBJECT: Final = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId"
_OBJECT: Final = "ObjectServer ObjectType ObjectName HandleId"
_HANDLE: Final = (
    f"{_SUBJECT} {_OBJECT} TransactionId AccessList AccessReason AccessMask PrivilegeList RestrictedSidCount ProcessId ProcessName"
)
_LOGON: Final = (
    f"{_SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName"
    " WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort"
)
_REFUSED: Final = (
    "TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName AuthenticationPackageName"
    " WorkstationName TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort"
)
_NEW_ACCOUNT: Final = (
    "PrivilegeList SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations"
    " PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters"
    " SidHistory LogonHours"
)
_DIRECTORY_OBJECT: Final = "ObjectDN ObjectGUID ObjectClass AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue OperationType"
_WINDOW_STATION: Final = "AccountName AccountDomain LogonID SessionName ClientName ClientAddress"
_FILTERED: Final = "ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID LayerName LayerRTID"
_KERBEROS: Final = "TargetUserName TargetDomainName"
_SERVICE: Final = "ServiceName ServiceSid TicketOptions"
_CERTIFICATE: Final = "CertIssuerName CertSerialNumber CertThumbprint"
_CALLER: Final = "ProcessId ProcessName IpAddress IpPort"
_OUTBOUND: Final = "TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken"
_CLIENT: Final = "ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality"
_PROCESS: Final = f"{_SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId"
_TARGET: Final = "TargetUserSid TargetUserName TargetDomainName TargetLogonId"
_SHARE_CHANGE: Final = "OldRemark NewRemark OldMaxUsers NewMaxUsers OldShareFlags NewShareFlags OldSD NewSD"
_SYSMON_PROCESS: Final = "RuleName UtcTime ProcessGuid ProcessId"
_SYSMON_CREATE: Final = (
    "CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes"
    " ParentProcessGuid ParentProcessId ParentImage ParentCommandLine"
)
_VERSION: Final = "FileVersion Description Product Company"
_SYSMON_CONNECT: Final = (
    "Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName"
    " DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName"
)
_PIPE: Final = "UtcTime ProcessGuid ProcessId PipeName Image"
_DELETED: Final = f"{_SYSMON_PROCESS} User Image TargetFilename Hashes"
_TIMED: Final = f"{_SYSMON_PROCESS} Image TargetFilename CreationUtcTime PreviousCreationUtcTime"
_USERS: Final = "SourceUser TargetUser"
_THREAD: Final = (
    "RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage"
    " NewThreadId StartAddress StartModule StartFunction"
)
_ACCESS: Final = (
    "RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage"
    " GrantedAccess CallTrace"
)
_REGISTRY: Final = "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject"
_WMI: Final = "RuleName EventType UtcTime Operation User"

LAYOUTS: Final[Mapping[tuple[str, int], tuple[str, ...]]] = {
    (_SECURITY, 4624): (
        _LOGON,
        f"{_LOGON} ImpersonationLevel",
        f"{_LOGON} ImpersonationLevel RestrictedAdminMode {_OUTBOUND}",
        f"{_LOGON} ImpersonationLevel RestrictedAdminMode RemoteCredentialGuard {_OUTBOUND}",
    ),
    (_SECURITY, 4625): (f"{_SUBJECT} {_REFUSED}",),
    (_SECURITY, 4634): (f"{_TARGET} LogonType",),
    (_SECURITY, 4647): (_TARGET,),
    (_SECURITY, 4648): (f"{_SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo {_CALLER}",),
    (_SECURITY, 4656): (_HANDLE, f"{_HANDLE} ResourceAttributes"),
    (_SECURITY, 4663): (
        f"{_SUBJECT} {_OBJECT} AccessList AccessMask ProcessId ProcessName",
        f"{_SUBJECT} {_OBJECT} AccessList AccessMask ProcessId ProcessName ResourceAttributes",
    ),
    (_SECURITY, 4672): (f"{_SUBJECT} PrivilegeList",),
    (_SECURITY, 4688): (
        _PROCESS,
        f"{_PROCESS} CommandLine",
        f"{_PROCESS} CommandLine {_TARGET}",
        f"{_PROCESS} CommandLine {_TARGET} ParentProcessName MandatoryLabel",
    ),
    (_SECURITY, 4689): (f"{_SUBJECT} Status ProcessId ProcessName",),
    (_SECURITY, 4697): (
        f"{_SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount",
        f"{_SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount {_CLIENT}",
    ),
    (_SECURITY, 4698): (f"{_SUBJECT} TaskName TaskContent", f"{_SUBJECT} TaskName TaskContent {_CLIENT} FQDN"),
    **{
        (_SECURITY, event_id): (f"{_SUBJECT} TaskName TaskContent", f"{_SUBJECT} TaskName TaskContent {_CLIENT} FQDN")
        for event_id in (4699, 4700, 4701)
    },
    (_SECURITY, 4702): (f"{_SUBJECT} TaskName TaskContentNew", f"{_SUBJECT} TaskName TaskContentNew {_CLIENT} FQDN"),
    (_SECURITY, 4719): (f"{_SUBJECT} CategoryId SubcategoryId SubcategoryGuid AuditPolicyChanges",),
    (_SECURITY, 4720): (f"TargetUserName TargetDomainName TargetSid {_SUBJECT} {_NEW_ACCOUNT}",),
    (_SECURITY, 4768): (f"{_KERBEROS} TargetSid {_SERVICE} Status TicketEncryptionType PreAuthType IpAddress IpPort {_CERTIFICATE}",),
    (_SECURITY, 4769): (f"{_KERBEROS} {_SERVICE} TicketEncryptionType IpAddress IpPort Status LogonGuid TransmittedServices",),
    (_SECURITY, 4770): (f"{_KERBEROS} {_SERVICE} TicketEncryptionType IpAddress IpPort",),
    (_SECURITY, 4771): (f"TargetUserName TargetSid ServiceName TicketOptions Status PreAuthType IpAddress IpPort {_CERTIFICATE}",),
    (_SECURITY, 4776): ("PackageName TargetUserName Workstation Status",),
    (_SECURITY, 4778): (_WINDOW_STATION,),
    (_SECURITY, 4779): (_WINDOW_STATION,),
    (_SECURITY, 5136): (f"OpCorrelationID AppCorrelationID {_SUBJECT} DSName DSType {_DIRECTORY_OBJECT}",),
    (_SECURITY, 5140): (f"{_SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath AccessMask AccessList",),
    (_SECURITY, 5142): (f"{_SUBJECT} ShareName ShareLocalPath",),
    (_SECURITY, 5143): (f"{_SUBJECT} ObjectType ShareName ShareLocalPath {_SHARE_CHANGE}",),
    (_SECURITY, 5145): (
        f"{_SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask AccessList AccessReason",
    ),
    ("service control manager", 7045): ("ServiceName ImagePath ServiceType StartType AccountName",),
    (_SECURITY, 5156): (_FILTERED, f"{_FILTERED} RemoteUserID RemoteMachineID"),
    **{(f"{_TERMINAL}-localsessionmanager", event_id): ("User SessionID Address",) for event_id in (21, 22, 24, 25)},
    (f"{_TERMINAL}-localsessionmanager", 23): ("User SessionID",),
    (f"{_TERMINAL}-remoteconnectionmanager", 1149): ("Param1 Param2 Param3",),
    **{(f"{_TERMINAL}-clientactivexcore", event_id): ("Name Value CustomLevel",) for event_id in (1024, 1102)},
    ("microsoft-windows-winrm", 6): ("connection",),
    ("microsoft-windows-winrm", 91): ("resourceUri", "resourceUri shellId"),
    **{("service control manager", event_id): ("param1 param2", "param1 param2 Binary") for event_id in (7000, 7009, 7036)},
    ("service control manager", 7040): ("param1 param2 param3 param4",),
    (_SCHEDULER, 106): ("TaskName UserContext",),
    (_SCHEDULER, 129): ("TaskName Path ProcessID Priority",),
    **{(_SCHEDULER, event_id): ("TaskName UserName",) for event_id in (140, 141, 142)},
    (_SCHEDULER, 200): ("TaskName ActionName TaskInstanceId", "TaskName ActionName TaskInstanceId EnginePID"),
    ("microsoft-windows-eventlog", 1102): (_SUBJECT,),
    ("microsoft-windows-eventlog", 104): ("SubjectUserName SubjectDomainName Channel BackupPath",),
    ("powershell", 400): ("param1 param2 param3",),
    **{(provider, 4103): ("ContextInfo UserData Payload",) for provider in _POWERSHELL},
    **{(provider, 4104): ("MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path",) for provider in _POWERSHELL},
    (_SYSMON, 1): (
        f"{_SYSMON_PROCESS} Image {_VERSION} {_SYSMON_CREATE}",
        f"{_SYSMON_PROCESS} Image {_VERSION} OriginalFileName {_SYSMON_CREATE}",
        f"{_SYSMON_PROCESS} Image {_VERSION} OriginalFileName {_SYSMON_CREATE} ParentUser",
    ),
    (_SYSMON, 2): (_TIMED, f"{_TIMED} User"),
    (_SYSMON, 3): (f"{_SYSMON_PROCESS} {_SYSMON_CONNECT}",),
    (_SYSMON, 5): (f"{_SYSMON_PROCESS} Image", f"{_SYSMON_PROCESS} Image User"),
    (_SYSMON, 7): (
        f"{_SYSMON_PROCESS} Image ImageLoaded {_VERSION} OriginalFileName Hashes Signed Signature SignatureStatus",
        f"{_SYSMON_PROCESS} Image ImageLoaded {_VERSION} OriginalFileName Hashes Signed Signature SignatureStatus User",
    ),
    (_SYSMON, 8): (_THREAD, f"{_THREAD} {_USERS}"),
    (_SYSMON, 10): (_ACCESS, f"{_ACCESS} {_USERS}"),
    (_SYSMON, 11): (
        f"{_SYSMON_PROCESS} Image TargetFilename CreationUtcTime",
        f"{_SYSMON_PROCESS} Image TargetFilename CreationUtcTime User",
    ),
    (_SYSMON, 12): (_REGISTRY, f"{_REGISTRY} User"),
    (_SYSMON, 13): (f"{_REGISTRY} Details", f"{_REGISTRY} Details User"),
    (_SYSMON, 14): (f"{_REGISTRY} NewName", f"{_REGISTRY} NewName User"),
    (_SYSMON, 15): (
        f"{_SYSMON_PROCESS} Image TargetFilename CreationUtcTime Hash",
        f"{_SYSMON_PROCESS} Image TargetFilename CreationUtcTime Hash Contents",
        f"{_SYSMON_PROCESS} Image TargetFilename CreationUtcTime Hash Contents User",
    ),
    (_SYSMON, 17): (f"RuleName {_PIPE}", f"RuleName EventType {_PIPE}", f"RuleName EventType {_PIPE} User"),
    (_SYSMON, 18): (f"RuleName {_PIPE}", f"RuleName EventType {_PIPE}", f"RuleName EventType {_PIPE} User"),
    (_SYSMON, 19): (f"{_WMI} EventNamespace Name Query",),
    (_SYSMON, 20): (f"{_WMI} Name Type Destination",),
    (_SYSMON, 21): (f"{_WMI} Consumer Filter",),
    (_SYSMON, 22): (
        f"{_SYSMON_PROCESS} QueryName QueryStatus QueryResults Image",
        f"{_SYSMON_PROCESS} QueryName QueryStatus QueryResults Image User",
    ),
    (_SYSMON, 23): (f"{_DELETED} IsExecutable Archived",),
    (_SYSMON, 26): (f"{_DELETED} IsExecutable",),
    (_SYSMON, 27): (_DELETED,),
    (_SYSMON, 29): (_DELETED,),
}
"""(provider, event id) to layouts, space separated; no two of one event have the same number of names."""

_UTC: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_LINE: Final = re.compile(r"([A-Za-z][A-Za-z0-9]*): ?(.*)", re.DOTALL)
_HEXADECIMAL: Final = frozenset({"AccessMask", "HandleId"})
_SECURITY_PIDS: Final = frozenset({"ProcessId", "NewProcessId"})


def name_values(provider: str, event_id: int, values: Sequence[object]) -> dict[str, object] | None:
    """The values by name, None when no layout of this event has as many or they do not look like it."""
    for layout in LAYOUTS.get((provider.casefold(), event_id), ()):
        names = layout.split()
        if len(names) != len(values):
            continue
        if "UtcTime" in names and not _UTC.match(str(values[names.index("UtcTime")])):
            return None
        return {name: spell(provider, name, value) for name, value in zip(names, values, strict=True) if value is not None}
    return None


def spell(provider: str, name: str, value: object) -> object:
    """Numbers that the event log itself shows in hexadecimal, as it shows them: ``0x3e7`` joins, 999 does not."""
    if isinstance(value, int) and not isinstance(value, bool):
        security = provider.casefold() == _SECURITY
        if name.endswith("LogonId") or name in _HEXADECIMAL or (security and name in _SECURITY_PIDS):
            return f"0x{value:x}"
    return value


def names_in_message(provider: str, message: str) -> dict[str, object] | None:
    """The fields of a Sysmon message, which spells them as the event does; other providers translate theirs."""
    if provider.casefold() != _SYSMON:
        return None
    fields: dict[str, object] = {}
    last: str | None = None
    for line in message.splitlines()[1:]:
        match = _LINE.fullmatch(line)
        if match is not None:
            last = match[1]
            fields[last] = match[2]
        elif last is not None:
            fields[last] = f"{fields[last]}\n{line}"
    return fields if "UtcTime" in fields else None
