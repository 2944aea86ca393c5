"""A case's report in every form that the command line writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from graphcorr.model.findings import Level
from graphcorr.outputs import json as json_output
from graphcorr.outputs import story, text
from graphcorr.service.cases import load_report
from graphcorr.service.shelf import case_folder
from graphcorr_api.calls import JSON, Call
from graphcorr_api.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphcorr.model.report import Report
    from graphcorr_api.calls import Asked, Nothing

_TEXT: Final = "text/plain; charset=utf-8"
FORMATS: Final[Mapping[str, tuple[str, Callable[[Report], bytes]]]] = {
    "report.json": (JSON, json_output.render),
    "report.txt": (_TEXT, lambda report: text.render(report, Level.MEDIUM).plain().encode("utf-8", "backslashreplace")),
    "paths.json": (JSON, json_output.render_paths),
    "paths.txt": (_TEXT, lambda report: story.render(report).plain().encode("utf-8", "backslashreplace")),
}
"""By the name of the file: its media type, and what writes it."""


def export(asked: Asked[Nothing, None]) -> Response:
    name = asked.path["format"]
    if name not in FORMATS:
        raise ProblemError("not-found", f"there is no form {name[:40]!r}; there are {', '.join(FORMATS)}")
    kind, render = FORMATS[name]
    case = asked.path["case"]
    data = render(load_report(case_folder(case, asked.serving.settings)))
    return Response(data, headers={"content-disposition": f'attachment; filename="{case}-{name}"'}, media_type=kind)


CALLS: Final = (
    Call(
        method="GET",
        path="/v1/cases/{case}/exports/{format}",
        summary=f"The report as a file: {', '.join(FORMATS)}",
        handler=export,
        media_type=f"{JSON}, text/plain",
        problems=("not-detected",),
    ),
)
