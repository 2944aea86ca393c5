"""Every log type on real records, against golden files; ``BLESS=1`` writes them anew, to be read as a diff."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from graphcorr.logs.catalog import log_types
from tests.logs.records import columns, read_real

GOLDEN: Final = Path(__file__).parent / "golden"
_ATOMIC: Final = "OTRF+Security-Datasets/datasets/atomic/windows"
_PSEXEC: Final = f"{_ATOMIC}/credential_access/host/cmd_psexec_lsa_secrets_dump.zip"
_COPY: Final = f"{_ATOMIC}/lateral_movement/host/covenant_copy_smb_CreateRequest.zip"
_DCOM: Final = f"{_ATOMIC}/lateral_movement/host/covenant_dcom_iertutil_dll_hijack.zip"
_PSREMOTING: Final = f"{_ATOMIC}/lateral_movement/host/covenant_psremoting_command.zip"
_TCP: Final = f"{_ATOMIC}/lateral_movement/host/empire_psexec_dcerpc_tcp_svcctl.zip"
_COM_WSMAN: Final = f"{_ATOMIC}/lateral_movement/host/covenant_com_wsman_automation.zip"
_PLAYBOOK: Final = f"{_ATOMIC}/lateral_movement/host/purplesharp_ad_playbook_I.zip"
_SHARPSC: Final = f"{_ATOMIC}/lateral_movement/host/covenant_sharpsc_create_dcerpc_smb_svcctl.zip"
_LSASS: Final = "OTRF+Security-Datasets/datasets/compound/LSASS_campaign_03/metasploit_comsvcs_lsass_memory_dump.zip"
_CONN: Final = "OTRF+Security-Datasets/datasets/compound/apt29/day2/zeek/individual_zeek_logs/NEWYORK_conn.log"
_ZEEK: Final = "brimdata+zed-sample-data/zeek-json"
_ZEROLOGON: Final = "Yamato-Security+hayabusa-sample-evtx/YamatoSecurity/LateralMovement/T1210_Zerologon_WindowsDefaultLogging.evtx"
_HIJACK: Final = "Yamato-Security+hayabusa-sample-evtx/YamatoSecurity/LateralMovement/T1563.002_RDP-Hijacking_Security.evtx"
_ROMANCE: Final = (
    "mdecrevoisier+EVTX-to-MITRE-Attack/EVTX_full_APT_attack_steps/ID4624,4688,5140,5145-Eternal Romance - MS17_010_psexec (GLOBAL).evtx"
)
_LATERAL: Final = "mdecrevoisier+EVTX-to-MITRE-Attack/TA0008-Lateral Movement/T1021.002-SMB Windows Admin Shares"
_SHARES: Final = f"{_LATERAL}/ID5142-5143-Mimispool print share created and modified.evtx"
_NET_USE: Final = f"{_LATERAL}/ID4688-4648 Lateral movement with net use.evtx"
_SERVICE: Final = (
    "mdecrevoisier+EVTX-to-MITRE-Attack/TA0003-Persistence/T1543.003-Create or Modify System Process-Windows Service/"
    "ID7045-4697-SMBexec service registration.evtx"
)
_TASKS: Final = f"{_ATOMIC}/lateral_movement/host/schtask_create.zip"
_ATSVC: Final = "sbousseaden+EVTX-ATTACK-SAMPLES/Lateral Movement/LM_ScheduledTask_ATSVC_target_host.evtx"
_CLEARED: Final = "sans-blue-team+DeepBlueCLI/evtx/metasploit-psexec-native-target-system.evtx"
_SYSMON: Final = "sans-blue-team+DeepBlueCLI/evtx/metasploit-sysmon.evtx"
_COMMAND: Final = f"{_ATOMIC}/lateral_movement/host/covenant_dcom_registerxll.zip"
_MMC20: Final = (
    "mdecrevoisier+EVTX-to-MITRE-Attack/TA0008-Lateral Movement/T1021.003-Distributed Component Object Model (DCOM)/"
    "ID4103,4104-DCOMexec native via PowerShell.evtx"
)
_LSASSY: Final = (
    "mdecrevoisier+EVTX-to-MITRE-Attack/TA0006-Credential Access/T1003-Credential dumping/ID1-LSASS dump with LSASSY (SYSMON).evtx"
)
_SVCCTL: Final = "Yamato-Security+hayabusa-sample-evtx/EVTX-ATTACK-SAMPLES/Lateral Movement/LM_5145_4674_SVCCTL.evtx"
_LOCAL_ADMIN: Final = f"{_ATOMIC}/discovery/host/empire_find_localadmin_smb_svcctl_OpenSCManager.zip"
_SHELL: Final = f"{_ATOMIC}/lateral_movement/host/empire_dcom_shellwindows_stager.zip"
_TASK: Final = f"{_ATOMIC}/lateral_movement/host/schtask_create.zip"
_OLD_SYSMON: Final = "sbousseaden+EVTX-ATTACK-SAMPLES/Lateral Movement/LM_DCOM_MSHTA_LethalHTA_Sysmon_3_1.evtx"

REAL: Final[dict[str, list[tuple[str, int]]]] = {
    "powershell-400": [(_PSREMOTING, 482), (_PSREMOTING, 813)],
    "powershell-4103": [(_MMC20, 1), (_COMMAND, 313)],
    "powershell-4104": [(_MMC20, 2), (_LSASS, 38842)],
    "security-1102": [(_PSEXEC, 1), (_ZEROLOGON, 1)],
    "security-4624": [(_COPY, 56), (_ROMANCE, 4), (_ZEROLOGON, 3)],
    "security-4625": [(_PLAYBOOK, 788)],
    "security-4634": [(_COPY, 301)],
    "security-4648": [(_PSREMOTING, 568), (_NET_USE, 2)],
    "security-4656": [(_LSASS, 8), (_LSASS, 1139)],
    "security-4672": [(_COPY, 298)],
    "security-4688": [(_PSEXEC, 4), (_PSREMOTING, 183), (_NET_USE, 1)],
    "security-4689": [(_PSEXEC, 37), (_COPY, 7)],
    "security-4697": [(_SHARPSC, 1020), (_SERVICE, 2)],
    "security-4698": [(_DCOM, 13978), (_TASKS, 579), (_ATSVC, 14)],
    "security-4699": [(_ATSVC, 18)],
    "security-4702": [(_DCOM, 18395)],
    "security-4768": [(_PSREMOTING, 582)],
    "security-4769": [(_COPY, 68)],
    "security-4770": [(_DCOM, 33267)],
    "security-4776": [(_DCOM, 20617)],
    "security-4778": [(_HIJACK, 4)],
    "security-5140": [(_PSEXEC, 27), (_COPY, 58), (_PSREMOTING, 40)],
    "security-5142": [(_SHARES, 1)],
    "security-5143": [(_SHARES, 2)],
    "security-5145": [(_PSEXEC, 28), (_COPY, 60), (_COPY, 61), (_ROMANCE, 6)],
    "security-5156": [(_PSEXEC, 3), (_COPY, 4)],
    "sysmon-1": [(_PSEXEC, 68), (_PSREMOTING, 64), (_OLD_SYSMON, 1)],
    "sysmon-10": [(_PSEXEC, 47), (_LSASSY, 8)],
    "sysmon-11": [(_PSEXEC, 44), (_COPY, 15), (_SYSMON, 21)],
    "sysmon-12": [(_PSEXEC, 45), (_SVCCTL, 5)],
    "sysmon-13": [(_PSEXEC, 46), (_SVCCTL, 6)],
    "sysmon-14": [(_SHELL, 5382)],
    "sysmon-15": [(_LSASS, 4295)],
    "sysmon-17": [(_PSEXEC, 171)],
    "sysmon-18": [(_PSEXEC, 190), (_PSREMOTING, 1)],
    "sysmon-2": [(_LOCAL_ADMIN, 3265), (_LSASS, 2168)],
    "sysmon-22": [(_PSEXEC, 263), (_SHELL, 3639), (_LSASS, 2614)],
    "sysmon-23": [(_PSREMOTING, 457)],
    "sysmon-26": [(_LSASS, 3222)],
    "sysmon-27": [(_SYSMON, 22)],
    "sysmon-29": [(_LSASS, 3639)],
    "sysmon-3": [(_PSEXEC, 261), (_COPY, 213), (_SYSMON, 31)],
    "sysmon-5": [(_PSEXEC, 251)],
    "sysmon-7": [(_PSEXEC, 67), (_COPY, 88)],
    "sysmon-8": [(_DCOM, 21280), (_TASK, 94), (_SYSMON, 38)],
    "system-104": [(_PSEXEC, 285), (_CLEARED, 1)],
    "system-7045": [(_PSEXEC, 286), (_SHARPSC, 1011), (_SERVICE, 1)],
    "system-7000": [(_TCP, 1254)],
    "system-7009": [(_TCP, 1253)],
    "system-7036": [(_TCP, 2782)],
    "system-7040": [(_DCOM, 14206)],
    "wmi-activity-5857": [(_COM_WSMAN, 730)],
    "wmi-activity-5858": [(_DCOM, 37459)],
    "wmi-activity-5860": [(_DCOM, 14055)],
    "taskscheduler-106": [(_DCOM, 14052), (_TASKS, 604)],
    "taskscheduler-129": [(_DCOM, 26589), (_PSREMOTING, 240)],
    "taskscheduler-140": [(_TASKS, 605)],
    "zeek-conn": [(_CONN, 1)],
    "zeek-dce-rpc": [(f"{_ZEEK}/dce_rpc.json.gz", 2)],
    "zeek-dpd": [(f"{_ZEEK}/dpd.json.gz", 3)],
    "zeek-kerberos": [(f"{_ZEEK}/kerberos.json.gz", 1)],
    "zeek-notice": [(f"{_ZEEK}/notice.json.gz", 3)],
    "zeek-ntlm": [(f"{_ZEEK}/ntlm.json.gz", 2)],
    "zeek-pe": [(f"{_ZEEK}/pe.json.gz", 1)],
    "zeek-rdp": [(f"{_ZEEK}/rdp.json.gz", 1)],
    "zeek-smb-files": [(f"{_ZEEK}/smb_files.json.gz", 1), (f"{_ZEEK}/smb_files.json.gz", 8)],
    "zeek-smb-mapping": [(f"{_ZEEK}/smb_mapping.json.gz", 1)],
    "zeek-ssh": [(f"{_ZEEK}/ssh.json.gz", 1), (f"{_ZEEK}/ssh.json.gz", 6)],
}
"""Log type to dataset files and record numbers."""

BY_HAND: Final = {
    *("capture-blind-spot", "capture-connection", "capture-dce-rpc", "capture-ntlm", "capture-smb"),
    *("security-4647", "security-4660", "security-4720", "security-4771", "security-4779", "security-5136"),
    *("rdpclient-1024", "rdpclient-1102", "winrm-6", "winrm-91", "wmi-activity-5859", "wmi-activity-5861"),
    *(f"terminalservices-lsm-{event_id}" for event_id in (21, 22, 23, 24, 25)),
    "terminalservices-rcm-1149",
    *(f"mde-{table}-events" for table in ("file", "image-load", "logon", "network", "process", "registry")),
    *("chainsaw-detection", "hayabusa-timeline", "zircolite-match"),
    *("ocsf-authentication", "ocsf-detection-finding", "ocsf-file-activity", "ocsf-network-activity", "ocsf-process-activity"),
    *("ocsf-network-seen", "ocsf-smb-activity", "ocsf-smb-seen"),
    *("mapped-alert", "mapped-connection", "mapped-file-removal", "mapped-file-write", "mapped-flow", "mapped-logon"),
    *("mapped-module-load", "mapped-process-end", "mapped-process-start", "mapped-registry-set", "mapped-service-install"),
    *("mapped-share-access", "mapped-task-register"),
    *("mde-antivirus-detection", "mde-service-installed"),
    *("security-4700", "security-4701", "taskscheduler-141", "taskscheduler-142", "taskscheduler-200", "taskscheduler-201"),
    *("security-5158", "dhcp-client-50028", "dhcp-server"),
    *("security-4663", "security-4719", "suricata-fileinfo", "suricata-flow", "suricata-smb"),
    *("suricata-alert", "suricata-dcerpc", "suricata-http", "suricata-krb5"),
    *("sysmon-19", "sysmon-20", "sysmon-21", "sysmon-28", "system-6011"),
    *("defender-1116", "defender-1117", "powershellcore-4103", "powershellcore-4104"),
    *("zeek-analyzer", "zeek-dhcp", "zeek-dns", "zeek-files", "zeek-http", "zeek-weird"),
}
"""Log types of which the datasets have no row in JSON with a real time: see the tests beside this one."""


def plain(value: object) -> object:
    """A column's value in JSON; ``raw`` stays out of the golden files, which hold no dataset."""
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def test_every_log_type_is_tested() -> None:
    assert set(REAL) | BY_HAND == set(log_types())


@pytest.mark.parametrize("log", REAL)
def test_real_record(log: str, shared: Path) -> None:
    found = []
    for file, number in REAL[log]:
        event = columns(read_real(shared, file, number))
        assert event.pop("log") == log
        found.append({"file": file, "record": number, "columns": {name: plain(value) for name, value in event.items() if name != "raw"}})
    path = GOLDEN / f"{log}.json"
    if os.environ.get("BLESS") == "1":
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="")
    assert found == json.loads(path.read_text(encoding="utf-8"))


def test_golden_files_are_all_read() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(REAL)
