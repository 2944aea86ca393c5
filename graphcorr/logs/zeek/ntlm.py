"""Zeek ntlm.log: NTLM logons seen on the wire.

Source: Zeek's script reference, base/protocols/ntlm/main.zeek, NTLM::Info; MS-NLMP 2.2.1 for who states which name.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.claims import AUTHENTICATES, NTLM_NAME, NTLM_NAMES
from graphcorr.logs.fields import Joint
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import flag, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import present

_NETBIOS: Final = 15
"""Characters that NetBIOS has of a name."""


def _server(full: object, short: object) -> str | None:
    """The server's name, in full where that is known; None where its two names are not one's: then they are those of other fields."""
    dns, netbios = present(full), present(short)
    if dns is None or netbios is None:
        return dns or netbios
    return dns if dns.partition(".")[0][:_NETBIOS].lower() == netbios.lower() else None


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
                "bindings": NTLM_NAMES,
                "qualifies": "[target_host]",
            },
        ),
        AUTHENTICATES,
    ),
    identity=True,
    needs=("target_address",),
    columns={
        **ZEEK_CONNECTION,
        "target_user": text("username"),
        "target_user_domain": text("domainname"),
        # What the client says of itself; the server's names are its own.
        "source_host": text("hostname"),
        "target_host": Joint(("server_dns_computer_name", "server_nb_computer_name"), _server),
        "success": flag("success"),
    },
    says=Saying("{target_user or 'somebody'} at {source_address}[ ({source_host})] logged on to {target_host or target_address}"),
    provides="Account, client name and server names beside both addresses.",
    absent=(
        "success in many protocols",
        "the NetBIOS name where the DNS name is known",
    ),
)
