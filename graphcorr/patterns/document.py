"""YAML that people write, held to a model: every problem at the line and column where it is."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

_Model = TypeVar("_Model", bound=BaseModel)
_DATE: Final = "tag:yaml.org,2002:timestamp"


class DocumentProblem(NamedTuple):
    """Line and column count from 0, in the YAML text."""

    line: int
    column: int
    reason: str


class _Loader(yaml.CSafeLoader):
    """YAML without dates: an unquoted date stays the text that was written."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _DATE]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read_document(text: str, model: type[_Model]) -> _Model | list[DocumentProblem]:
    """The text as ``model``, or all that is wrong with it, in the order of the text.

    A model's own validator raises ``ValueError("key: reason")`` to point at a key.
    """
    try:
        node = yaml.compose(text, _Loader)
        data = yaml.load(text, _Loader)  # noqa: S506 - _Loader is a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return [DocumentProblem(mark.line if mark else 0, mark.column if mark else 0, f"no YAML: {error.problem or error.context}")]
    except yaml.YAMLError as error:
        return [DocumentProblem(0, 0, f"no YAML: {error}")]
    if node is None:
        return [DocumentProblem(0, 0, "there is nothing in it")]
    problems = _find_repeated_keys(node)
    try:
        document = model.model_validate(data)
    except ValidationError as error:
        problems += [_place(node, detail["loc"], detail["type"], detail["msg"], detail["input"]) for detail in error.errors()]
        return sorted(problems)
    return problems or document


def item_lines(text: str) -> list[int]:
    """The lines, from 0, on which the items of a list begin."""
    node = yaml.compose(text, _Loader)
    return [item.start_mark.line for item in node.value] if isinstance(node, yaml.SequenceNode) else []


def _find_repeated_keys(node: yaml.Node) -> list[DocumentProblem]:
    """YAML lets the last of two equal keys win, in silence."""
    problems: list[DocumentProblem] = []
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            problems += _find_repeated_keys(item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    problems.append(DocumentProblem(key.start_mark.line, key.start_mark.column, f"{key.value!r} occurs twice"))
                seen.add(key.value)
            problems += _find_repeated_keys(value)
    return problems


def _place(node: yaml.Node, location: tuple[int | str, ...], kind: str, message: str, given: object) -> DocumentProblem:
    if kind == "missing":
        return _at(node, location[:-1], f"{location[-1]!r} is missing")
    if kind == "extra_forbidden":
        return _at(node, location, f"unknown key {location[-1]!r}", key=True)
    if kind == "value_error":  # raised by a model's validator
        key, _, reason = message.removeprefix("Value error, ").partition(": ")
        return _at(node, (*location, key), f"{key}: {reason}")
    name = ".".join(map(str, location))
    message = re.sub(r"^String should match pattern '(.*)'$", r"does not match \1", message)
    message = message[:1].lower() + message[1:]
    if kind in {"enum", "literal_error"} and (near := get_close_matches(str(given), re.findall(r"'([^']*)'", message), 1)):
        message = f"there is no {str(given)[:80]!r}; did you mean {near[0]}?"
    return _at(node, location, f"{name}: {message}" if name else message)


def _at(node: yaml.Node, location: tuple[int | str, ...], reason: str, *, key: bool = False) -> DocumentProblem:
    """The problem at the value that ``location`` leads to, or at its key; as deep as the YAML goes."""
    current = node
    for step in location:
        if isinstance(current, yaml.MappingNode):
            pairs: list[tuple[yaml.Node, yaml.Node]] = [(name, value) for name, value in current.value if name.value == step]
            if not pairs:
                break
            current = pairs[-1][0] if key and step == location[-1] else pairs[-1][1]
        elif isinstance(current, yaml.SequenceNode) and isinstance(step, int) and step < len(current.value):
            current = current.value[step]
        else:
            break
    return DocumentProblem(current.start_mark.line, current.start_mark.column, reason)
