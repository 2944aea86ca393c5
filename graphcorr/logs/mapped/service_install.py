"""A mapped record that a service was registered.

Source: docs/mapping.md, event service_install.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.mapped_reading import PROCESS, SERVICE, rows
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mapped-service-install",
    title="Mapped: a service was registered",
    source=rows("service_install"),
    testifies=(Testimony(Kind.SERVICE_INSTALL, "path IS NOT NULL", ACTOR, prefer=2),),
    essential=("service", "path"),
    columns={**{name: PROCESS[name] for name in ("user", "user_domain", "user_sid", "logon_id")}, **SERVICE},
    says=Saying("service {service or 'without a name'} registered[: {path}]"),
    provides="A new service and its command line.",
)
