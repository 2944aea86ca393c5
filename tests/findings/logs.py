"""Logs for tests in a few lines: a :class:`Logs` collects records as machines would write them, and hunts through them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TypedDict, Unpack

import orjson

from graphcorr.case.segments import store_records
from graphcorr.case.writer import CaseWriter, open_writer
from graphcorr.detection import Timer, detect_in
from graphcorr.findings.window import Chosen
from graphcorr.graph.project import Projection, project
from graphcorr.logs.base import WindowsEvent
from graphcorr.logs.catalog import log_types
from graphcorr.model.findings import Finding
from graphcorr.model.progress import Silent
from graphcorr.model.records import SUCCESS, Record
from graphcorr.model.report import Report
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.service.detecting import make_task
from tests.settings import own_settings

DAY = datetime(2026, 1, 5)  # noqa: DTZ001 - logs state naive times, and so do these
TARGET = "target.corp.example"
OTHER = "other.corp.example"
CLIENT = "10.0.0.5"
ALL = Chosen(None, None)
TOOL = r"C:\Windows\Temp\tool.exe"


@cache
def _builtin() -> list[Pattern]:
    """They do not change while tests run, and reading them takes a twentieth of a hunt in a few records."""
    return load([builtin_folder()])


class Header(TypedDict, total=False):
    """What stands around a record's own fields."""

    event_time: str
    collector: str | None
    ingested: str
    outcome: str | None


def stamp(time: str | datetime) -> str:
    """``10:00:00.5`` on the day of these tests as a log's UTC text; a full text stays as it is."""
    if isinstance(time, str):
        if len(time) > 15:
            return time
        time = datetime.combine(DAY.date(), datetime.fromisoformat(f"2026-01-05T{time.ljust(8, '0')}").time())
    return time.isoformat(timespec="microseconds") + "Z"


