"""Remote procedures that are told: which interface an identifier names, and which operation a number.

Source: MS-SCMR 3.1.4, MS-TSCH 3.2.5, MS-WMI 3.1.4, MS-DCOM 3.1.2.5.2.3.
"""

from __future__ import annotations

from typing import Final

SVCCTL: Final = "svcctl"
ATSVC: Final = "atsvc"
_SCHEDULER: Final = "ITaskSchedulerService"
INTERFACES: Final = {
    "367abb81-9844-35f1-ad32-98f038001003": SVCCTL,
    "1ff70682-0a51-30e8-076d-740be8cee98b": ATSVC,
    "86d35949-83c9-4044-b424-db363231fd0c": _SCHEDULER,
    "9556dc99-828c-11cf-a37e-00aa003240c7": "IWbemServices",
    "f309ad18-d86a-11d0-a075-00c04fb68820": "IWbemLevel1Login",
    "000001a0-0000-0000-c000-000000000046": "ISystemActivator",
}

_MANAGER: Final = {
    0: "CloseServiceHandle", 1: "ControlService", 2: "DeleteService", 6: "QueryServiceStatus", 11: "ChangeServiceConfigW",
    12: "CreateServiceW", 14: "EnumServicesStatusW", 15: "OpenSCManagerW", 16: "OpenServiceW", 17: "QueryServiceConfigW",
    19: "StartServiceW", 23: "ChangeServiceConfigA", 24: "CreateServiceA", 26: "EnumServicesStatusA", 27: "OpenSCManagerA",
    28: "OpenServiceA", 29: "QueryServiceConfigA", 31: "StartServiceA", 36: "ChangeServiceConfig2A", 37: "ChangeServiceConfig2W",
    38: "QueryServiceConfig2A", 39: "QueryServiceConfig2W", 40: "QueryServiceStatusEx", 41: "EnumServicesStatusExA",
    42: "EnumServicesStatusExW", 44: "CreateServiceWOW64A", 45: "CreateServiceWOW64W", 60: "CreateWowService",
}  # fmt: skip
OPERATIONS: Final = {
    SVCCTL: _MANAGER,
    ATSVC: {0: "NetrJobAdd", 1: "NetrJobDel", 2: "NetrJobEnum", 3: "NetrJobGetInfo"},
    _SCHEDULER: {
        0: "SchRpcHighestVersion", 1: "SchRpcRegisterTask", 2: "SchRpcRetrieveTask", 3: "SchRpcCreateFolder", 6: "SchRpcEnumFolders",
        7: "SchRpcEnumTasks", 8: "SchRpcEnumInstances", 11: "SchRpcStop", 12: "SchRpcRun", 13: "SchRpcDelete", 14: "SchRpcRename",
        16: "SchRpcGetLastRunInfo", 17: "SchRpcGetTaskInfo", 19: "SchRpcEnableTask",
    },
    "IWbemServices": {
        3: "OpenNamespace", 6: "GetObject", 8: "PutClass", 14: "PutInstance", 16: "DeleteInstance", 18: "CreateInstanceEnum",
        20: "ExecQuery", 21: "ExecQueryAsync", 22: "ExecNotificationQuery", 24: "ExecMethod", 25: "ExecMethodAsync",
    },
    "IWbemLevel1Login": {6: "NTLMLogin"},
    "ISystemActivator": {3: "RemoteGetClassObject", 4: "RemoteCreateInstance"},
}  # fmt: skip
"""Interface → number → operation, as the specifications call it. Of others nothing is told."""
