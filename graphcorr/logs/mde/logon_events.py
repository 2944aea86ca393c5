"""Defender's DeviceLogonEvents: a session was opened on the device, or refused.

Source: Microsoft, Defender XDR, advanced hunting schema, DeviceLogonEvents.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import OF_MACHINE, SESSION, WHOSE, names_client, names_machine
from graphcorr.logs.endpoint import actions, logon_kind
from graphcorr.logs.readers import address, logon_id, person, port, realm, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

_OPENED: Final = "action = 'LogonSuccess'"

LOG_TYPE = LogType(
    name="mde-logon-events",
    title="DeviceLogonEvents",
    # Without an id of the device it is the table of identities, where the name is that of any end.
    source=actions("LogonSuccess", "LogonFailed", DeviceId=None),
    testifies=(
        Testimony(Kind.LOGON, _OPENED, WHOSE, covers=_OPENED),
        Testimony(Kind.ATTEMPT, "action = 'LogonFailed'", {**WHOSE, "session": "NULL", "sought": SESSION}),
        names_machine(f"{_OPENED} AND logon_type = 3 AND {OF_MACHINE}"),
        names_client(f"{_OPENED} AND logon_type = 3 AND source_host IS NOT NULL"),
    ),
    identity=True,
    essential=("target_user",),
    columns={
        "action": text("ActionType"),
        "target_user": person("AccountName", "AccountDomain"),
        "target_user_domain": realm("AccountDomain"),
        "target_logon_id": logon_id("LogonId"),
        "logon_type": logon_kind("LogonType"),
        "auth_package": text("Protocol"),
        "source_address": address("RemoteIP"),
        "source_port": port("RemotePort"),
        "source_host": text("RemoteDeviceName"),
    },
    says=Saying("{action} of {target_user}[ from {source_address}]"),
    provides="Account, session, type and client address of logons, and of those that were refused.",
    absent=("the account of the client at the source",),
)
