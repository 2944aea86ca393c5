"""Whether an audit record says that something was granted or refused, in the ways in which formats spell it.

Windows states it in the Keywords of an event, by two bits of the documented standard keywords (winmeta.xml): AuditFailure
0x0010000000000000 and AuditSuccess 0x0020000000000000. Tools write the number in hexadecimal, as it is or with its sign,
or the keyword's English name. Names in other languages tell nothing here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from graphcorr.model.records import FAILURE, SUCCESS

_FAILURE_BIT: Final = 0x0010_0000_0000_0000
_SUCCESS_BIT: Final = 0x0020_0000_0000_0000
_WORDS: Final = {
    **dict.fromkeys(("success", "audit success", "audit_success", "successaudit"), SUCCESS),
    **dict.fromkeys(("failure", "audit failure", "audit_failure", "failureaudit"), FAILURE),
}


def read_outcome(*values: object) -> str | None:
    """``success`` or ``failure`` by the first of ``values`` that says which: Keywords, their names (one or a list), an ECS outcome."""
    for value in values:
        for one in value if isinstance(value, list) else (value,):
            found = _tell(one) if type(one) is str or type(one) is int else None
            if found is not None:
                return found
    return None


@lru_cache(maxsize=256)
def _tell(value: str | int) -> str | None:
    """A log has a handful of different keywords."""
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _WORDS:
            return _WORDS[word]
        try:
            value = int(word, 16 if word.startswith("0x") else 10)
        except ValueError:
            return None
    if value & _FAILURE_BIT:
        return FAILURE
    return SUCCESS if value & _SUCCESS_BIT else None
