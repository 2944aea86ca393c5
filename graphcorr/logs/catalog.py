"""Every log type there is, found by folder, and what a reader of files has to decode for them.

A folder beside this module is a product, and each of its modules a log type; the machinery lies beside the folders. Whoever
adds a place to ``graphcorr.logs.__path__`` adds the products in it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

import graphcorr.logs
from graphcorr.logs.base import CaptureRow, JsonLog, LogType, WindowsEvent, ZeekLog
from graphcorr.logs.fields import Field, Joint, Whole, misfit_of, say_misfit
from graphcorr.logs.readers import TIME
from graphcorr.sources.base import Wanted
from graphcorr.sources.declared import DeclaredShape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphcorr.logs.base import Fields
    from graphcorr.logs.testimony import Vantage
    from graphcorr.model.kinds import Kind
    from graphcorr.sources.mapping import RowMapping


@cache
def log_types() -> Mapping[str, LogType]:
    """Name to log type, in the order of the names."""
    places = (folder for place in graphcorr.logs.__path__ for folder in Path(place).iterdir())
    folders = [folder for folder in places if folder.is_dir() and not folder.name.startswith(("_", "."))]
    found = {f"{folder.name}.{module.name}" for folder in folders for module in iter_modules([str(folder)])}
    return collect(import_module(f"{__package__}.{name}") for name in sorted(found))


def collect(modules: Iterable[ModuleType]) -> Mapping[str, LogType]:
    """The log types of ``modules``; TypeError or ValueError says which module is wrong, and they are never to be caught."""
    types: dict[str, LogType] = {}
    sources: dict[object, str] = {}
    for module in modules:
        log_type = getattr(module, "LOG_TYPE", None)
        if not isinstance(log_type, LogType):
            raise TypeError(f"{module.__name__}: a log type's module defines LOG_TYPE")
        product, own = module.__name__.replace("_", "-").split(".")[-2:]
        # A Windows event is known by the name of its log.
        expected = own if isinstance(log_type.source, WindowsEvent) else f"{product}-{own}"
        if log_type.name != expected:
            raise ValueError(f"{module.__name__}: LOG_TYPE is named {log_type.name}, not {expected}")
        for key in log_type.source.keys:
            if key in sources:
                raise ValueError(f"{module.__name__}: {sources[key]} reads the same records")
            sources[key] = log_type.name
        types[log_type.name] = log_type
    return MappingProxyType(dict(sorted(types.items())))


def logs_by(vantage: Vantage) -> str:
    """The names of the log types of one vantage, as a list of SQL: ``('zeek-conn', …)``."""
    return as_list(name for name, log_type in log_types().items() if log_type.vantage is vantage)


def as_list(names: Iterable[str]) -> str:
    """Names of log types as a list of SQL for ``log IN``; of none nothing is in it."""
    return "(" + (", ".join(f"'{name}'" for name in names) or "NULL") + ")"


def wanted(kinds: Collection[Kind] | None = None, linked: Collection[Kind] = (), mappings: Sequence[RowMapping] = ()) -> Wanted:
    """What to decode: every log type, or those that testify to one of ``kinds`` or of ``linked``, or that identity is learned
    from. ``mappings`` are the user's of other products.
    """
    windows: dict[tuple[str, int], str] = {}
    channels: dict[tuple[str, int], str] = {}
    zeek: dict[str, str] = {}
    signatures: dict[str, frozenset[str]] = {}
    declared: list[DeclaredShape] = []
    captured: dict[str, str] = {}
    asked: set[str] = set()
    for log_type in log_types().values():
        is_wanted = kinds is None or log_type.identity or not log_type.kinds.isdisjoint(kinds) or not log_type.kinds.isdisjoint(linked)
        source = log_type.source
        if isinstance(source, JsonLog):
            declared.append(DeclaredShape(log_type.name, source.marks, source.time, source.computer, source.collector, source.holds))
            asked |= {log_type.name} if is_wanted else set()
        elif not is_wanted:
            continue
        elif isinstance(source, CaptureRow):
            captured[source.row] = log_type.name
        elif isinstance(source, ZeekLog):
            zeek[source.path] = log_type.name
            signatures[source.path] = source.signature
        else:
            windows[source.provider, source.event_id] = log_type.name
            channels[source.channel, source.event_id] = log_type.name
    return Wanted(
        windows,
        channels,
        zeek,
        signatures,
        tuple(declared),
        mappings,
        captured,
        frozenset(asked),
        _names({*windows.values(), *channels.values()}),
        find_misfit,
        {name: read for name, log_type in log_types().items() if (read := read_names(log_type)) is not None},
    )


def find_misfit(log: str, fields: Fields) -> str | None:
    """Why the fields of a record of ``log`` do not fit their names, None where they do."""
    log_type = log_types()[log]
    if (name := log_type.utc_field) is not None and not TIME.may_be(fields.get(name)):
        return say_misfit(name, fields[name], TIME)
    return next((said for read in log_type.columns.values() if (said := misfit_of(read, fields)) is not None), None)


def read_names(log_type: LogType) -> frozenset[str] | None:
    """The logged names that its readers read, None where one of them does not state its own."""
    names = {log_type.utc_field} if log_type.utc_field is not None else set()
    for column in log_type.columns.values():
        if not isinstance(column, Field | Joint | Whole):
            return None
        names.update(column.names)
    return frozenset(names)


def _names(logs: Iterable[str]) -> dict[int, frozenset[str]]:
    """Event id to the logged names that its log types read."""
    names: dict[int, set[str]] = {}
    for log_type in map(log_types().__getitem__, logs):
        if isinstance(log_type.source, WindowsEvent):
            read = names.setdefault(log_type.source.event_id, set())
            if log_type.utc_field is not None:
                read.add(log_type.utc_field)
            for name, column in log_type.columns.items():
                if not isinstance(column, Field | Joint):
                    raise TypeError(f"{log_type.name}.{name} does not say which fields it reads, and no other would be decoded")
                read.update(column.names)
    return {event_id: frozenset(read) for event_id, read in names.items()}
