"""OCSF Detection Finding (2004): a product says that something is wrong.

Source: OCSF's schema, class detection_finding, objects Finding Information and ATT&CK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.logs.base import LogType
from graphcorr.logs.ocsf_reading import events
from graphcorr.logs.readers import text
from graphcorr.logs.rules import level
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from graphcorr.logs.base import Fields


def _techniques(fields: Fields) -> list[str] | None:
    attacks = [*_listed(fields.get("finding_info.attacks")), *_listed(fields.get("attacks"))]
    parts = [attack.get(name) for attack in attacks for name in ("technique", "sub_technique")]
    return sorted({uid.upper() for part in parts if isinstance(part, dict) and isinstance(uid := part.get("uid"), str)}) or None


def _listed(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


LOG_TYPE = LogType(
    name="ocsf-detection-finding",
    title="OCSF Detection Finding",
    source=events(2004),
    testifies=(Testimony(Kind.ALERT, columns={"name": "alert"}, covers=None),),
    needs=("alert",),
    columns={
        "alert": text("finding_info.title", "message"),
        "rule": text("finding_info.analytic.uid", "finding_info.uid"),
        "severity": level("severity"),
        "techniques": _techniques,
        "message": text("finding_info.desc", "message"),
    },
    says=Saying("{alert}[ ({severity})]"),
    provides="What a product found wrong, how bad it says that is, and which techniques it names.",
    absent=("the single records that it rests on",),
)
