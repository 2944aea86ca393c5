"""The background of a made-up network: what its machines log on a quiet day, in roughly the proportions of real ones.

Nothing in it is a file that came over the network and was run. Files are written over the network (documents to a
file share) and files are run (Windows' own and installed programs), but never the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.simulate import administration as admin
from graphcorr.simulate import marks, records, zeek
from graphcorr.simulate.estate import DNS_DOMAIN, DOMAIN, Host
from graphcorr.simulate.moves import Logging

if TYPE_CHECKING:
    from graphcorr.simulate.records import WindowsRecord
    from graphcorr.simulate.zeek import ZeekRow

_SVCHOST: Final = r"C:\Windows\System32\svchost.exe"
_EDGE: Final = r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"
_WORD: Final = r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE"
_MODULES: Final = (
    r"C:\Windows\System32\kernel32.dll",
    r"C:\Windows\System32\version.dll",
    r"C:\Windows\System32\dbghelp.dll",
    r"C:\Windows\System32\OnDemandConnRouteHelper.dll",
    r"C:\Windows\SysWOW64\cryptsp.dll",
    r"C:\Program Files\Microsoft Office\root\Office16\wwlib.dll",
)
_ETW: Final = r"C:\Windows\System32\LogFiles\WMI\RtBackup\EtwRTAzure_AZNetCapture.etl"


def background_records(host: Host) -> list[tuple[int, WindowsRecord]]:
    """Weighted records of one host."""
    pid, guid = marks.PID, marks.GUID
    user = rf"{DOMAIN}\{host.user}"
    home = rf"C:\Users\{host.user}"
    client = {
        "source_address": marks.PEER,
        "user": host.user,
        "user_sid": host.user_sid,
        "logon_id": f"0x{marks.SERIAL_HEX}",
        "port": marks.PORT,
    }
    temporary = rf"{home}\AppData\Local\Temp\tmp{marks.SERIAL}.tmp"
    return [
        (14, records.process_access(_SVCHOST, r"C:\windows\System32\lsass.exe", pid=pid, guid=guid)),
        (10, records.registry_set(_SVCHOST, rf"HKLM\SOFTWARE\Microsoft\VFUProvider\{marks.SERIAL}", pid=pid, guid=guid)),
        *((5, records.module_load(_SVCHOST if index % 2 else _WORD, module, pid=pid, guid=guid)) for index, module in enumerate(_MODULES)),
        (3, records.process_start(_SVCHOST, rf"{_SVCHOST} -k netsvcs -p -s Schedule", pid=pid, guid=guid)),
        (
            2,
            records.process_start(
                r"C:\Windows\System32\wbem\WmiPrvSE.exe",
                r"C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding",
                pid=pid,
                guid=guid,
                parent_image=_SVCHOST,
            ),
        ),
        (
            2,
            records.process_start(
                _EDGE, f'"{_EDGE}" --type=renderer --client-id={marks.SERIAL}', pid=pid, guid=guid, user=user, parent_image=_EDGE
            ),
        ),
        (
            1,
            # A document on a share, opened by a program of another host: no execution, and not on this one.
            records.process_start(
                _WORD,
                rf'"{_WORD}" /n "\\srv001\Finance\report-{marks.SERIAL}.docx"',
                pid=pid,
                guid=guid,
                user=user,
                directory=rf"{home}\Documents" + "\\",
            ),
        ),
        (
            1,
            records.process_start(
                r"C:\Windows\System32\cmd.exe",
                rf'cmd.exe /c "dir C:\ > {home}\AppData\Local\Temp\list-{marks.SERIAL}.txt"',
                pid=pid,
                guid=guid,
                user=user,
            ),
        ),
        (2, records.process_created(_SVCHOST, rf"{_SVCHOST} -k LocalService", pid=marks.PID_HEX, host=host)),
        (3, records.process_end(_SVCHOST, pid=pid, guid=guid)),
        (4, records.connection(host, _EDGE, port=marks.PORT, peer="52.114.32.24", peer_port="443", pid=pid, guid=guid)),
        (2, records.connection(host, _SVCHOST, port=marks.PORT, peer=marks.PEER, peer_port="445", pid=pid, guid=guid)),
        (3, records.logon(source_name=marks.PEER_NAME, **client)),
        (1, records.share_connected("Finance", r"D:\Shares\Finance", **client)),
        (3, records.share_object("Finance", r"D:\Shares\Finance", rf"2024\report-{marks.SERIAL}.xlsx", records.READ_MASK, **client)),
        (2, records.share_object("Finance", r"D:\Shares\Finance", rf"2024\budget-{marks.SERIAL}.xlsx", "0x120196", **client)),
        (1, records.share_object("SYSVOL", r"C:\Windows\SYSVOL\sysvol", rf"{DNS_DOMAIN}\Policies\gpt.ini", records.READ_MASK, **client)),
        (1, records.share_object("IPC$", "", "srvsvc", "0x12019f", **client)),
        (5, records.file_created(temporary, image=_EDGE, pid=pid, guid=guid)),
        (1, records.file_created(_ETW)),  # by System, and no write over the network
        (1, records.file_removed(temporary, image=_EDGE, pid=pid, guid=guid)),
    ]


def background_rows(host: Host) -> list[tuple[int, ZeekRow]]:
    """Weighted rows of the network monitor, each with this host as the client."""
    client = host.address
    uid, fuid = f"C{marks.SERIAL_HEX}aB", f"F{marks.SERIAL_HEX}cD"
    flow = {"uid": uid}
    return [
        (16, zeek.conn(client, marks.PORT, "52.114.32.24", "443", service="ssl", **flow)),
        (6, zeek.conn(client, marks.PORT, marks.PEER, "445", service="gssapi,smb,krb", **flow)),
        (2, zeek.conn(client, marks.PORT, marks.PEER, "135", service="dce_rpc", **flow)),
        (3, _open(client, uid, fuid)),
        (1, zeek.rpc(client, marks.PORT, marks.PEER, endpoint="samr", operation="SamrConnect5", **flow)),
        (1, zeek.rpc(client, marks.PORT, marks.PEER, endpoint="svcctl", operation="OpenSCManagerW", **flow)),
        (1, zeek.transfer(client, marks.PEER, fuid=fuid, name=rf"2024\budget-{marks.SERIAL}.xlsx", size="48211", **flow)),
    ]


def _open(client: str, uid: str, fuid: str) -> ZeekRow:
    share = rf"\\{marks.PEER_NAME}\Finance"
    name = rf"2024\report-{marks.SERIAL}.xlsx"
    return zeek.smb_file(client, marks.PORT, marks.PEER, uid=uid, fuid=fuid, action="FILE_OPEN", share=share, name=name, size="48211")


def daily_records(host: Host, logging: Logging) -> list[tuple[int, WindowsRecord]]:
    """Weighted records of one host that tell of no machine's address: what ``logging`` writes on a quiet day."""
    session = f"0x{marks.SERIAL_HEX}"
    client = {"source_address": marks.PEER, "port": marks.PORT, "logon_id": session}
    person = {"user": host.user, "user_sid": host.user_sid}
    told = [
        (6, records.logon(source_name="-", **client, **person)),
        (1, records.service_installed(f"Updater {marks.SERIAL}", rf'"C:\Program Files\Updater\{marks.SERIAL}\updater.exe" /svc')),
        (3, admin.task_registered(rf"\Microsoft\Office\Feature {marks.SERIAL}", host.user)),
        (3, admin.task_started(rf"\Microsoft\Office\Feature {marks.SERIAL}", _WORD, marks.PID)),
    ]
    if logging is Logging.AUDITED:
        told += [
            (6, records.process_created(_SVCHOST, rf"{_SVCHOST} -k LocalService", pid=marks.PID_HEX, host=host)),
            (2, records.share_connected("Finance", r"D:\Shares\Finance", **client, **person)),
            (4, records.share_object("Finance", r"D:\Shares\Finance", rf"budget-{marks.SERIAL}.xlsx", "0x120196", **client, **person)),
            (2, records.share_object("IPC$", "", "srvsvc", "0x12019f", **client, **person)),
        ]
    if logging is Logging.SYSMON:
        pid, guid = marks.PID, marks.GUID
        told += [
            (6, records.process_start(_SVCHOST, rf"{_SVCHOST} -k netsvcs -p -s Schedule", pid=pid, guid=guid)),
            (3, records.process_end(_SVCHOST, pid=pid, guid=guid)),
            (3, records.file_created(_ETW)),
            (4, records.module_load(_SVCHOST, _MODULES[1], pid=pid, guid=guid)),
        ]
    return told
