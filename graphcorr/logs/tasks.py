"""What the definition of a scheduled task, which is XML inside of a logged field, says that it does."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from graphcorr.errors import RecordError
from graphcorr.logs.fields import Field, Fit
from graphcorr.sources.markup import local_name, parse_markup
from graphcorr.syntax.fitting import may_be_markup
from graphcorr.syntax.values import present

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")
"""It says UTF-16 whatever the log is in."""
_DEFINITION: Final = Fit("the definition of a task", may_be_markup)
_ESCAPED: Final = re.compile(r"\s*&lt;")


def task_command(name: str) -> Field:
    """The command of the first action of the definition in a field, with its arguments, or the class id of what handles it.

    Of a definition that cannot be read there is none. The schema is that of MS-TSCH 2.5.
    """
    return Field((name,), _command, _DEFINITION)


def _command(value: object) -> str | None:
    text = present(value)
    if text is None:
        return None
    if _ESCAPED.match(text):  # NXLog escapes it once more
        text = html.unescape(text)
    try:
        root = parse_markup(_DECLARATION.sub("", text).encode("utf-8", "replace"))
    except RecordError:
        return None
    actions = [action for part in _elements(root) if _is(part, "Actions") for action in _elements(part)]
    return _first(actions, "Exec", _line) or _first(actions, "ComHandler", lambda action: _text(action, "ClassId"))


def _first(actions: list[etree._Element], name: str, read: Callable[[etree._Element], str | None]) -> str | None:
    return next((found for action in actions if _is(action, name) and (found := read(action))), None)


def _line(action: etree._Element) -> str | None:
    program, arguments = _text(action, "Command"), _text(action, "Arguments")
    if program is None or arguments is None:
        return program
    is_open = any(map(str.isspace, program)) and not program.startswith('"')
    return f'"{program}" {arguments}' if is_open else f"{program} {arguments}"


def _text(action: etree._Element, name: str) -> str | None:
    return next((present("".join(map(str, part.itertext()))) for part in _elements(action) if _is(part, name)), None)


def _elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Without what has no name: instructions, and entities, which stay as they are."""
    return parent.iterchildren(tag=etree.Element)


def _is(element: etree._Element, name: str) -> bool:
    return local_name(element) == name
