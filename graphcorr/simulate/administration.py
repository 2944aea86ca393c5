"""Windows records of administration: services, tasks, shells of WinRM, and the sessions that they are asked for in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.simulate.estate import DOMAIN
from graphcorr.simulate.marks import UTC
from graphcorr.simulate.records import Channel, WindowsRecord, process_created, registry_set, security, sysmon

if TYPE_CHECKING:
    from graphcorr.simulate.estate import Host

SVCHOST: Final = r"C:\Windows\System32\svchost.exe"
SCHEDULER: Final = rf"{SVCHOST} -k netsvcs -p -s Schedule"
POWERSHELL: Final = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"


def subject(user: str, user_sid: str, logon_id: str) -> dict[str, str]:
    """Who acts, and in which session, as the audit has it."""
    return {"SubjectUserSid": user_sid, "SubjectUserName": user, "SubjectDomainName": DOMAIN, "SubjectLogonId": logon_id}


def service_audited(name: str, path: str, *, user: str, user_sid: str, logon_id: str) -> WindowsRecord:
    """Security 4697."""
    return security(
        4697,
        "Security System Extension",
        **subject(user, user_sid, logon_id),
        ServiceName=name,
        ServiceFileName=path,
        ServiceType="0x10",
        ServiceStartType="3",
        ServiceAccount="LocalSystem",
    )


def task_registered(task: str, user: str) -> WindowsRecord:
    """TaskScheduler 106."""
    return WindowsRecord(Channel.TASKS, 106, "Task registered", {"TaskName": task, "UserContext": rf"{DOMAIN}\{user}"})


def task_started(task: str, program: str, pid: str) -> WindowsRecord:
    """TaskScheduler 129."""
    return WindowsRecord(
        Channel.TASKS,
        129,
        "Created Task Process",
        {"TaskName": task, "Path": program, "ProcessID": pid, "Priority": "16384"},
    )


def task_audited(
    task: str, runs: tuple[str, str], *, user: str, user_sid: str, logon_id: str, client_pid: str, locality: str
) -> WindowsRecord:
    """Security 4698 of a task that ``runs`` a program with arguments; ``client_pid`` is 0 for a client of another machine."""
    program, arguments = runs
    content = (
        '<?xml version="1.0" encoding="UTF-16"?><Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">'
        f"<Actions><Exec><Command>{program}</Command><Arguments>{arguments}</Arguments></Exec></Actions></Task>"
    )
    return security(
        4698,
        "Other Object Access Events",
        **subject(user, user_sid, logon_id),
        TaskName=task,
        TaskContent=content,
        ClientProcessStartKey="0",
        ClientProcessId=client_pid,
        ParentProcessId="0",
        RpcCallClientLocality=locality,
        FQDN="-",
    )


def shell_opened(user: str, address: str) -> WindowsRecord:
    """WinRM 91 as Windows 10 and later have it, with the account and the client behind the resource."""
    resource = rf"http://schemas.microsoft.com/powershell/Microsoft.PowerShell ({DOMAIN}\{user} clientIP: {address})"
    return WindowsRecord(Channel.WINRM, 91, "Request handling", {"resourceUri": resource})


def time_changed(path: str, image: str, user: str, *, pid: str, guid: str) -> WindowsRecord:
    """Sysmon 2: a file is given the time of a system file of years ago."""
    times = {"CreationUtcTime": "2019-12-07 09:08:27.000", "PreviousCreationUtcTime": UTC}
    return sysmon(2, "File creation time changed", ProcessGuid=guid, ProcessId=pid, Image=image, TargetFilename=path, User=user, **times)


def page_set(image: str, page: str, user: str, *, pid: str, guid: str) -> WindowsRecord:
    """Sysmon 13: the inbox of Outlook is given a home page."""
    key = r"HKU\S-1-5-21-1004336348-1177238915-682003330-1001\Software\Microsoft\Office\16.0\Outlook\WebView\Inbox\URL"
    return registry_set(image, key, pid=pid, guid=guid, details=page, user=user)


def consumer_created(name: str, command: str, user: str) -> WindowsRecord:
    """Sysmon 20 of a consumer that runs a command."""
    return sysmon(
        20,
        "WmiEventConsumer activity detected (rule: WmiEvent)",
        EventType="WmiConsumerEvent",
        Operation="Created",
        User=rf"{DOMAIN}\{user}",
        Name=f' "{name}"',
        Type="Command Line",
        Destination=f' "{_escaped(command)}"',
    )


def consumer_bound(name: str, command: str | None) -> WindowsRecord:
    """WMI-Activity 5861; without a command the consumer writes into a log, as the one does that Windows brings."""
    kind = "CommandLineEventConsumer" if command else "NTEventLogEventConsumer"
    runs = f'CommandLineTemplate = "{_escaped(command)}";' if command else 'SourceName = "Service Control Manager";'
    cause = f'Binding EventFilter: instance of __EventFilter {{ Name = "{name}"; }}; Perm. Consumer: instance of {kind} {{ {runs} }};'
    fields = {"Namespace": "//./root/subscription", "ESS": name, "CONSUMER": f'{kind}="{name}"', "PossibleCause": cause}
    return WindowsRecord(Channel.WMI, 5861, "", fields)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


def process_audited(
    image: str, command_line: str, *, pid: int, parent_image: str, user: str, user_sid: str, logon_id: str, host: Host
) -> WindowsRecord:
    """Security 4688 of a process that was made for somebody: the machine's account acts, and the token is theirs."""
    target = {"TargetUserSid": user_sid, "TargetUserName": user, "TargetDomainName": DOMAIN, "TargetLogonId": logon_id}
    return process_created(image, command_line, pid=f"0x{pid:x}", host=host, parent_image=parent_image, target=target, label="S-1-16-12288")


def accepted_audited(image: str, *, own: str, own_port: str, peer: str, peer_port: str) -> WindowsRecord:
    """Security 5156 of a connection that came in."""
    return security(
        5156,
        "Filtering Platform Connection",
        ProcessID="720",
        Application=image if image == "System" else rf"\device\harddiskvolume2{image[2:].lower()}",
        Direction="%%14592",
        SourceAddress=peer,
        SourcePort=peer_port,
        DestAddress=own,
        DestPort=own_port,
        Protocol="6",
        FilterRTID="67903",
        LayerName="%%14610",
        LayerRTID="44",
        RemoteUserID="S-1-0-0",
        RemoteMachineID="S-1-0-0",
    )


def bound_audited(image: str, *, own: str, port: str) -> WindowsRecord:
    """Security 5158."""
    return security(
        5158,
        "Filtering Platform Connection",
        ProcessId="4",
        Application=image,
        SourceAddress=own,
        SourcePort=port,
        Protocol="6",
        FilterRTID="0",
        LayerName="%%14608",
        LayerRTID="36",
    )


def accepted(image: str, *, host: Host, own_port: str, peer: str, peer_port: str, pid: str, guid: str) -> WindowsRecord:
    """Sysmon 3 of a connection that came in."""
    return sysmon(
        3,
        "Network connection detected (rule: NetworkConnect)",
        ProcessGuid=guid,
        ProcessId=pid,
        Image=image,
        User=r"NT AUTHORITY\SYSTEM",
        Protocol="tcp",
        Initiated="false",
        SourceIsIpv6="false",
        SourceIp=peer,
        SourceHostname="-",
        SourcePort=peer_port,
        SourcePortName="-",
        DestinationIsIpv6="false",
        DestinationIp=host.address,
        DestinationHostname=host.fqdn,
        DestinationPort=own_port,
        DestinationPortName="-",
    )
