"""The catalog, and what every log type has to be: one test polices all of them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import graphcorr
from graphcorr.graph.project import linked_kinds
from graphcorr.logs.base import CaptureRow, JsonLog, LogType, Source, WindowsEvent, ZeekLog
from graphcorr.logs.catalog import collect, log_types, wanted
from graphcorr.logs.columns import EVENT_COLUMNS
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony, Vantage
from graphcorr.model.kinds import Kind
from graphcorr.patterns.load import builtin_folder, load
from graphcorr.patterns.scope import spoken_kinds

HEADER = frozenset(list(EVENT_COLUMNS)[: list(EVENT_COLUMNS).index("ingested") + 1]) - {"outcome"}
"""Columns that the batch fills from the record's header; the outcome may stand in the fields, where a format has no header for it."""


def module(name: str, log_type: object = None) -> ModuleType:
    made = ModuleType(f"graphcorr.logs.windows.{name}")
    if log_type is not None:
        made.LOG_TYPE = log_type  # type: ignore[attr-defined]
    return made


def log_type(name: str, source: Source) -> LogType:
    return LogType(name, "A title", source, {"user": text("a")}, (Testimony(Kind.NAME),), Saying("{user}"), provides="Something.")


def test_every_log_type_is_found() -> None:
    """One for each file of each product's folder, and those of the two products that all stands on by name."""
    files = [path for path in (Path(graphcorr.__file__).parent / "logs").glob("*/*.py") if path.name != "__init__.py"]
    assert len(log_types()) == len(files)
    windows = {
        *(f"security-{number}" for number in (1102, 4624, 4648, 4688, 4697, 4719, 5140, 5142, 5143, 5145)),
        *(f"system-{number}" for number in (104, 7045)),
        *(f"sysmon-{number}" for number in (1, 3, 5, 7, 11, 15, 17, 18, 23, 26, 27)),
    }
    zeek = {f"zeek-{path}" for path in ("conn", "dce-rpc", "dhcp", "dns", "files", "kerberos", "ntlm", "smb-files", "smb-mapping")}
    assert windows | zeek <= log_types().keys()
    assert list(log_types()) == sorted(log_types())


@pytest.mark.parametrize("name", log_types())
def test_what_every_log_type_has_to_be(name: str) -> None:
    found = log_types()[name]
    assert set(found.columns) <= set(EVENT_COLUMNS) - HEADER
    assert found.testifies
    assert found.title
    assert found.provides.endswith(".")
    assert all(found.absent)
    # Those logs whose UtcTime is known to be wrong must not use it.
    assert found.utc_field == ("UtcTime" if name.startswith("sysmon-") and name not in {"sysmon-3", "sysmon-22"} else None)
    if isinstance(found.source, WindowsEvent):
        assert found.source.provider == found.source.provider.casefold()
        assert found.source.channel == found.source.channel.casefold()
        assert name.endswith(f"-{found.source.event_id}")
    elif isinstance(found.source, CaptureRow):
        assert found.source.row == name.partition("-")[2].replace("-", "_")
    elif isinstance(found.source, ZeekLog):
        assert name == f"zeek-{found.source.path.replace('_', '-')}"
        assert found.source.signature
    else:
        assert found.source.marks
        assert (found.source.computer is None) == (found.vantage is Vantage.SENSOR)


@pytest.mark.parametrize("name", log_types())
def test_every_log_type_names_where_its_format_is_documented(name: str) -> None:
    """What a field means is not ours to say: a reader has to be able to look it up."""
    (module,) = (module for module in list(sys.modules.values()) if getattr(module, "LOG_TYPE", None) is log_types()[name])
    (line,) = (line for line in (module.__doc__ or "").splitlines() if line.startswith("Source: "))
    assert len(line.split()) > 2, line
    if isinstance(source := log_types()[name].source, WindowsEvent):
        assert re.search(rf"\b{source.event_id}\b", line), line


ROOMS_THAT_ASK = ("resolve", "findings")


