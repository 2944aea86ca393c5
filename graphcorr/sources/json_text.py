"""JSON as logs have it: what the fast parser refuses but a person can read is read, the rest is explained."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypedDict

import msgspec
import orjson

from graphcorr.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Callable

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
REPLACEMENT: Final = "\ufffd"
RESPONSE: Final = re.compile(
    rb"""\s*(?:\[\s*)?\{\s*(?:"(?:_scroll_id|pit_id)"\s*:\s*"[^"]*"\s*,\s*)?"(?:took"\s*:\s*(?:\d|null)|_shards"\s*:\s*\{"""
    rb"""|timed_out"\s*:\s*(?:true|false)|hits"\s*:\s*\{\s*"(?:hits|max_score|total)"|responses"\s*:\s*\[)"""
)
"""How the answer to an Elasticsearch search begins, also with its keys sorted: one object, however many events are in it."""
ENVELOPE: Final = re.compile(
    rb"""\s*\{\s*(?:"@odata\.[^"]{1,80}"\s*:\s*"[^"]{0,400}"\s*,\s*){0,4}"""
    rb"""(?:"(?:[Rr]ecords|[Rr]esults|resourceLogs)"\s*:\s*\[|"Stats"\s*:\s*\{|"[Ss]chema"\s*:\s*\[\s*\{)"""
)
"""How Azure's streams, OTLP and the answers to advanced hunting begin: one object around a list of events, too."""


def _absent(_: str) -> None:
    """``NaN`` and ``Infinity`` are no JSON; they say that there is no number."""


DECODER: Final = json.JSONDecoder(strict=False, parse_constant=_absent)
"""Takes lone surrogates, numbers of hundreds of digits and raw control characters, unlike orjson."""


def decode_json(text: bytes) -> object:
    """The value of a JSON text.

    orjson refuses lone surrogates (file names on Windows may hold them), numbers beyond a double and raw control
    characters; those go through the slower decoder, a lone surrogate becoming U+FFFD. ``RecordError`` says what is wrong.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return replace_surrogates(DECODER.decode(text.decode("utf-8").strip("\0")))
    except UnicodeDecodeError as error:
        raise RecordError(f"byte {error.start} (0x{text[error.start]:02x}) is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise RecordError(f"not JSON: {error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise RecordError("JSON nested too deeply") from error
    except ValueError as error:  # an integer of more than 4,300 digits
        raise RecordError("a number has too many digits") from error


def replace_surrogates(value: object) -> object:
    """The value with U+FFFD for each lone surrogate; such text could not be written anywhere."""
    if isinstance(value, str):
        return _SURROGATE.sub(REPLACEMENT, value)
    if isinstance(value, dict):
        return {replace_surrogates(key): replace_surrogates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [replace_surrogates(item) for item in value]
    return value


@cache
def decoder_of(names: frozenset[str]) -> Callable[[bytes | msgspec.Raw], dict[str, object]]:
    """Decodes an object's ``names`` only, as far as it has them; ``msgspec.ValidationError`` for anything but an object."""
    # TypedDict by its functional form: mypy cannot follow names that are only known here.
    keys = dict.fromkeys(sorted(names), Any)
    return msgspec.json.Decoder(TypedDict("Some", keys, total=False)).decode  # type: ignore[operator]
