"""Readers for what only Sysmon's logs have: WMI's own spelling of text, actions on the registry, and answers to names."""

from __future__ import annotations

import re
from typing import Final

from graphcorr.logs.fields import Field, Fit, Joint
from graphcorr.syntax.accounts import split_account
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.fitting import may_be_own_account
from graphcorr.syntax.values import present

_REGISTRY_ACTIONS: Final = frozenset({"CreateKey", "DeleteKey", "CreateValue", "DeleteValue", "SetValue", "RenameKey", "RenameValue"})
_EVENT_TYPE: Final = re.compile(r"^EventType: (\w+)\s*$", re.MULTILINE)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_INSTANCE: Final = re.compile(r'\.Name="(.*)"\Z', re.DOTALL | re.IGNORECASE)
_RECORD_TYPE: Final = re.compile(r"type:\s*\d+\s*")
_CONSUMERS: Final = frozenset({"command line", "script"})
"""Kinds of consumers, which stand beside what they run."""


def _is_word(value: object, *_: object) -> bool:
    return not isinstance(value, str) or not any(map(str.isdigit, value))


def _is_key(value: object) -> bool:
    text = present(value)
    return text is None or text.startswith(("HK", "\\"))


def _is_command(value: object) -> bool:
    return (present(value) or "").lower() not in _CONSUMERS


def _is_name(value: object) -> bool:
    return not {";", "\\"}.intersection(present(value) or "")


def _is_account(value: object) -> bool:
    return "\\" in (present(value) or "\\") and may_be_own_account(value)


def _is_trace(value: object) -> bool:
    text = present(value)
    return text is None or any(mark in text for mark in "+(")


def _is_source(value: object, *_: object) -> bool:
    return may_be_own_account(value)


def _is_answer(value: object) -> bool:
    text = present(value)
    return text is None or ";" in text or address_key(text) is not None


_ACTION: Final = Fit("an action", _is_word)
_KEY: Final = Fit("a key of the registry", _is_key)
_ACCOUNT: Final = Fit("an account with its domain", _is_account)
_TRACE: Final = Fit("a trace of calls", _is_trace)
_COMMAND: Final = Fit("what a consumer runs", _is_command)
_NAME: Final = Fit("a name", _is_name)
_ANSWER: Final = Fit("a list of answers", _is_answer)


def registry_action() -> Joint:
    """``CreateKey``, ``DeleteKey`` and so on. Flat exports put a field of their own over it, and then only the message tells."""
    return Joint(("EventType", "Message"), _registry_action, _ACTION)


def registry_object(name: str) -> Field:
    """A key of the registry, and the name of its value behind it."""
    return Field((name,), present, _KEY)


def operation(name: str) -> Field:
    """``Created``, ``Deleted`` or ``Modified``."""
    return Field((name,), present, _ACTION)


def call_trace(name: str) -> Field:
    """``C:\\x.dll+1f|UNKNOWN(000001)``."""
    return Field((name,), present, _TRACE)


def plain_name(name: str) -> Field:
    """The name of a function, or one that was asked for."""
    return Field((name,), present, _NAME)


def registrant(name: str) -> Field:
    """The user of an account that stands beside words, and never without its domain."""
    return Field((name,), lambda value: split_account(None, present(value))[1], _ACCOUNT)


def source_user() -> Joint:
    """The user of the first of two accounts; of one alone nobody knows which it is."""
    return Joint(("SourceUser", "TargetUser"), lambda source, target: _source(source, target)[1], Fit("an account", _is_source))


def source_domain() -> Joint:
    """Its domain."""
    return Joint(("SourceUser", "TargetUser"), lambda source, target: _source(source, target)[0])


def destination(name: str) -> Field:
    """What a consumer runs: a command line, or the text of a script."""
    return Field((name,), _literal, _COMMAND)


def literal(name: str) -> Field:
    r"""Text that stands as WMI's own language writes it: ``"C:\\x.exe"`` for ``C:\x.exe``."""
    return Field((name,), _literal)


def instance_name(name: str) -> Field:
    r"""The name of an instance of WMI: ``x`` of ``"\\\\.\\ROOT\\subscription:__EventFilter.Name=\"x\""``."""
    return Field((name,), _instance_name)


def resolved(name: str) -> Field:
    """Addresses and names of ``type:  5 x.example.org;::ffff:10.0.0.5;``."""
    return Field((name,), _resolved, _ANSWER)


def _source(source: object, target: object) -> tuple[str | None, str | None]:
    return split_account(None, None if target is None else present(source))


def _registry_action(event_type: object, message: object) -> str | None:
    told = _EVENT_TYPE.search(message) if isinstance(message, str) else None
    return next((one for one in (present(event_type), told[1] if told else None) if one in _REGISTRY_ACTIONS), None)


def _literal(value: object) -> str | None:
    text = present(value)
    if text is None or len(text) < 2 or not text[0] == text[-1] == '"':
        return text
    return present(_ESCAPED.sub(r"\1", text[1:-1]))


def _instance_name(value: object) -> str | None:
    text = _literal(value)
    match = None if text is None else _INSTANCE.search(text)
    return text if match is None else present(match[1])


def _resolved(value: object) -> list[str] | None:
    text = present(value)
    found = [] if text is None else [_RECORD_TYPE.sub("", part.strip()) for part in text.split(";")]
    return [address_key(part) or part for part in found if part] or None
