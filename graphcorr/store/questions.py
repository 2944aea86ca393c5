"""What every engine refuses of a question before it is asked: writing, and values that engines take in silence."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from graphcorr.errors import StoreError
from graphcorr.store.cypher import find_parameters, find_write, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping


def check_question(cypher: str, params: Mapping[str, object]) -> None:
    """``StoreError`` for anything but reading, for a parameter without a value, and a value without a type or with a zone."""
    tokens = tokenize(cypher)
    if write := find_write(tokens):
        raise StoreError(f"only reading is allowed, and {write.text} does more", cypher)
    if missing := sorted(find_parameters(tokens) - params.keys()):
        # LadybugDB takes a parameter of its earlier run, or NULL, and finds nothing.
        raise StoreError(f"no value for the parameter ${missing[0]}", cypher)
    for name, value in params.items():
        _check_value(name, value, cypher)


def check_bindable(cypher: str) -> None:
    """``StoreError`` for a query that can be bound only with values, on one engine, or that does more than read."""
    if find_parameters(tokenize(cypher)):
        raise StoreError("a query that takes parameters binds only with their values", cypher)
    check_question(cypher, {})


def _check_value(name: str, value: object, cypher: str) -> None:
    if value is None:
        raise StoreError(f"${name} is null, which has no type on one engine: leave the condition out", cypher)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        raise StoreError(f"${name} has a time zone, which engines drop in silence: pass naive UTC", cypher)
    if isinstance(value, list | tuple):
        for item in value:
            _check_value(name, item, cypher)
