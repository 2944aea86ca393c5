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

from graphcorr.intel.observables import HIVES
from graphcorr.syntax.addresses import address_key

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIMPLE: Final = re.compile(r"\s*\[\s*([a-z0-9-]+):([A-Za-z0-9_.'-]+)\s*=\s*'((?:[^'\\]|\\['\\])*)'\s*\]\s*")
"""One comparison, which most feeds consist of; the parser takes three hundred microseconds for what this takes one for."""
_ESCAPE: Final = re.compile(r"\\(['\\])")
LIMIT: Final = 1_000
"""Terms of one pattern. ANDs of ORs multiply."""

OBSERVABLES: Final[dict[str, str]] = {
    "ipv4-addr:value": "address",
    "ipv6-addr:value": "address",
    "network-traffic:src_ref.value": "address",
    "network-traffic:dst_ref.value": "address",
    "domain-name:value": "domain",
    "network-traffic:dst_ref.domain": "domain",
    "url:value": "url",
    "file:hashes.MD5": "md5",
    "file:hashes.SHA-1": "sha1",
    "file:hashes.SHA-256": "sha256",
    "file:name": "file_name",
    "process:name": "file_name",
    "process:image_ref.name": "file_name",
    "process:binary_ref.name": "file_name",
    "process:command_line": "command_line",
    "windows-registry-key:key": "registry_key",
}
"""Object path of a pattern to the kind of observable, see :mod:`graphcorr.intel.observables`. STIX 2.0 spells some otherwise."""
_FOLDED: Final = {spelled.replace("-", "").casefold(): kind for spelled, kind in OBSERVABLES.items()}
"""``SHA256`` and ``sha-256`` are met in feeds as well."""


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


def read_pattern(indicator: str, pattern: str, pattern_type: str | None = None) -> list[Term]:
    """The terms of a pattern. ``PatternError`` when graphcorr cannot evaluate it."""
    if pattern_type not in {None, "stix"}:
        raise PatternError(f"a pattern in the language {pattern_type} is not evaluated")
    simple = _SIMPLE.fullmatch(pattern)
    if simple is not None:
        return [_make_term(indicator, (0, 0, 0), f"{simple[1]}:{simple[2].replace(chr(39), '')}", _ESCAPE.sub(r"\1", simple[3]))]
    alternatives = _read_observations(_parse(pattern))
    terms = [
        _make_term(indicator, (a, o, c), path, value)
        for a, alternative in enumerate(alternatives)
        for o, observation in enumerate(alternative)
        for c, conjunct in enumerate(observation)
        for path, value in dict.fromkeys(conjunct)
    ]
    if len(terms) > LIMIT:
        raise PatternError(f"it comes to more than {LIMIT} comparisons")
    return terms


def _parse(pattern: str) -> object:
    if len(pattern) > 100_000:
        raise PatternError("it is longer than 100,000 characters")
    try:
        parsed: object = pattern_visitor.create_pattern_object(pattern, version="2.1")
    except ParseException as error:
        raise PatternError(f"it is no STIX pattern: {error}") from error
    except RecursionError as error:
        raise PatternError("it is nested too deep") from error
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        # The library raises these for constants that are out of range and paths that it cannot represent.
        raise PatternError(f"it is no STIX pattern: {error}") from error
    return parsed


_Pair = tuple[str, str]
_Observation = list[list[_Pair]]


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
    if isinstance(node, (patterns.EqualityComparisonExpression, patterns.InComparisonExpression)):
        path = _read_path(node.lhs)
        if node.negated:
            raise PatternError("NOT is not evaluated: of what was not logged it would be true")
        constants = node.rhs.value if isinstance(node, patterns.InComparisonExpression) else [node.rhs]
        return _bounded([[(path, _read_constant(path, constant))] for constant in constants])
    operator = getattr(node, "operator", type(node).__name__)
    raise PatternError(f"the operator {operator} is not evaluated")


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


def _read_constant(path: str, constant: object) -> str:
    if not isinstance(constant, (patterns.StringConstant, patterns.HashConstant)):
        raise PatternError(f"{path} is compared with something that is no text")
    # The library keeps the escapes of the pattern in the value.
    return _ESCAPE.sub(r"\1", str(constant.value))


def _make_term(indicator: str, place: tuple[int, int, int], path: str, value: str) -> Term:
    observable = OBSERVABLES.get(path)
    if observable is None:
        observable = _FOLDED.get(path.replace("-", "").casefold())
    if observable is None:
        raise PatternError(f"no log that is read says {path}")
    return Term(indicator, *place, observable, normalize(observable, value))


def normalize(observable: str, value: str) -> str:
    """A value in the one spelling in which both sides are compared. ``PatternError`` when it cannot be one."""
    value = value.strip()
    if observable == "address":
        address = address_key(value)
        if address is None:
            raise PatternError(f"{value[:80]!r} is no single address; ranges are not evaluated")
        return address
    if observable == "registry_key":
        hive, slash, rest = value.casefold().replace("/", "\\").strip("\\").partition("\\")
        return f"{HIVES.get(hive, hive)}{slash}{rest}"
    if observable == "url":
        value = value.rstrip("/.,;")
    elif observable == "domain":
        value = value.rstrip(".")
    if not value:
        raise PatternError(f"it compares {observable} with nothing")
    # A path in a URL minds case, and what is logged often does not: a sighting missed is worse than one too many.
    return value.lower()


def read_patterns(found: Iterable[tuple[str, str, str | None]]) -> tuple[list[Term], dict[str, str]]:
    """The terms of many indicators ``(id, pattern, pattern type)``, and for those that cannot be evaluated why."""
    terms: list[Term] = []
    refused: dict[str, str] = {}
    for indicator, pattern, pattern_type in found:
        try:
            terms += read_pattern(indicator, pattern, pattern_type)
        except PatternError as error:
            refused[indicator] = str(error)
    return terms, refused
