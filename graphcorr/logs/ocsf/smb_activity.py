"""OCSF SMB Activity (4006), by the server: what a client asked of its shares.

Source: OCSF's schema, class smb_activity.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import NAMES_CLIENT
from graphcorr.logs.ocsf_reading import speaks_as_server, spoken
from graphcorr.logs.ocsf_smb import ASKED, ASKED_FOR, SOUGHT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="ocsf-smb-activity",
    title="OCSF SMB Activity of a machine",
    source=spoken(4006, speaks_as_server),
    testifies=(
        *ASKED,
        NAMES_CLIENT,
        Testimony(Kind.ATTEMPT, "NOT success", {"account": "user", "account_domain": "user_domain", "sought": SOUGHT}),
    ),
    identity=True,
    essential=("share", "relative_path", "path"),
    columns=ASKED_FOR,
    says=Saying("access to {share or 'a share'}[ {relative_path}][ from {source_address}][ by {account}]"),
    provides="Account, client, share and file, and whether the file was opened, made or overwritten.",
    absent=("what was written", "the session"),
)
