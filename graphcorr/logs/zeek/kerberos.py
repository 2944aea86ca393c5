"""Zeek kerberos.log: tickets asked for.

Source: Zeek's script reference, base/protocols/krb/main.zeek, KRB::Info.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.claims import NEVER, TICKET_BY_NAME
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import flag, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.logs.wire import principal
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="zeek-kerberos",
    title="Kerberos tickets",
    source=ZeekLog("kerberos", frozenset({"request_type", "uid"})),
    vantage=Vantage.SENSOR,
    # A ticket names an account and a service, and the responder beside them is the domain controller.
    testifies=(Testimony(Kind.NAME, NEVER), TICKET_BY_NAME),
    needs=("target_address",),
    columns={
        **ZEEK_CONNECTION,
        "target_user": principal("client", realm=False),
        "target_user_domain": principal("client", realm=True),
        # The service is on another host than the responder, which is the domain controller: it is not target_host.
        "service": text("service"),
        "action": text("request_type"),
        "success": flag("success"),
    },
    says=Saying("{target_user or 'somebody'} at {source_address} asked for a ticket[ to {service}]"),
    provides="Which account at which address asked for a ticket to which service: to which machine somebody was about to go.",
    absent=(
        "the service's address",
        "the client's name",
    ),
)
