"""Defender's DeviceRegistryEvents: a key or a value of the registry was made, set, renamed or deleted.

Source: Microsoft, Defender XDR, advanced hunting schema, DeviceRegistryEvents.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.endpoint import INITIATING, actions
from graphcorr.logs.fields import Joint
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import present

_ACTIONS: Final = {
    "RegistryKeyCreated": "CreateKey",
    "RegistryKeyDeleted": "DeleteKey",
    "RegistryKeyRenamed": "RenameKey",
    "RegistryValueSet": "SetValue",
    "RegistryValueDeleted": "DeleteValue",
}
"""In the words of Sysmon, so that the same is called the same."""
_HIVES: Final = {"HKEY_LOCAL_MACHINE": "HKLM", "HKEY_USERS": "HKU", "HKEY_CLASSES_ROOT": "HKCR", "HKEY_CURRENT_USER": "HKCU"}


def _object(key: object, value: object) -> str | None:
    place, name = present(key), present(value)
    if place is None:
        return None
    hive, slash, rest = place.partition("\\")
    short = f"{_HIVES.get(hive.upper(), hive)}{slash}{rest}"
    return short if name is None else f"{short}\\{name}"


LOG_TYPE = LogType(
    name="mde-registry-events",
    title="DeviceRegistryEvents",
    source=actions(*_ACTIONS),
    testifies=(
        Testimony(Kind.REGISTRY_SET, "action = 'SetValue'", columns=ACCOUNT),
        Testimony(Kind.REGISTRY_CHANGE, "action <> 'SetValue'", columns=ACCOUNT),
    ),
    needs=("target_object",),
    columns={
        **INITIATING,
        "action": Joint(("ActionType",), lambda action: _ACTIONS.get(present(action) or "")),
        "target_object": Joint(("RegistryKey", "RegistryValueName"), _object),
        "details": text("RegistryValueData"),
    },
    says=Saying("{image or 'a process that is not known'}: {action} {target_object}[ to {details}]"),
    provides="Which program changed which key or value, and to what.",
    absent=("keys that Defender does not watch", "the remote client: its writes are svchost's"),
)
