"""Remote procedure calls in packet captures: of the service manager, the scheduler, WMI and DCOM's activation.

Source: graphcorr's own reading of packets (``graphcorr/sources/captures.py``); MS-SCMR, MS-TSCH, MS-WMI and MS-DCOM for what they mean.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import CaptureRow, LogType
from graphcorr.logs.fields import Joint
from graphcorr.logs.groups import CAPTURED
from graphcorr.logs.readers import pipe, service_command, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import integer

_UNANSWERED: Final = 1053
"""ERROR_SERVICE_REQUEST_TIMEOUT: a program that is no service was started, and did not answer the manager."""


def _accepted(code: object, fault: object) -> bool | None:
    """None where no answer was seen."""
    if fault is not None:
        return False
    number = integer(code)
    return None if number is None else number in (0, _UNANSWERED)


LOG_TYPE = LogType(
    name="capture-dce-rpc",
    title="Remote procedure calls",
    source=CaptureRow("dce_rpc"),
    vantage=Vantage.SENSOR,
    testifies=(
        Testimony(
            Kind.CALL,
            "endpoint IS NOT NULL AND action IS NOT NULL AND success IS DISTINCT FROM FALSE",
            {"interface": "lower(endpoint)", "operation": "action"},
        ),
    ),
    needs=("target_address", "endpoint", "action"),
    columns={
        **CAPTURED,
        "endpoint": text("interface"),
        "action": text("operation"),
        "pipe": pipe("pipe"),
        "service": text("service"),
        "path": service_command("path"),
        "success": Joint(("code", "fault"), _accepted),
    },
    says=Saying("{endpoint} {action}[ of {service}][: {path}][ from {source_address}] to {target_address}"),
    provides=(
        "Which call was made and whether the server did it: CreateServiceW, SchRpcRegisterTask, ExecMethod; "
        "of services their names and command lines, of `at` the command."
    ),
    absent=(
        "the account",
        "arguments under packet privacy, as those of the newer scheduler and of WMI mostly are",
        "calls of other interfaces",
        "calls over UDP",
    ),
)
