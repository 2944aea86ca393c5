"""Logons by NTLM in packet captures, in whatever protocol.

Source: graphcorr's own reading of packets (``graphcorr/sources/captures.py``); MS-NLMP 2.2.1 for who states which name.
"""

from __future__ import annotations

from graphcorr.logs.base import CaptureRow, LogType
from graphcorr.logs.claims import AUTHENTICATES, NTLM_NAME, NTLM_NAMES
from graphcorr.logs.groups import CAPTURED
from graphcorr.logs.readers import account, realm, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="capture-ntlm",
    title="NTLM logons",
    source=CaptureRow("ntlm"),
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
    essential=("target_user", "source_host"),
    columns={
        **CAPTURED,
        "target_user": account("user"),
        "target_user_domain": realm("domain"),
        # What the client says of itself; the server's name is its own.
        "source_host": text("workstation"),
        "target_host": text("server_name"),
    },
    says=Saying("{target_user or 'somebody'} at {source_address}[ ({source_host})] logged on to {target_host or target_address}"),
    provides="Account, the client's name and the server's, beside both addresses.",
    absent=(
        "whether the server accepted",
        "logons by Kerberos",
    ),
)
