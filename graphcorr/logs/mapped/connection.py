"""A mapped record of a connection, by the machine at one of its ends.

Source: docs/mapping.md, event connection.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.mapped_reading import CONNECTED, PROCESS, rows
from graphcorr.logs.readers import flag
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mapped-connection",
    title="Mapped: a connection of the machine",
    source=rows("connection"),
    testifies=(Testimony(Kind.CONNECTION, columns=ACCOUNT),),
    essential=("source_address", "target_address"),
    columns={**PROCESS, **CONNECTED, "initiated": flag("initiated")},
    says=Saying("connection {source_address} → {target_address}[:{target_port}] of {image or 'a program'}"),
    provides="Which process connected to whom, or was connected to.",
)
