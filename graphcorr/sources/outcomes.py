"""Whether an audit record says that something was granted or refused, in the ways in which formats spell it.

Windows states it in the Keywords of an event, by two bits of the documented standard keywords (winmeta.xml): AuditFailure
0x0010000000000000 and AuditSuccess 0x0020000000000000. Tools write the number in hexadecimal, with or without ``0x``, as it is, with its
sign or as a float, or the keyword's name in the language of the machine; the classic event log has a type, 8 and 16.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from graphcorr.model.records import FAILURE, SUCCESS

if TYPE_CHECKING:
    from collections.abc import Iterator

_FAILURE_BIT: Final = 0x0010_0000_0000_0000
_SUCCESS_BIT: Final = 0x0020_0000_0000_0000
_CLASSIC: Final = 1 << 63
"""Set in the keywords of every event of a classic log, the audit's among them."""
_WORDS: Final = {
    **dict.fromkeys(("success", "audit_success", "successaudit", "auditsuccess", "granted"), SUCCESS),
    **dict.fromkeys(("failure", "audit_failure", "failureaudit", "auditfailure", "denied"), FAILURE),
    # In hexadecimal without anything that says so.
    "10000000000000": FAILURE,
    "20000000000000": SUCCESS,
}
_TYPES: Final = {8: SUCCESS, 16: FAILURE}
_HEXADECIMAL: Final = re.compile(r"0x([0-9a-f]{1,16})|([0-9a-f]{16})")
_DECIMAL: Final = re.compile(r"-?\d{1,20}")
_FLOAT: Final = re.compile(r"-?\d{1,20}(?:\.\d*)?(?:e[+-]?\d{1,3})?")
_DECIMAL_BITS: Final = {str(_FAILURE_BIT), str(_SUCCESS_BIT)}
"""Of sixteen digits, as the hexadecimal spelling has."""

_AUDIT: Final = re.compile(
    "audit|uberw|controll|аудит|監査|审核|審核|稽核|감사|controle|inspekc|denetim|granskning|naploz|overvak|overvag|valvon|operazion"
    "|ελεγχ|تدقيق|تدوين|ביקורת|ตรวจสอบ|одит|проверк|nadzor|revizij|nadgled"
)
"""The audit itself in the languages of Windows, in lower case without accents: a word for success alone may be a level."""
_REFUSED: Final = re.compile(
    "fail|gescheitert|fehl|echec|error|incorrect|non riuscit|falha|отказ|失敗|失败|실패|mislukt|niepowodz|neuspe|hata|basarisiz"
    "|misslyck|sikertelen|mislyk|epaonnist|αποτυ|فشل|נכש|כישל|כשל|nereus|esec|esua|ล้มเหลว|ไม่สำเร็จ|невдач|невдал|помилк|відмов|неусп|neuspj"
    "|nurju|ebaonn|klum|neizdev|neveiksm|nesek|klaid|nepavyk"
)
_GRANTED: Final = re.compile(
    "succ|erfolg|reussi|correct|aciert|riuscit|sucesso|exito|успе|成功|성공|geslaagd|powodz|sukces|uspe|basari|lyck|sikeres|lykk|onnist"
    "|επιτυχ|نجاح|ناجح|הצל|מוצל|reus|สำเร็จ|успі|uspj|onnest|veiksm|sekm|izdev|pavyk"
)


def read_outcome(*values: object) -> str | None:
    """``success`` or ``failure`` by the first of ``values`` that says which: Keywords, their names (one or a list), an ECS outcome."""
    for value in values:
        if value is None:
            continue
        for one in (value,) if type(value) is str else _each(value):
            found = _tell(one)
            if found is not None:
                return found
    return None


def _each(value: object) -> Iterator[str | int | float]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _each(one)
    elif isinstance(value, dict):
        yield from _each(list(value.values()))
    elif type(value) is str or type(value) is int or type(value) is float:
        yield value


@lru_cache(maxsize=256)
def _tell(value: str | float) -> str | None:
    """A log has a handful of different keywords."""
    if isinstance(value, str):
        return _tell_text(value.strip().lower())
    if not isinstance(value, int):
        return _tell_rounded(value)
    if value in _TYPES:
        return _TYPES[value]
    return FAILURE if value & _FAILURE_BIT else SUCCESS if value & _SUCCESS_BIT else None


def _tell_text(word: str) -> str | None:
    if word in _WORDS:
        return _WORDS[word]
    if (match := _HEXADECIMAL.fullmatch(word)) is not None and word not in _DECIMAL_BITS:
        return _tell(int(match[1] or match[2], 16))
    if _DECIMAL.fullmatch(word):
        return _tell(int(word))
    if _FLOAT.fullmatch(word):
        return _tell_rounded(float(word))
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign)).replace("ı", "i")
    # Of each pair the word for a refusal has the other in it: riuscito, non riuscito.
    for text in {plain, unicodedata.normalize("NFC", word)}:
        if _AUDIT.search(text):
            if _REFUSED.search(text):
                return FAILURE
            if _GRANTED.search(text):
                return SUCCESS
    return None


def _tell_rounded(value: float) -> str | None:
    """A float may have lost the lower digits: what an audit writes has nothing in them."""
    number = value + 2.0**64 if value < 0 else value
    for outcome, bit in ((FAILURE, _FAILURE_BIT), (SUCCESS, _SUCCESS_BIT)):
        if any(abs(number - one) < _FAILURE_BIT / 2 for one in (bit, bit | _CLASSIC)):
            return outcome
    return _TYPES.get(int(number)) if number.is_integer() else None
