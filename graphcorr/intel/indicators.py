"""STIX patterns → terms that can be joined with events; what cannot be evaluated is said with the reason.

A pattern becomes alternatives; each alternative is a list of observations that must all be made; each observation is
a list of conjuncts of which one must hold; each conjunct is a list of terms that must all hold in one event.
"""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from stix2 import pattern_visitor, patterns  # type: ignore[import-untyped]
from stix2patterns.exceptions import ParseException  # type: ignore[import-untyped]

from graphcorr.intel.comparisons import LIMIT, Comparison, Pair, UnaskableError, ask

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIMPLE: Final = re.compile(r"\s*\[\s*([a-z0-9-]+):([A-Za-z0-9_.'-]+)\s*=\s*'((?:[^'\\]|\\['\\])*)'\s*\]\s*")
"""One comparison, which most feeds consist of; the parser takes three hundred microseconds for what this takes one for."""
_ESCAPE: Final = re.compile(r"\\(['\\])")


class Term(msgspec.Struct, frozen=True, gc=False):
    """One comparison: an event has this value of this observable. The numbers place it in its pattern."""

    indicator: str
    alternative: int
    observation: int
    conjunct: int
    observable: str
    value: str


class PatternError(ValueError):
    """A pattern cannot be evaluated; the text says why."""


class Reading(msgspec.Struct, frozen=True):
    """What became of a pattern."""

    terms: list[Term]
    left_out: tuple[str, ...] = ()
    """Of alternatives that cannot be looked for, why; the others are."""


def read_pattern(indicator: str, pattern: str, pattern_type: str | None = None) -> Reading:
    """The terms of a pattern. ``PatternError`` when graphcorr cannot evaluate any alternative of it."""
    if pattern_type is not None and pattern_type.lower() != "stix":
        raise PatternError(f"a pattern in the language {pattern_type} is not evaluated")
    simple = _SIMPLE.fullmatch(pattern)
    if simple is not None:
        one = Comparison(f"{simple[1]}:{simple[2].replace(chr(39), '')}", _ESCAPE.sub(r"\1", simple[3]))
        alternatives = [[[[one]]]]
    else:
        alternatives = _read_observations(_parse(pattern))
    left_out: dict[str, None] = {}
    asked = [found for alternative in alternatives if (found := _ask_all(alternative, left_out)) is not None]
    if not asked:
        raise PatternError("; ".join(left_out))
    terms = [
        Term(indicator, a, o, c, observable, value)
        for a, alternative in enumerate(asked)
        for o, observation in enumerate(alternative)
        for c, conjunct in enumerate(observation)
        for observable, value in conjunct
    ]
    if len(terms) > LIMIT:
        raise PatternError(f"it comes to more than {LIMIT} comparisons")
    return Reading(terms, tuple(left_out))


def _ask_all(alternative: list[_Observation], left_out: dict[str, None]) -> list[list[list[Pair]]] | None:
    """The observations of an alternative as terms, None where one of them cannot be looked for in any way."""
    found = []
    for observation in alternative:
        conjuncts: list[list[Pair]] = []
        for comparisons in observation:
            try:
                conjuncts += ask(comparisons)
            except UnaskableError as error:
                left_out.setdefault(str(error))
        if not conjuncts:
            return None
        found.append(conjuncts)
    return found


class AndBooleanExpressionForFeeds(patterns.AndBooleanExpression):  # type: ignore[misc]
    """AND of comparisons of several objects, which the library refuses and MISP writes for a name or address and its port.

    The library finds it by its name.
    """

    def __init__(self, operands: list[object]) -> None:
        self.operator = "AND"
        self.operands = list(operands)
        self.root_types = {root for operand in operands for root in operand.root_types}  # type: ignore[attr-defined]


def _parse(pattern: str) -> object:
    if len(pattern) > 100_000:
        raise PatternError("it is longer than 100,000 characters")
    try:
        parsed: object = pattern_visitor.create_pattern_object(pattern, module_suffix="Feeds", module_name=__name__, version="2.1")
    except ParseException as error:
        raise PatternError(f"it is no STIX pattern: {error}") from error
    except RecursionError as error:
        raise PatternError("it is nested too deep") from error
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        # The library raises these for constants that are out of range and paths that it cannot represent.
        raise PatternError(f"it is no STIX pattern: {error}") from error
    return parsed


_Observation = list[list[Comparison]]
"""Alternatives of comparisons that must hold together."""


