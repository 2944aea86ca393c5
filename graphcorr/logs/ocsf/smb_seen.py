"""OCSF SMB Activity (4006), by a monitor: what a client asked of a file server.

Source: OCSF's schema, class smb_activity.
"""

from __future__ import annotations

from dataclasses import replace

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import NAMES_ENDS, NAMES_SERVER
from graphcorr.logs.ocsf_reading import seen, speaks_as_server
from graphcorr.logs.ocsf_smb import ASKED, ASKED_FOR
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Vantage

LOG_TYPE = LogType(
    name="ocsf-smb-seen",
    title="OCSF SMB Activity that a monitor saw",
    source=seen(4006, speaks_as_server),
    vantage=Vantage.SENSOR,
    testifies=(*ASKED, NAMES_ENDS, replace(NAMES_SERVER, when=f"target_host IS NULL AND {NAMES_SERVER.when}")),
    identity=True,
    needs=("target_address",),
    essential=("share", "relative_path", "path", "endpoint"),
    columns=ASKED_FOR,
    says=Saying("access to {share or 'a share'}[ {relative_path}][ from {source_address}] to {target_address}"),
    provides="Which client opened, made or overwrote which file of a share, or called the service manager, the scheduler or WMI.",
    absent=("what was written", "everything in encrypted SMB 3"),
)