def test_a_hunt_reads_every_log_that_resolving_asks_for() -> None:
    """A log type that is not read in a hunt makes it say less than ingesting and detecting does, in silence."""
    kinds = frozenset[Kind]().union(*(pattern.header.needs for pattern in load([builtin_folder()])))
    demand = wanted(kinds, linked_kinds())
    read = {*demand.windows.values(), *demand.zeek.values(), *demand.captured.values(), *demand.asked}
    families = "|".join(sorted({name.split("-")[0] for name in log_types()}))
    asked: set[str] = set()
    for room in ROOMS_THAT_ASK:
        for module in (Path(graphcorr.__file__).parent / room).rglob("*.py"):
            text = module.read_text(encoding="utf-8")
            asked.update(re.findall(rf"'((?:{families})-[a-z0-9-]+)'", text))
            if "logs.witnesses" in text:
                of_kinds = {Kind[name] for name in re.findall(r"\bKind\.([A-Z_]+)", text)}
                asked.update(name for name, log_type in log_types().items() if not log_type.kinds.isdisjoint(of_kinds))
    assert asked <= read


def test_a_hunt_reads_every_log_that_links_ask_for() -> None:
    """A log type that is not read in a hunt makes it say less than ingesting and detecting does, in silence."""
    kinds = linked_kinds()
    read = wanted(spoken_kinds(load([builtin_folder()])), kinds)
    logs = {name for name, found in log_types().items() if not found.kinds.isdisjoint(kinds)}
    assert sorted(logs - {*read.windows.values(), *read.zeek.values(), *read.captured.values(), *read.asked}) == []


def test_no_signature_contains_another() -> None:
    """A row would fit both, and only the number of fields would decide."""
    signatures = {name: found.source.signature for name, found in log_types().items() if isinstance(found.source, ZeekLog)}
    assert [(a, b) for a, first in signatures.items() for b, second in signatures.items() if a != b and first <= second] == []


def test_wanted_is_everything_by_default() -> None:
    assert wanted().logs == set(log_types())
    found = wanted()
    assert found.windows_log("Microsoft-Windows-Sysmon", None, 11) == "sysmon-11"
    assert found.windows_log(None, "Security", 5145) == "security-5145"
    assert found.windows_log("Microsoft-Windows-Eventlog", "Security", 1102) == "security-1102"
    assert found.windows_log("Microsoft-Windows-Eventlog", "System", 104) == "system-104"
    assert found.windows_log("Microsoft-Windows-TerminalServices-RDPClient", None, 1102) is None
    assert found.zeek_log("smb_files") == "zeek-smb-files"
    assert found.signatures.keys() == found.zeek.keys()
    assert {shape.name for shape in found.declared} == found.asked


def test_wanted_by_kind() -> None:
    """What testifies to the kinds, and besides it what tells who is who: no hunt decodes connections that nobody asks for."""
    found, always = wanted({Kind.WRITE}), wanted(())
    assert set(found.windows.values()) - set(always.windows.values()) == {"security-4663", "security-5145", "sysmon-11", "sysmon-29"}
    assert set(found.zeek.values()) - set(always.zeek.values()) == {"zeek-files", "zeek-smb-files"}
    assert (
        set(always.windows.values())
        == set(always.channels.values())
        == {name for name in always.windows.values() if log_types()[name].identity}
    )
    assert set(always.zeek.values()) == {"zeek-dhcp", "zeek-dns", "zeek-ntlm", "zeek-smb-mapping"}


def test_a_module_without_a_log_type_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"security_1: a log type's module defines LOG_TYPE"):
        collect([module("security_1")])


def test_the_name_is_the_file() -> None:
    with pytest.raises(ValueError, match=r"security_1: LOG_TYPE is named security-2, not security-1"):
        collect([module("security_1", log_type("security-2", WindowsEvent("p", "c", 1)))])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (WindowsEvent("p", "c", 1), WindowsEvent("p", "c", 1)),
        (WindowsEvent("p", "c", 1), WindowsEvent("p", "other", 1)),
        (WindowsEvent("p", "c", 1), WindowsEvent("other", "c", 1)),
        (ZeekLog("conn", frozenset({"a"})), ZeekLog("conn", frozenset({"b"}))),
        (JsonLog({"a": "b", "c": None}, time="t"), JsonLog({"c": None, "a": "b"}, time="u")),
    ],
)
def test_two_for_one_source_are_an_error(first: Source, second: Source) -> None:
    prefix = "" if isinstance(first, WindowsEvent) else "windows-"
    with pytest.raises(ValueError, match=rf"b_1: {prefix}a-1 reads the same records"):
        collect([module("a_1", log_type(f"{prefix}a-1", first)), module("b_1", log_type(f"{prefix}b-1", second))])
