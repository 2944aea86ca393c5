"""A mapped record that a product says that something is wrong.

Source: docs/mapping.md, event alert.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.mapped_reading import FILE, PROCESS, rows
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mapped-alert",
    title="Mapped: an alert",
    source=rows("alert"),
    testifies=(Testimony(Kind.ALERT, columns={**ACCOUNT, "name": "alert"}, covers=None),),
    needs=("alert",),
    columns={**PROCESS, **FILE, **{name: text(name) for name in ("alert", "severity", "category", "message", "rule")}},
    says=Saying("{alert}[ ({severity})][ in {path}]"),
    provides="What a product found wrong, and how bad it says that is.",
)
