"""The OpenAPI document, made from the same declarations that the server checks requests by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

import graphcorr
from graphcorr_api import problems
from graphcorr_api.calls import JSON
from graphcorr_api.problems import KINDS, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr_api.calls import Call

_REF: Final = "#/components/schemas/{name}"
_ALWAYS: Final = ("bad-request", "forbidden", "misdirected", "head-too-large", "timeout", "internal", "unavailable")
_IN_CASE: Final = ("not-found", "case-unreadable")
_PARAMETERS: Final = {
    "case": "The case's id.",
    "job": "The job's id.",
    "finding": "The finding's id.",
    "path": "The path's id.",
    "host": "The host's name.",
    "label": "A label of the graph.",
    "id": "The node's or record's id.",
    "pattern": "The pattern's id.",
    "suppression": "The rule's id.",
    "note": "The note's id.",
    "format": "The form.",
}


def make_document(calls: Sequence[Call]) -> dict[str, Any]:
    """All calls with their parameters, answers and problems."""
    types = [kind for call in calls for kind in (call.answer, call.body, call.asked) if kind is not None]
    schemas, components = msgspec.json.schema_components([*types, Problem], ref_template=_REF, schema_hook=_anything)
    shapes = dict(zip(map(repr, [*types, Problem]), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call, shapes)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "graphcorr",
            "version": graphcorr.__version__,
            "description": "Who moved from which machine to which, how it is known, and who does that.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "made by graphcorr token add"}},
        },
    }


def _anything(kind: type) -> dict[str, Any]:
    """What is declared as ``object`` is any JSON."""
    if kind is not object:
        raise TypeError(f"{kind} has no schema")
    return {"description": "Any JSON."}


def _operation(call: Call, shapes: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.summary,
        "parameters": [*_path_parameters(call), *_query_parameters(call)],
        "responses": _responses(call, shapes),
        "security": [] if call.role is None else [{"token": []}, {}],
        "x-role": call.role.value if call.role is not None else None,
    }
    if call.body is not None:
        content: dict[str, Any] = {"schema": shapes[repr(call.body)]}
        if call.example.body is not None:
            content["example"] = call.example.body
        operation["requestBody"] = {"required": True, "content": {JSON: content}}
    elif call.raw_body:
        bodies: dict[str, Any] = {kind: {"schema": _raw(kind)} for kind in call.raw_body if kind != JSON}
        if JSON in call.raw_body:
            bodies[JSON] = {"schema": shapes[repr(call.asked)], "example": call.example.body}
        operation["requestBody"] = {"required": True, "content": bodies}
    return operation


def _raw(kind: str) -> dict[str, Any]:
    if kind == "multipart/form-data":
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        return {"type": "object", "properties": {"file": {"type": "array", "items": file, "minItems": 1}}, "required": ["file"]}
    return {"type": "string", "contentMediaType": kind, "minLength": 1}


def _responses(call: Call, shapes: dict[str, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "As asked."}
    if call.answer is not None:
        good["content"] = {JSON: {"schema": shapes[repr(call.answer)]}}
    elif call.status != 204:
        # A form that is JSON is described where it is answered by itself.
        kinds_of_it = call.media_type.split(", ")
        good["content"] = {kind: {"schema": {} if kind == JSON else {"type": "string"}} for kind in kinds_of_it}
    responses = {str(call.status): good}
    kinds = [*_ALWAYS, *call.problems]
    if call.role is not None:
        kinds += ["unauthorized", "too-many"]
    if "{" in call.path:
        kinds += _IN_CASE
    if call.body is not None or call.raw_body:
        kinds += ["unsupported-media-type", "too-large", "conflict"]
    for status in sorted({KINDS[kind][0] for kind in kinds}):
        names = sorted({kind for kind in kinds if KINDS[kind][0] == status})
        responses[str(status)] = {
            "description": "; ".join(f"{KINDS[name][1]} ({problems.PREFIX}{name})" for name in names),
            "content": {problems.MEDIA_TYPE: {"schema": shapes[repr(Problem)]}},
        }
    return responses


def _path_parameters(call: Call) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "description": _PARAMETERS[name], "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", call.path)
    ]


def _query_parameters(call: Call) -> list[dict[str, Any]]:
    _, components = msgspec.json.schema_components([call.query], ref_template=_REF)
    properties = components[call.query.__name__]["properties"]
    required = components[call.query.__name__].get("required", ())
    parameters = []
    for name, schema in properties.items():
        shape = dict(schema)
        description = shape.pop("description", None) or next(
            (each["description"] for each in shape.get("anyOf", ()) if "description" in each), None
        )
        if "anyOf" in shape:  # absence is no value: nobody writes null into a query
            shape["anyOf"] = [each for each in shape["anyOf"] if each.get("type") != "null"]
            if len(shape["anyOf"]) == 1:
                [only] = shape.pop("anyOf")
                shape |= only
                shape.pop("description", None)
        if shape.get("default", ...) in (None, []):
            shape.pop("default")
        parameter: dict[str, Any] = {"name": name, "in": "query", "required": name in required, "schema": shape}
        if description is not None:
            parameter["description"] = description
        if name in call.example.query:
            parameter["example"] = call.example.query[name]
        parameters.append(parameter)
    return parameters