def _read_observations(node: object) -> list[list[_Observation]]:
    """Alternatives of lists of observations."""
    if isinstance(node, patterns.ParentheticalExpression):
        return _read_observations(node.expression)
    if isinstance(node, patterns.ObservationExpression):
        return [[_read_comparisons(node.operand)]]
    if isinstance(node, patterns.OrObservationExpression):
        return _bounded([one for operand in node.operands for one in _read_observations(operand)])
    if isinstance(node, patterns.AndObservationExpression):
        return _multiply([_read_observations(operand) for operand in node.operands])
    if isinstance(node, patterns.FollowedByObservationExpression):
        raise PatternError("FOLLOWEDBY asks for an order of events, which is not evaluated")
    if isinstance(node, patterns.QualifiedObservationExpression):
        raise PatternError(f"the qualifier {str(node.qualifier).split()[0]} is not evaluated")
    raise PatternError(f"{type(node).__name__} is not evaluated")


def _read_comparisons(node: object) -> _Observation:
    """Alternatives of comparisons that must hold together."""
    if isinstance(node, patterns.ParentheticalExpression):
        return _read_comparisons(node.expression)
    if isinstance(node, patterns.OrBooleanExpression):
        return _bounded([one for operand in node.operands for one in _read_comparisons(operand)])
    if isinstance(node, patterns.AndBooleanExpression):
        return _multiply([_read_comparisons(operand) for operand in node.operands])
    path = _read_path(getattr(node, "lhs", None))
    operator = str(getattr(node, "operator", type(node).__name__))
    if getattr(node, "negated", False) or operator == "!=":
        return [[Comparison(path, problem="NOT is not evaluated: of what was not logged it would be true")]]
    if operator == "ISSUPERSET" and _is_one_address(node):
        operator = "="  # of one address, only that one is a superset
    if operator in {"=", "IN", "ISSUBSET"}:
        constants = node.rhs.value if isinstance(node.rhs, patterns.ListConstant) else [node.rhs]  # type: ignore[attr-defined]
        return _bounded([[_read_comparison(path, constant, subset=operator == "ISSUBSET")] for constant in constants])
    return [[Comparison(path, problem=f"the operator {operator} is not evaluated")]]


def _is_one_address(node: object) -> bool:
    text = str(getattr(getattr(node, "rhs", None), "value", ""))
    return text.endswith("/128") or ("/" not in text) or (text.endswith("/32") and ":" not in text)


_T = TypeVar("_T")


def _multiply(operands: list[list[list[_T]]]) -> list[list[_T]]:
    """AND of ORs as OR of ANDs; bounded at each step, because the last one may be too late."""
    found: list[list[_T]] = [[]]
    for operand in operands:
        found = _bounded([[*before, *one] for before, one in islice(product(found, operand), LIMIT + 1)])
    return found


def _bounded(found: list[_T]) -> list[_T]:
    if len(found) > LIMIT:
        raise PatternError(f"it comes to more than {LIMIT} combinations")
    return found


def _read_path(path: object) -> str:
    assert isinstance(path, patterns.ObjectPath)  # the grammar has nothing else on the left
    parts = []
    for component in path.property_path:
        name = str(getattr(component, "property_name", component))
        parts.append(name.strip("'"))
        if isinstance(component, patterns.ListObjectPathComponent):
            parts[-1] += f"[{component.index}]"
    return f"{path.object_type_name}:{'.'.join(parts)}"


def _read_comparison(path: str, constant: object, *, subset: bool) -> Comparison:
    if isinstance(constant, (patterns.StringConstant, patterns.HashConstant, patterns.IntegerConstant)):
        # The library keeps the escapes of the pattern in the value.
        return Comparison(path, _ESCAPE.sub(r"\1", str(constant.value)), subset=subset)
    return Comparison(path, problem=f"{path} is compared with what is neither text nor a whole number")


def read_patterns(found: Iterable[tuple[str, str, str | None]]) -> tuple[list[Term], dict[str, str]]:
    """The terms of many indicators ``(id, pattern, pattern type)``, and why of those that cannot be evaluated, or not in whole."""
    terms: list[Term] = []
    refused: dict[str, str] = {}
    for indicator, pattern, pattern_type in found:
        try:
            reading = read_pattern(indicator, pattern, pattern_type)
        except PatternError as error:
            refused[indicator] = str(error)
            continue
        terms += reading.terms
        if reading.left_out:
            refused[indicator] = f"looked for in part only: {'; '.join(reading.left_out)}"
    return terms, refused