class Logs:
    """Records in the order written. ``time`` is a clock time of one day, UTC, or a full time."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def add(
        self,
        log: str,
        time: str | datetime | float | None,
        fields: Mapping[str, object],
        *,
        computer: str | None = None,
        **header: Unpack[Header],
    ) -> Logs:
        """Any record; a number is Zeek's time."""
        source = log_types()[log].source
        windows = isinstance(source, WindowsEvent)
        number = len(self.records) + 1
        values: dict[str, object] = {
            "log": log,
            "number": number,
            "raw": orjson.dumps([log, number, fields]),
            "fields": {name: value for name, value in fields.items() if value is not None},
            "channel": source.channel if isinstance(source, WindowsEvent) else None,
            "record_id": number if windows else None,
            "computer": computer,
            "created": time if time is None or isinstance(time, float) else stamp(time),
        }
        self.records.append(Record(**(values | header)))  # type: ignore[arg-type]
        return self

    def security_5145(
        self,
        time: str | None,
        name: str = r"Temp\tool.exe",
        *,
        host: str = TARGET,
        source: str | None = CLIENT,
        share: str = "ADMIN$",
        folder: str | None = r"\??\C:\Windows",
        mask: int = 0x2,
        user: str | None = "alice",
        **header: Unpack[Header],
    ) -> Logs:
        header.setdefault("outcome", SUCCESS)
        return self.add("security-5145", time, {
            "SubjectUserName": user, "SubjectDomainName": "CORP" if user else None, "SubjectLogonId": "0x1a2b3c", "IpAddress": source,
            "IpPort": "50123", "ShareName": rf"\\*\{share}", "ShareLocalPath": folder, "RelativeTargetName": name, "AccessMask": hex(mask),
        }, computer=host, **header)  # fmt: skip

    def security_5140(
        self,
        time: str,
        *,
        host: str = TARGET,
        source: str | None = CLIENT,
        share: str = "ADMIN$",
        folder: str | None = r"\??\C:\Windows",
        **header: Unpack[Header],
    ) -> Logs:
        header.setdefault("outcome", SUCCESS)
        return self.add("security-5140", time, {
            "SubjectUserName": "alice", "SubjectDomainName": "CORP", "IpAddress": source, "ShareName": rf"\\*\{share}",
            "ShareLocalPath": folder, "AccessMask": "0x1",
        }, computer=host, **header)  # fmt: skip

    def security_4624(
        self,
        time: str,
        *,
        host: str = TARGET,
        source: str | None = CLIENT,
        name: str | None = None,
        logon_type: int = 3,
        user: str = "alice",
    ) -> Logs:
        return self.add("security-4624", time, {
            "TargetUserName": user, "TargetDomainName": "CORP", "TargetLogonId": "0x1a2b3c", "LogonType": str(logon_type),
            "IpAddress": source, "WorkstationName": name,
        }, computer=host)  # fmt: skip

    def security_4688(
        self,
        time: str | None,
        image: str = TOOL,
        command: str | None = None,
        *,
        host: str = TARGET,
        pid: int | None = 4242,
        **header: Unpack[Header],
    ) -> Logs:
        return self.add("security-4688", time, {
            "SubjectUserName": "TARGET$", "NewProcessName": image, "NewProcessId": hex(pid) if pid else None, "CommandLine": command,
        }, computer=host, **header)  # fmt: skip

    def sysmon_1(
        self,
        time: str | None,
        image: str = TOOL,
        command: str | None = None,
        *,
        host: str = TARGET,
        pid: int | None = 4242,
        directory: str | None = None,
        parent: str = r"C:\Windows\explorer.exe",
        parent_command: str | None = None,
        utc: str | None = None,
        **header: Unpack[Header],
    ) -> Logs:
        return self.add("sysmon-1", time, {
            "UtcTime": utc, "Image": image, "CommandLine": command or image, "ProcessId": str(pid) if pid else None,
            "CurrentDirectory": directory, "ParentImage": parent, "ParentCommandLine": parent_command,
        }, computer=host, **header)  # fmt: skip

    def sysmon_3(
        self,
        time: str,
        source: str,
        target: str,
        *,
        host: str = TARGET,
        initiated: bool = False,
        ports: tuple[int, int] = (50123, 445),
        utc: str | None = None,
    ) -> Logs:
        return self.add("sysmon-3", time, {
            "UtcTime": utc, "Image": "System", "ProcessId": "4", "SourceIp": source, "SourcePort": str(ports[0]),
            "DestinationIp": target, "DestinationPort": str(ports[1]), "Initiated": str(initiated).lower(), "Protocol": "tcp",
        }, computer=host)  # fmt: skip

    def sysmon_7(self, time: str, path: str, image: str = r"C:\Windows\System32\svchost.exe", *, host: str = TARGET) -> Logs:
        return self.add("sysmon-7", time, {"Image": image, "ImageLoaded": path, "ProcessId": "777", "Signed": "false"}, computer=host)

    def sysmon_11(self, time: str | None, path: str = TOOL, *, host: str = TARGET, image: str | None = "System", pid: int | None = 4,
                  utc: str | None = None, **header: Unpack[Header]) -> Logs:  # fmt: skip
        fields = {"UtcTime": utc, "Image": image, "ProcessId": str(pid) if pid else None, "TargetFilename": path}
        return self.add("sysmon-11", time, fields, computer=host, **header)

    def removed(self, time: str, event: int, path: str = TOOL, *, host: str = TARGET, image: str = "System") -> Logs:
        """Sysmon 23, 26 or 27."""
        return self.add(f"sysmon-{event}", time, {"Image": image, "ProcessId": "4", "TargetFilename": path}, computer=host)

    def pipe(self, time: str, name: str, *, event: int = 17, host: str = TARGET, image: str = TOOL) -> Logs:
        """Sysmon 17 or 18."""
        return self.add(f"sysmon-{event}", time, {"Image": image, "ProcessId": "4242", "PipeName": name}, computer=host)

    def service(self, time: str, path: str, *, host: str = TARGET) -> Logs:
        return self.add("system-7045", time, {"ServiceName": "svc", "ImagePath": path, "StartType": "demand start"}, computer=host)

    def zeek(
        self,
        log: str,
        time: str | datetime,
        fields: Mapping[str, object],
        *,
        source: str = CLIENT,
        target: str = "10.0.0.9",
        uid: str = "C1",
    ) -> Logs:
        ends: dict[str, object] = {"uid": uid, "id.orig_h": source, "id.orig_p": 50123, "id.resp_h": target, "id.resp_p": 445}
        seconds = datetime.fromisoformat(stamp(time)).timestamp()
        return self.add(f"zeek-{log}", seconds, {**ends, **fields})

    def smb_file(
        self,
        time: str,
        name: str = r"Temp\tool.exe",
        action: str = "SMB::FILE_WRITE",
        *,
        share: str | None = r"\\10.0.0.9\ADMIN$",
        source: str = CLIENT,
        target: str = "10.0.0.9",
        uid: str = "C1",
        **fields: object,
    ) -> Logs:
        return self.zeek(
            "smb-files", time, {"action": action, "path": share, "name": name, **fields}, source=source, target=target, uid=uid
        )

    def is_at(self, address: str = "10.0.0.9", *, host: str = TARGET, time: str = "09:00:00") -> Logs:
        """The host itself opens a connection from ``address``, which makes it its own."""
        return self.sysmon_3(time, address, "10.0.0.1", host=host, initiated=True, ports=(49200, 53))

    def hunt(
        self,
        *,
        full: bool = False,
        seed: int | None = None,
        patterns: tuple[Path, ...] = (),
        chosen: Chosen = ALL,
        baseline_until: str | None = None,
    ) -> Report:
        """Find in these records; with ``seed`` in another order than they were written, with ``patterns`` besides our own.

        Nothing is kept, which takes half the time: what a case keeps of a detection is tried where that is the question.
        """
        settings = own_settings(patterns=patterns, baseline_until=baseline_until)
        with tempfile.TemporaryDirectory(prefix="graphcorr-") as folder:
            place = Path(folder) / "case"
            self._store(place, seed)
            known = load([builtin_folder(), *patterns]) if patterns else _builtin()
            task = make_task(known, place, settings, chosen=chosen, full=full, ephemeral=True)
            with open_writer(place) as case:
                return detect_in(case, task, Silent(), Timer(None))

    @contextmanager
    def projection(self, baseline: int | None = None) -> Iterator[Projection]:
        """What phase 2 knows of these records, before any graph."""
        with tempfile.TemporaryDirectory(prefix="graphcorr-") as folder:
            self._store(Path(folder) / "case", None)
            with open_writer(Path(folder) / "case") as case, project(case, baseline=baseline) as projection:
                yield projection

    def _store(self, folder: Path, seed: int | None) -> None:
        records = self.records
        if seed is not None:
            records = random.Random(seed).sample(records, len(records))
        with open_writer(folder, create=True) as case:
            store_in(case, records)


def store_in(case: CaseWriter, records: Sequence[Record]) -> None:
    store_records(case, "logs", records)


def only(report: Report) -> Finding:
    """The one finding that a report must have."""
    assert len(report.findings) == 1, [(found.file, found.execution, found.source) for found in report.findings]
    return report.findings[0]


def brief(report: Report) -> list[tuple[str | None, str | None]]:
    """(file, execution) of each finding."""
    return [(found.file, found.execution) for found in report.findings]


def later(time: str, **delta: float) -> str:
    """``time`` of the day plus a delta, as a full text."""
    return stamp(datetime.fromisoformat(stamp(time)).replace(tzinfo=None) + timedelta(**delta))
