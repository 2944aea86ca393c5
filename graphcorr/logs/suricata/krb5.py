"""Suricata EVE krb5: an answer of Kerberos' server, with whose ticket it is.

Source: Suricata's user guide, "Eve JSON Format", event type krb5; RFC 4120 for the messages.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import JsonLog, LogType
from graphcorr.logs.claims import TICKET_BY_NAME, names_machine
from graphcorr.logs.fields import Joint
from graphcorr.logs.readers import account, realm, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Vantage
from graphcorr.logs.wire import end_by_port
from graphcorr.syntax.values import present

_PORTS: Final = (88,)


def _succeeded(message: object) -> bool | None:
    name = present(message)
    return None if name is None else name.upper() in {"KRB_AS_REP", "KRB_TGS_REP"}


LOG_TYPE = LogType(
    name="suricata-krb5",
    title="Kerberos answers",
    source=JsonLog({"event_type": "krb5", "flow_id": None, "src_ip": None}, time="timestamp", collector="host"),
    vantage=Vantage.SENSOR,
    # Only the machine has the key of its account: a ticket was made out to the address that asked with it.
    testifies=(names_machine("success AND source_address IS NOT NULL AND ends_with(target_user, '$')"), TICKET_BY_NAME),
    identity=True,
    needs=("target_address",),
    columns={
        "uid": text("flow_id"),
        "source_address": end_by_port(_PORTS, "src_ip", "dest_ip", server=False),
        "source_port": end_by_port(_PORTS, "src_port", "dest_port", server=False),
        "target_address": end_by_port(_PORTS, "src_ip", "dest_ip", server=True),
        "target_port": end_by_port(_PORTS, "src_port", "dest_port", server=True),
        "action": text("krb5.msg_type"),
        "target_user": account("krb5.cname"),
        "target_user_domain": realm("krb5.realm"),
        # The service is on another host than the responder, which is the domain controller: it is not target_host.
        "service": text("krb5.sname"),
        "success": Joint(("krb5.msg_type",), _succeeded),
    },
    says=Saying("{action}[ for {target_user}][ to {service}][ from {source_address}]"),
    provides=(
        "Which account at which address got a ticket to which service: of a computer's account it is the machine behind the address, "
        "of a person's to which machine they were about to go."
    ),
    absent=(
        "the service's address",
        "what was asked for, where the answer was not seen",
    ),
)
