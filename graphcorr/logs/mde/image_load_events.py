"""Defender's DeviceImageLoadEvents: a library was loaded into a process.

Source: Microsoft, Defender XDR, advanced hunting schema, DeviceImageLoadEvents.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.endpoint import INITIATING, NAMED_FILE, actions
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mde-image-load-events",
    title="DeviceImageLoadEvents",
    source=actions("ImageLoaded"),
    testifies=(Testimony(Kind.MODULE_LOAD, columns=ACCOUNT),),
    needs=("path",),
    columns={**INITIATING, **NAMED_FILE},
    says=Saying("{image} loaded {path}"),
    provides="The path and hashes of libraries, and the process that loaded them.",
    absent=("the signature", "loads that Defender leaves out because they are many and alike"),
)
