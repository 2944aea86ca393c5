"""OCSF Authentication (3002): a session was opened on a machine, or refused.

Source: OCSF's schema, class authentication, activity_id 1 Logon, status_id 1 Success, 2 Failure, logon_type_id as Windows' types.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import OF_MACHINE, SESSION, WHOSE, names_client, names_machine
from graphcorr.logs.ocsf_reading import accepted, activity, spoken
from graphcorr.logs.readers import address, integer, logon_id, person, port, realm, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

_OPENED: Final = "action = '1' AND success"


LOG_TYPE = LogType(
    name="ocsf-authentication",
    title="OCSF Authentication",
    # Of a directory's or a cloud's logon no machine speaks.
    source=spoken(3002),
    testifies=(
        Testimony(Kind.LOGON, _OPENED, WHOSE, covers=_OPENED),
        Testimony(Kind.ATTEMPT, "action = '1' AND NOT success", {**WHOSE, "session": "NULL", "sought": SESSION}),
        names_machine(f"{_OPENED} AND logon_type = 3 AND {OF_MACHINE}"),
        names_client(f"{_OPENED} AND logon_type = 3 AND source_host IS NOT NULL"),
    ),
    identity=True,
    essential=("target_user",),
    columns={
        "action": activity(),
        "success": accepted(),
        "target_user": person("user.name", "user.domain"),
        "target_user_domain": realm("user.domain"),
        "target_logon_id": logon_id("session.uid"),
        "logon_type": integer("logon_type_id", below=2**31),
        "auth_package": text("auth_protocol"),
        "source_address": address("src_endpoint.ip"),
        "source_port": port("src_endpoint.port"),
        "source_host": text("src_endpoint.hostname", "src_endpoint.name"),
    },
    says=Saying("logon of {target_user}[ from {source_address}]"),
    provides="Account, type and client address of logons, and of those that were refused.",
    absent=("the session, from most producers",),
)
