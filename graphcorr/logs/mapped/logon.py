"""A mapped record that a session was opened on a machine, or refused.

Source: docs/mapping.md, event logon; Microsoft, event 4624, for the numbers of ``logon_type``.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import OF_MACHINE, SESSION, names_client, names_machine
from graphcorr.logs.claims import WHOSE as ITS
from graphcorr.logs.mapped_reading import CLIENT, SUCCESS, WHOSE, rows
from graphcorr.logs.readers import integer, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

_OPENED: Final = "coalesce(success, TRUE)"

LOG_TYPE = LogType(
    name="mapped-logon",
    title="Mapped: a session was opened or refused",
    source=rows("logon"),
    testifies=(
        Testimony(Kind.LOGON, _OPENED, ITS, covers=_OPENED),
        Testimony(Kind.ATTEMPT, "NOT success", {**ITS, "session": "NULL", "sought": SESSION}),
        names_machine(f"{_OPENED} AND logon_type = 3 AND {OF_MACHINE}"),
        names_client(f"{_OPENED} AND logon_type = 3 AND source_host IS NOT NULL"),
    ),
    identity=True,
    essential=("target_user",),
    columns={
        **WHOSE,
        **CLIENT,
        "logon_type": integer("logon_type", below=2**31),
        "auth_package": text("auth_package"),
        "success": SUCCESS,
    },
    says=Saying("logon of {target_user}[ from {source_address}]"),
    provides="Account, session, type and client address; a record that does not say otherwise was no refusal.",
    absent=("the account of the client at the source",),
)
