"""A mapped record that a value of the registry was set.

Source: docs/mapping.md, event registry_set.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.mapped_reading import PROCESS, rows
from graphcorr.logs.readers import constant, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mapped-registry-set",
    title="Mapped: a value of the registry was set",
    source=rows("registry_set"),
    testifies=(Testimony(Kind.REGISTRY_SET, columns=ACCOUNT),),
    needs=("target_object",),
    columns={**PROCESS, "action": constant("SetValue"), "target_object": text("target_object"), "details": text("details")},
    says=Saying("{image or 'a process that is not known'}: {action} {target_object}[ to {details}]"),
    provides="Which program set which value, and to what.",
)
