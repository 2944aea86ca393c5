"""What a call is: its path, what may be asked, what is answered, who may ask; declared once."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from urllib.parse import parse_qsl

import msgspec
from anyio import to_thread
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from graphcorr.errors import GraphcorrError, NotDetectedError
from graphcorr.outputs.json import encode
from graphcorr.service.audit import write_entry
from graphcorr.service.tokens import Role
from graphcorr_api import problems
from graphcorr_api.callers import ANALYST
from graphcorr_api.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from graphcorr_api.callers import Caller
    from graphcorr_api.state import Serving

JSON: Final = "application/json"
_log: Final = logging.getLogger(__name__)
_MOST_FIELDS: Final = 100
_MOST_BODY: Final = 1 << 20
"""Bytes of a JSON body; logs are no such body."""


_SUBJECTS: Final = ("job", "suppression", "note", "finding", "pattern")
"""Parts of a path that say what is changed, where it is not the case."""


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """No query parameters."""


Handler = Callable[[Any], Any]
"""Gets an :class:`Asked`; one that is no coroutine works in a thread. Returns an answer or a ``Response``."""

Query = TypeVar("Query", bound=msgspec.Struct)
Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Asked(Generic[Query, Body]):
    """A request as a call gets it: checked."""

    request: Request
    serving: Serving
    caller: Caller
    path: Mapping[str, str]
    query: Query
    body: Body


@dataclass(frozen=True, slots=True)
class Example:
    """One that works, for the document and for tests: ``{name}`` of a path are filled in with what there is."""

    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One thing that can be asked over HTTP."""

    method: str
    path: str
    summary: str
    handler: Handler
    answer: Any = None
    """The type of a JSON answer; None where it is something else."""
    status: int = 200
    media_type: str = JSON
    query: type[msgspec.Struct] = Nothing
    body: Any = None
    """The type of a JSON body; None where none is read here."""
    raw_body: tuple[str, ...] = ()
    """Media types of a body that the handler reads itself."""
    asked: Any = None
    """What that body is where it is JSON."""
    role: Role | None = Role.READ
    """What the caller's token has to have; None where nobody is asked for one."""
    whole: bool = False
    """It is about more than one case, and nobody's whose token is for one."""
    audited: bool = False
    """It changes something, which is written down with who did it."""
    problems: tuple[str, ...] = ()
    """Problems of its own, beside those that every call may have."""
    example: Example = field(default_factory=Example)

    called: str | None = None
    """Its name, where the handler's is that of several."""

    @property
    def name(self) -> str:
        return self.called or self.handler.__name__


async def perform(call: Call, request: Request, serving: Serving) -> Response:
    """Check a request, ask the service, and answer."""
    try:
        # Before anything of the request is looked at; tokens are read from the disk now and then.
        caller = ANALYST if call.role is None else await to_thread.run_sync(serving.callers.identify, request)
        caller.check(call.role, request.path_params.get("case"), whole=call.whole)
        query = read_query(request, call.query)
        body = await _read_body(request, call.body) if call.body is not None else None
        asked: Asked[Any, Any] = Asked(request, serving, caller, request.path_params, query, body)
        if inspect.iscoroutinefunction(call.handler):
            answer = await call.handler(asked)
        else:
            answer = await to_thread.run_sync(call.handler, asked)
    except TimeoutError:
        return problems.answer("timeout", "the body did not come in time", {"connection": "close"})
    except OSError as error:
        # A full disk, a folder that cannot be written: nothing of the request is kept.
        _log.error("%s %s: %s", call.method, call.path, error)
        return problems.answer("unavailable", f"the server cannot keep it now: {error.strerror or 'an error of its system'}")
    except ClientDisconnect:
        return Response(status_code=400)  # nobody hears it
    except ProblemError as error:
        return problems.answer(error.kind, error.detail, error.headers)
    except NotDetectedError:
        case = request.path_params["case"]
        return problems.answer("not-detected", f"nothing was looked for in this case yet: POST /v1/cases/{case}/detect")
    except GraphcorrError as error:
        return problems.answer(problems.kind_of(error), serving.hide(str(error)))
    if call.audited:
        await to_thread.run_sync(_write_down, call, asked, answer)
    if isinstance(answer, Response):
        return answer
    return Response(encode(answer), call.status, media_type=JSON)


def _write_down(call: Call, asked: Asked[Any, Any], answer: object) -> None:
    made = getattr(answer, "id", None) or getattr(answer, "finding", None)
    named = next((asked.path[name] for name in _SUBJECTS if name in asked.path), None)
    subject = named or (made if isinstance(made, str) else None) or asked.path.get("case")
    write_entry(asked.serving.settings, asked.caller.name, call.name, asked.path.get("case"), subject)


def read_query(request: Request, kind: type[Query]) -> Query:
    """The query as ``kind`` declares it. What it does not declare is refused: a misspelled filter would filter nothing."""
    try:
        text = request.scope["query_string"].decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise ProblemError("bad-request", f"the query cannot be read: {error}") from error
    many = {each.encode_name for each in msgspec.structs.fields(kind) if _takes_many(each.type)}
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in many:
            values.setdefault(name, []).append(value)
        elif name in values:
            raise ProblemError("bad-request", f"{name} stands twice in the query")
        else:
            values[name] = value
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ProblemError("bad-request", f"query: {error}") from error


def _takes_many(kind: object) -> bool:
    return isinstance(msgspec.inspect.type_info(kind), (msgspec.inspect.VarTupleType, msgspec.inspect.ListType)) or (
        isinstance(info := msgspec.inspect.type_info(kind), msgspec.inspect.Metadata)
        and isinstance(info.type, (msgspec.inspect.VarTupleType, msgspec.inspect.ListType))
    )


async def _read_body(request: Request, kind: type[Body]) -> Body:
    given = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if given != JSON:
        raise ProblemError("unsupported-media-type", f"the body has to be {JSON}")
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > _MOST_BODY:
            raise ProblemError("too-large", f"the body has more than {_MOST_BODY} bytes")
    try:
        return msgspec.json.decode(bytes(data), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProblemError("bad-request", f"body: {error}") from error
