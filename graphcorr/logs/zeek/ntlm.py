"""Zeek ntlm.log: NTLM logons seen on the wire.

Source: Zeek's script reference, base/protocols/ntlm/main.zeek, NTLM::Info; MS-NLMP 2.2.1 for who states which name.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.claims import NTLM_NAME
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import flag, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-ntlm",
    title="NTLM logons",
    source=ZeekLog("ntlm", frozenset({"server_nb_computer_name", "uid"})),
    vantage=Vantage.SENSOR,
    testifies=(
        Testimony(
            Kind.NAME,
            columns={
                "basis": f"'{NTLM_NAME}'",
                "bindings": "[{'address': source_address, 'name': source_host}, {'address': target_address, 'name': target_host}]",
                "qualifies": "[target_host]",
            },
        ),
    ),
    identity=True,
    needs=("target_address",),
    columns={
        **ZEEK_CONNECTION,
        "target_user": text("username"),
        "target_user_domain": text("domainname"),
        # What the client says of itself; the server's names are its own.
        "source_host": text("hostname"),
        "target_host": text("server_dns_computer_name", "server_nb_computer_name"),
        "success": flag("success"),
    },
    says=Saying("{target_user or 'somebody'} at {source_address}[ ({source_host})] logged on to {target_host or target_address}"),
    provides="Account, client name and server names beside both addresses.",
    absent=(
        "success in many protocols",
        "the NetBIOS name where the DNS name is known",
    ),
)
