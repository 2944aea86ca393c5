"""Every log type there is, found by folder, and what a reader of files has to decode for them.

A folder beside this module is a product, and each of its modules a log type; the machinery lies beside the folders.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from graphcorr.logs.base import LogType, WindowsEvent, ZeekLog
from graphcorr.logs.readers import Field, Joint
from graphcorr.sources.base import Wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from graphcorr.logs.testimony import Vantage
    from graphcorr.model.kinds import Kind


@cache
def log_types() -> Mapping[str, LogType]:
    """Name to log type, in the order of the names."""
    folder = Path(__file__).parent
    products = sorted(module.name for module in iter_modules([str(folder)]) if module.ispkg)
    found = (f"{product}.{module.name}" for product in products for module in iter_modules([str(folder / product)]))
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
        # Sysmon and the event logs are Windows', and known by names of their own.
        expected = own if product == "windows" else f"{product}-{own}"
        if log_type.name != expected:
            raise ValueError(f"{module.__name__}: LOG_TYPE is named {log_type.name}, not {expected}")
        source = log_type.source
        # Of two types with one source both would be right, and the order of the folder would decide.
        keys: list[object] = (
            [source.path]
            if isinstance(source, ZeekLog)
            else [("provider", source.provider, source.event_id), ("channel", source.channel, source.event_id)]
        )
        for key in keys:
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


def wanted(kinds: Collection[Kind] | None = None) -> Wanted:
    """What to decode: every log type, or those that testify to one of ``kinds`` or that identity is learned from."""
    windows: dict[tuple[str, int], str] = {}
    channels: dict[tuple[str, int], str] = {}
    zeek: dict[str, str] = {}
    signatures: dict[str, frozenset[str]] = {}
    for log_type in log_types().values():
        if kinds is not None and not log_type.identity and log_type.kinds.isdisjoint(kinds):
            continue
        source = log_type.source
        if isinstance(source, ZeekLog):
            zeek[source.path] = log_type.name
            signatures[source.path] = source.signature
        else:
            windows[source.provider, source.event_id] = log_type.name
            channels[source.channel, source.event_id] = log_type.name
    return Wanted(windows, channels, zeek, signatures, _names({*windows.values(), *channels.values()}))


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
